"""What the bytes of an answer say before anybody reads meaning into them: frames, shapes, paths, times, headers. Pure.

No endpoint and no vocabulary of an API.
"""
