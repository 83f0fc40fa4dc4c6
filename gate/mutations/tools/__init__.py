"""Mutations of the area `tools`."""
