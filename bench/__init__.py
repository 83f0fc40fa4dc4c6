"""What swapgate costs, measured side by side with what it is compared with: `python -m bench`."""
