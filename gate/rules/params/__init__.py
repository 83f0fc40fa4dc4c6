"""Rules of the area `params`."""
