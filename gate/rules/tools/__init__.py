"""Rules of the area `tools`."""
