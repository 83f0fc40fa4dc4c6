"""The HTML page: what its charts and tables show, worked out from a report; templates, style and script as files."""
