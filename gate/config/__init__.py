"""gate.yaml → `Config`, validated against `schema.json`, with file, line and fix for every mistake.

No other file is read here, and `${VAR}` stays as written until a command resolves the routes it uses.
"""
