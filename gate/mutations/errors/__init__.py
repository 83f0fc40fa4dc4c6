"""Mutations of the area `errors`."""
