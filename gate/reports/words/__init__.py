"""A report in words and figures: what several formats share. Pure."""
