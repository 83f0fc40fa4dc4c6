"""Mutations of the area `embeddings`."""
