"""Files on the disk: cassettes, not-served.yaml, JSON reports, and the YAML files that people write.

The form of a file is checked here; what it means is judged elsewhere.
"""
