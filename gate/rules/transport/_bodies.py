"""What a body is, for the rules about bodies in another form than the golden's."""

from __future__ import annotations

from gate.model import Observation


def media_type(observation: Observation) -> str:
    """The media type as evidence."""
    return observation.media_type or "no content-type"


def excerpt(observation: Observation) -> str:
    """Media type and the first 80 characters, white space collapsed, as evidence."""
    return f"{media_type(observation)}: {' '.join(observation.text[:80].split())}"


def compressed(observation: Observation) -> bool:
    """Whether the body is in a compression that its label names and the gate can't undo."""
    # br and zstd: the standard library has no decoder, and true says that the bytes are not readable as they are
    return observation.form == "text" and bool(observation.encoding) and observation.encoding_true
