"""What bytes say before anybody reads meaning into them: frames, encodings, YAML, shapes, paths, times, headers. Pure.

No endpoint and no vocabulary of an API.
"""
