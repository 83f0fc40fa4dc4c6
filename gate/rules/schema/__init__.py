"""Rules of the area `schema`."""
