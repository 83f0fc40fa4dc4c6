"""Observations of both sides → findings → decisions → verdict: pairing, policy, budgets, merge, proof. Pure.

No presentation and no sending: a report is rendered and a request is sent by others.
"""
