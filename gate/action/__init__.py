"""The GitHub Action: what runs before the engine is installed, with the standard library alone, and around it."""
