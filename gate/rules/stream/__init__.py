"""Rules of the area `stream`."""
