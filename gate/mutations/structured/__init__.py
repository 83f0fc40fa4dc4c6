"""Mutations of the area `structured`."""
