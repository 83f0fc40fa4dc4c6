"""A recording proxy between a client and its route: bytes pass as they are, and become goldens and a suite beside.

Two processes: one passes bytes on and notes when each came (`tunnel`, `head`, `tape`), the other reads the notes,
scrubs and writes (`recorder`, `conversation`, `naming`, `scenarios`, `keeper`). No judgement.
"""
