"""The files that people commit and exchange: cassettes, not-served.yaml, JSON reports; strict readers, plain writers.

No meaning: what stands in a file is checked for its form, and judged elsewhere.
"""
