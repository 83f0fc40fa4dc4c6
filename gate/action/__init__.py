"""What action.yml starts: checks before the engine is installed, and the engine run around it.

Standard library alone, because nothing is installed yet; `plan` runs in the engine's own process and may import it.
"""
