"""The suite on a route: requests, client, retries, outcomes, runner; and the commands on top: record, check, verify.

All traffic with a route goes through here. What an answer means for the verdict is decided in `judge/`.
"""
