"""What a repository uses: the SDKs and HTTP clients that its lock files pin.

It reads files and runs nothing; what the versions mean for a verdict is said elsewhere.
"""
