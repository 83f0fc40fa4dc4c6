"""swapgate: the gate in front of a base_url, model, gateway or SDK change."""

__version__ = "0.1.0"
