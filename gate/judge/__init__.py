"""Exchanges of both sides → observations → findings → decisions → verdict (`report.py` is the whole way). Pure.

Also merging reports and proving goldens with mutations. It renders no report (`reports/`) and sends nothing (`run/`).
"""
