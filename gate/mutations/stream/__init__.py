"""Mutations of the area `stream`."""
