"""What the error rules share: who failed how, and in which envelope the error comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gate.endpoints import member
from gate.model import MISSING, Json, Observation, Samples
from gate.observe.answer import numbered
from gate.wire.shape import show, type_of

Envelope = Literal["error object", "error text", "error value", "detail", "bare message", "list", "other"]


def failed(found: Observation) -> bool:
    """An error status, whatever the body says."""
    return found.status >= 400


def failures(golden: Samples, candidate: Samples) -> Iterator[tuple[int, Observation]]:
    """(position, observation) of the candidate's failures, where the golden fails too."""
    if any(map(failed, golden)):
        yield from ((n, found) for n, found in numbered(candidate) if failed(found))


def alike(golden: Samples, found: Observation) -> list[Observation]:
    """The golden samples that fail with the same status: only their words can be compared."""
    return [g for g in golden if g.status == found.status and failed(g)]


def envelope(found: Observation) -> Envelope:
    """How the body of a failure holds its error. Only the first form is the API's own."""
    body, error = found.body, found.error
    if isinstance(error, dict):
        return "error object"
    if error is not MISSING:
        return "error text" if isinstance(error, str) else "error value"
    if isinstance(body, dict):
        return "detail" if "detail" in body else "bare message" if "message" in body else "other"
    return "list" if isinstance(body, list) else "other"


def members_of(samples: list[Observation], key: str) -> list[Json]:
    """What the error objects of some samples hold under a key; MISSING where one lacks it."""
    return [member(s.error, key) for s in samples if isinstance(s.error, dict)]


def described(found: Observation) -> str:
    """Status and the words of the error, or what the body is instead."""
    said = member(found.error, "message")
    if isinstance(said, str):
        return f"{found.status} {show(said, 100)}"
    if found.form == "text":
        page = "an HTML page" if "<html" in found.text[:1000].lower() or "html" in found.media_type else "plain text"
        return f"{found.status} with {page}: {show(found.text.strip()[:100])}"
    if found.form == "json":
        return f"{found.status} {show(found.body, 100)}"
    return f"{found.status} with {'an empty body' if found.form == 'empty' else 'an event stream'}"


def listed(values: list[Json]) -> str:
    """Distinct values as evidence, sorted."""
    return " or ".join(sorted({show(v, 60) for v in values})) or "absent"


def is_text(value: Json) -> bool:
    """A string with something in it."""
    return isinstance(value, str) and bool(value)


def is_null(value: Json) -> bool:
    """Null, absent or an empty text: no value that a client could branch on."""
    return type_of(value) in ("null", "missing") or value == ""
