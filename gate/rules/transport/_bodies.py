"""What a body is, for the rules about bodies in another form than the golden's."""

from __future__ import annotations

from gate.model import Observation
from gate.wire.encoding import codings, unreadable


def media_type(observation: Observation) -> str:
    """The media type as evidence."""
    return observation.media_type or "no content-type"


def excerpt(observation: Observation) -> str:
    """Media type and the first 80 characters, white space collapsed, as evidence."""
    return f"{media_type(observation)}: {' '.join(observation.text[:80].split())}"


def compressed(observation: Observation) -> bool:
    """Whether the body is in a compression that its label names and the gate can't undo; what it could undo is judged
    like any other body."""
    # br and zstd: the standard library has no decoder, and true says that the bytes are not readable as they are
    return observation.form == "text" and observation.encoding_true and unreadable(observation.encoding)


def compressed_twice(observation: Observation) -> bool:
    """What was unpacked starts with the two bytes of gzip again: packed by two hops, and labelled by one."""
    # the magic 1f 8b, whose second byte is no UTF-8: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
    packed = observation.encoding_true and bool(codings(observation.encoding))
    return observation.form == "text" and packed and observation.text.startswith("\x1f\ufffd")
