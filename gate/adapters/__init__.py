"""Recordings that other tools made → exchanges: one form per file, all of them in the table of `forms`.

Bytes in, exchanges out: it opens no file, follows no link, and invents nothing. What a form does not hold stands in
`Exchange.absent`, and no rule that needs it is asked.
"""
