"""The pytest side of `gate/plugin.py`, imported when a golden is collected."""
