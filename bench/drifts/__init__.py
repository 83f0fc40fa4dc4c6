"""Known drifts, their benign twins and pairs of a folder, each by URL, for any tool: `python -m bench.drifts`."""
