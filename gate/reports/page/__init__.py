"""The HTML page: data for its charts and tables, computed from a report; templates, style and script as files."""
