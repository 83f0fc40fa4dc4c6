"""A server that plays recorded exchanges: for the demo, for tests, and for real SDKs."""
