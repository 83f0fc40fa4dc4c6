"""Log probabilities that are lost for some tokens, or that can't be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices
from gate.mutations.edit import in_plain
from gate.mutations.facts import CHAT, seen
from gate.mutations.values import each, every, put
from gate.observe.request import asked


def logprobs_of_last_token(exchange: Exchange) -> Exchange | None:
    """A gateway keeps the logprobs of the last chunk alone: sums over the text are wrong."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = members(logprobs, "content")
        return len(entries) > 1 and put(logprobs, "content", entries[-1:])

    return in_plain(exchange, each(_logprobs, change), CHAT)


def logprobs_as_probabilities(exchange: Exchange) -> Exchange | None:
    """Probabilities in place of their logarithms: every threshold is passed."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = (entry for entry in members(logprobs, "content") if isinstance(entry, dict))
        return every(entries, lambda entry: put(entry, "logprob", 0.97))

    return in_plain(exchange, each(_logprobs, change), CHAT)


def logprobs_twice(exchange: Exchange) -> Exchange | None:
    """A gateway joins the entries of all deltas, and those of the finished message: sums are doubled."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = members(logprobs, "content")
        return bool(entries) and put(logprobs, "content", [*entries, *entries])

    return in_plain(exchange, each(_logprobs, change), CHAT)


def top_logprobs_gone(exchange: Exchange) -> Exchange | None:
    """A server without alternatives: code that takes the first of them raises."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = [entry for entry in members(logprobs, "content") if isinstance(entry, dict)]
        return len(entries) > 1 and every(entries, lambda entry: put(entry, "top_logprobs", []))

    wanted = bool(asked(seen(exchange), "top_logprobs"))
    return in_plain(exchange, each(_logprobs, change), CHAT) if wanted else None


def logprobs_with_end(exchange: Exchange) -> Exchange | None:
    """An entry for the end mark as well, as some servers send it."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = members(logprobs, "content")
        end = {"token": "<|im_end|>", "logprob": -0.01, "bytes": list(b"<|im_end|>"), "top_logprobs": []}
        return bool(entries) and put(logprobs, "content", [*entries, end])

    return in_plain(exchange, each(_logprobs, change), CHAT)


def logprobs_otherwise(exchange: Exchange) -> Exchange | None:
    """A little less sure of each token."""

    def less(entry: dict[str, Any]) -> bool:
        value = entry.get("logprob")
        return isinstance(value, int | float) and put(entry, "logprob", value - 0.5)

    def change(logprobs: dict[str, Any]) -> bool:
        return every((entry for entry in members(logprobs, "content") if isinstance(entry, dict)), less)

    return in_plain(exchange, each(_logprobs, change), CHAT)


def _logprobs(doc: Json) -> Iterator[dict[str, Any]]:
    found = (member(choice, "logprobs") for choice in choices(doc))
    return (logprobs for logprobs in found if isinstance(logprobs, dict))


MUTATIONS = (
    Row(
        drifts=("S62",),
        severity=Severity.BREAKING,
        summary="log probabilities of the last token alone",
        caught_by=("logprobs-lack-tokens",),
        apply=logprobs_of_last_token,
        twin=logprobs_with_end,
        exercised_by=("logprobs",),
    ),
    Row(
        drifts=("S63",),
        severity=Severity.RISKY,
        summary="probabilities in place of logarithms",
        caught_by=("logprobs-impossible",),
        apply=logprobs_as_probabilities,
        twin=logprobs_otherwise,
        exercised_by=("logprobs",),
    ),
    Row(
        drifts=("S69",),
        severity=Severity.BREAKING,
        summary="each log probability twice",
        caught_by=("logprobs-repeated",),
        apply=logprobs_twice,
        twin=logprobs_with_end,
        exercised_by=("logprobs",),
    ),
    Row(
        drifts=("S70",),
        severity=Severity.INFO,
        summary="no alternatives beside the log probabilities",
        caught_by=("top-logprobs-count",),
        apply=top_logprobs_gone,
        twin=logprobs_otherwise,
        exercised_by=("logprobs",),
    ),
)
