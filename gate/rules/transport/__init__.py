"""Rules of the area `transport`."""
