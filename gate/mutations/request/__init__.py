"""Mutations of the area `request`: what a gateway does with a request on its way."""
