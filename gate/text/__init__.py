"""Text of strangers made harmless for terminals, CI logs and Markdown, and small words for sentences. Pure.

Standard library alone: the action imports this before anything is installed.
"""
