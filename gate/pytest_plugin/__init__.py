"""Goldens as pytest items. `plugin` is loaded into every pytest run, so it imports nothing of ours until asked.

No command of the command line is imported: both call the same public functions of `run/`, `store/` and `judge/`.
"""
