"""Golden samples → contract (`derive.py`), its YAML text (`text.py`), the differences of two (`difference.py`). Pure.

A contract shows reviewers what the samples agree on. Verdicts come from rules over the samples, never from a contract.
"""
