"""A server over recorded exchanges, on loopback: for the demo, for tests, and for real SDKs.

It answers with recorded exchanges or variations of them; it never judges and never connects to another host.
"""
