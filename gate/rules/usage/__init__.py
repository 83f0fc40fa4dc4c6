"""Rules of the area `usage`."""
