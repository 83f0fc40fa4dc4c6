"""What a repository uses: the SDKs that its lock files pin, where its source calls, and what it takes for granted.

It reads files and runs nothing; `files`, `lock_files` and `scan` are all that opens them. What versions and calls mean
for a verdict is said elsewhere.
"""
