"""What a comparison has at all. A rule that names one of these as its `where` is not asked where it does not hold.

Each is asked once for all rules. It must hold wherever a rule with it has anything to say: the tables of the rules are
judged with and without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Observation, Shape
from gate.observe.answer import carries_error, tool_calls
from gate.observe.logprobs import wanted
from gate.observe.request import asked

_NULL = frozenset({"null"})
_CALLED = frozenset({"tool", "function"})


def has_streams(comparison: Comparison) -> bool:
    """A stream on each side."""
    return any(sample.form == "stream" for sample in comparison.candidate) and any(
        sample.form == "stream" for sample in comparison.golden
    )


def has_failures(comparison: Comparison) -> bool:
    """A failure on either side: a status other than 2xx, or an error in the answer."""
    return any(not sample.ok or carries_error(sample) for sample in _all(comparison))


def has_calls(comparison: Comparison) -> bool:
    """A tool that was offered, or called all the same, on either side."""
    return any(
        asked(sample, "tools")
        or asked(sample, "functions")
        or not sample.kinds.isdisjoint(_CALLED)
        or bool(tool_calls(sample))
        for sample in _all(comparison)
    )


def has_vectors(comparison: Comparison) -> bool:
    """A vector on either side."""
    return any(sample.answer and sample.answer.vectors for sample in _all(comparison))


def is_responses(comparison: Comparison) -> bool:
    """The Responses API."""
    return any(sample.endpoint == "responses" for sample in _all(comparison))


def has_logprobs(comparison: Comparison) -> bool:
    """Log probabilities that were asked for, or came, on either side."""
    return any(wanted(sample) or _has_logprobs(sample.shape) for sample in _all(comparison))


def _has_logprobs(shape: Shape) -> bool:
    return any(shape[path].types != _NULL for path in [path for path in shape if path.endswith("logprobs")])


def has_usage(comparison: Comparison) -> bool:
    """Counts of tokens on either side, wherever they are."""
    return any("usage" in path for sample in _all(comparison) for path in sample.shape)


def is_audio(comparison: Comparison) -> bool:
    """Speech, or what was said."""
    return any(sample.endpoint.startswith("audio.") for sample in _all(comparison))


def is_images(comparison: Comparison) -> bool:
    """Pictures that are drawn."""
    return any(sample.endpoint.startswith("images") for sample in _all(comparison))


def is_moderation(comparison: Comparison) -> bool:
    """Verdicts on texts."""
    return any(sample.endpoint == "moderations" for sample in _all(comparison))


def has_transcripts(comparison: Comparison) -> bool:
    """What an SDK made of it, on either side."""
    return any(sample.transcripts for sample in _all(comparison))


def has_passages(comparison: Comparison) -> bool:
    """A gateway whose upstream was seen as well."""
    return any(sample.passage for sample in _all(comparison))


def _all(comparison: Comparison) -> Iterator[Observation]:
    yield from comparison.golden
    yield from comparison.candidate
