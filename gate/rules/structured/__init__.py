"""Rules of the area `structured`."""
