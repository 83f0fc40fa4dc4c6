"""Mutations of the area `schema`."""
