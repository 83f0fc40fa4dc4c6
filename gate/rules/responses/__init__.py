"""Rules of the area `responses`."""
