"""Mutations of the area `responses`."""
