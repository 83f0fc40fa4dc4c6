"""Mutations of the area `latency`."""
