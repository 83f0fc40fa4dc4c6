"""What a secret looks like, and where texts hide in a body. `gate/scrub.py` puts both to use."""
