"""One request on its way: what is sent, what comes, what it means for the run. `gate/runner.py` puts them together."""
