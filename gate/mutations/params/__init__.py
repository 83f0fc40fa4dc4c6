"""Mutations of the area `params`."""
