"""Rules of the area `latency`."""
