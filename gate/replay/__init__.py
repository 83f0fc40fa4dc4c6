"""A server over recorded exchanges, on loopback: for the demo, for tests, and for real SDKs.

It answers with what was recorded or a variation of it; it never judges and never reaches another host.
"""
