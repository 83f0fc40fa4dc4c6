"""What the error rules share: which samples fail, and in which envelope the error is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from gate.endpoints import member
from gate.model import MISSING, Comparison, Json, Observation, Pair
from gate.observe.answer import NULLS, is_text
from gate.wire.shape import show, type_of

Envelope = Literal["error object", "error text", "error value", "detail", "bare message", "list", "other"]


def failed(observation: Observation) -> bool:
    """An error status, whatever the body holds."""
    # https://www.rfc-editor.org/rfc/rfc9110#section-15: 4xx is the client's error, 5xx the server's
    return observation.status >= 400


def golden_failures(comparison: Comparison) -> list[Observation]:
    """The golden samples that fail."""
    return list(filter(failed, comparison.golden))


def failures(comparison: Comparison) -> Iterator[Pair]:
    """The candidate samples that fail, where the golden fails too."""
    if any(map(failed, comparison.golden)):
        yield from (pair for pair in comparison.pairs if failed(pair.candidate))


def compared(comparison: Comparison, key: str) -> Iterator[tuple[Pair, Json, list[Json], list[Json]]]:
    """A key of each error object of the candidate: (pair, its value, the golden's values, those of the same status)."""
    golden = golden_failures(comparison)
    for pair in failures(comparison):
        if isinstance(pair.candidate.error, dict):
            same = [failure for failure in golden if failure.status == pair.candidate.status]
            yield pair, member(pair.candidate.error, key), members_of(golden, key), members_of(same, key)


def envelope(observation: Observation) -> Envelope:
    """How the body of a failure holds its error. Only the first form is the API's own."""
    # https://platform.openai.com/docs/guides/error-codes
    body, error = observation.body, observation.error
    if isinstance(error, dict):
        return "error object"
    if error is not MISSING:
        return "error text" if isinstance(error, str) else "error value"
    if isinstance(body, dict):
        return "detail" if "detail" in body else "bare message" if "message" in body else "other"
    return "list" if isinstance(body, list) else "other"


def members_of(samples: Iterable[Observation], key: str) -> list[Json]:
    """The values of a key in the error objects of some samples; MISSING where an error object lacks it."""
    return [member(sample.error, key) for sample in samples if isinstance(sample.error, dict)]


def described(observation: Observation) -> str:
    """Status and message of the error, or what the body is instead."""
    message = member(observation.error, "message")
    if isinstance(message, str):
        return f"{observation.status} {show(message, 100)}"
    return f"{observation.status} {_body(observation)}"


def _body(observation: Observation) -> str:
    if observation.form == "json":
        return show(observation.body, 100)
    if observation.form == "text":
        # the first 1,000: a page may begin with a doctype, comments and conditional comments
        html = "<html" in observation.text[:1000].lower() or "html" in observation.media_type
        return f"with {'an HTML page' if html else 'plain text'}: {show(observation.text.strip()[:100])}"
    return f"with {'an empty body' if observation.form == 'empty' else 'an event stream'}"


def listed(values: Iterable[Json]) -> str:
    """Distinct values as evidence, sorted."""
    return " or ".join(sorted({show(value, 60) for value in values})) or "absent"


def is_null(value: Json) -> bool:
    """Null, absent or an empty text: no value that a client could branch on."""
    # the API itself has null for code and param where it has nothing to say (ER01's benign twin)
    return type_of(value) in ("null", "missing") or value == ""


def is_word(value: Json) -> bool:
    """Whether a client can branch on it: a text, and not a null in words."""
    # no error has the word `none` for a code or a type
    return is_text(value) and value not in NULLS and value != "none"
