"""The suite on a route: requests as they go out, attempts, outcomes, and what becomes of them: record, check, verify.

All traffic with a route goes through here; what an answer means for a verdict is left to `judge/`.
"""
