"""Details of a finding for a person: the bytes around it, both sides next to each other, the request for curl. Pure.

`exhibits.py` makes what the HTML report shows beside all findings: the figures and cut texts of the exchanges.

Report formats are in `reports/`, verdicts in `judge/`.
"""
