"""Exchange → observation (`exchange.py`), and predicates over observations that rules share. Pure.

A predicate states a fact and never judges.
"""
