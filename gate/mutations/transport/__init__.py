"""Mutations of the area `transport`."""
