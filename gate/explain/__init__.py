"""Details of a finding for a person: the bytes around it, both sides next to each other, the request for curl. Pure.

Report formats are in `reports/`, verdicts in `judge/`.
"""
