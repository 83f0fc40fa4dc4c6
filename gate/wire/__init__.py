"""What the bytes of an answer say before anybody reads meaning into them; pure, no I/O."""
