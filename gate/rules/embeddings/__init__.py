"""Rules of the area `embeddings`."""
