"""Every known drift and its benign twin through real SDKs: the run, its table, and the page made of it."""
