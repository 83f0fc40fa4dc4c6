"""Source of several languages as one small tree, so that what is asked of it is written once.

A language is one module with `parse`; nothing here knows what an LLM is.
"""
