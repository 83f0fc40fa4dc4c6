"""Mutations of the area `usage`."""
