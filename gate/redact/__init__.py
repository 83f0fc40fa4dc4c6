"""What a secret or personal data looks like, where texts hide in a body, and masks that keep the length. Pure.

Nothing is read or written here; what leaves this folder is safe to be committed.
"""
