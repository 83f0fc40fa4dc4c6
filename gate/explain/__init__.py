"""One finding or one rule for a person: the bytes around it, the request as a curl command. Pure.

No report format, and no judgement: it shows what was found.
"""
