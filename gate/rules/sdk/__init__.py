"""Rules of the area `sdk`: what an application sees of the same bytes through two versions of an SDK.

They compare transcripts, and are silent where no SDK was run.
"""
