"""Golden samples → the contract that reviewers read, its text, and the difference between two. Pure.

No verdict: rules judge samples, a contract only shows what they agree on.
"""
