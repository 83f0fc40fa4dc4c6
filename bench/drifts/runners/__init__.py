"""One script for each tool. It reads a line of JSON for each case on standard input, and writes one for each on
standard output; what its `said` may be is in `bench.drifts.ask`.

Those of other tools run in an environment of their own and import nothing of this project but `form`.
"""
