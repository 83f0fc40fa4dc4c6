"""Parameters that have no effect, and a limit that has one although nobody sent it."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, choices, finish_reason, finishing, is_text, text, usages
from gate.mutations.edit import in_docs, in_plain
from gate.mutations.facts import CHAT, asked
from gate.mutations.harmless import again
from gate.mutations.texts import with_text
from gate.mutations.values import each, every, put

# PA16 reports 1,024; the others are powers of two of default-limit-lowered's list, the largest that fits first
_LIMITS = (4096, 2048, 1024, 512, 256, 128)


def limit_ignored(exchange: Exchange) -> Exchange | None:
    """The limit of tokens has no effect under the name that was sent: costs and times have no bound."""
    limit = asked(exchange, "max_tokens") or asked(exchange, "max_completion_tokens")
    counted = type(member(answer(exchange).usage, "completion_tokens")) is int
    if type(limit) is not int or finish_reason(exchange) != "length" or not counted:
        return None

    def change(doc: Json) -> bool:
        finished = finishing(lambda _: "stop")(doc)
        counts = [usage for usage in usages(doc) if type(usage.get("completion_tokens")) is int]
        # eight times: more than any count of hidden reasoning in the golden could explain; chosen
        return every(counts, lambda usage: _used(usage, 8 * limit)) or finished

    return in_docs(exchange, change, CHAT)


def default_limit(exchange: Exchange) -> Exchange | None:
    """The gateway adds a limit of its own where none was sent: long answers end in mid-sentence."""
    limited = any(asked(exchange, key) is not None for key in ("max_tokens", "max_completion_tokens"))
    used = member(answer(exchange).usage, "completion_tokens")
    limit = next((limit for limit in _LIMITS if type(used) is int and limit < used), None)
    if limited or limit is None or not is_text(exchange, CHAT) or finish_reason(exchange) != "stop":
        return None

    def change(doc: Json) -> bool:
        every(usages(doc), lambda usage: _used(usage, limit))
        return finishing(lambda _: "length")(doc)

    shorter = with_text(exchange, lambda text: text[: len(text) * limit // used])
    return in_docs(shorter, change) if shorter else None


def _used(usage: dict[str, Any], completion: int) -> bool:
    """So many tokens of completion, and the sum to them."""
    prompt = usage.get("prompt_tokens")
    changed = put(usage, "completion_tokens", completion)
    usage["total_tokens"] = completion + (prompt if type(prompt) is int else 0)
    return changed


def logprobs_dropped(exchange: Exchange) -> Exchange | None:
    """logprobs were asked for and are not there."""

    def change(choice: dict[str, Any]) -> bool:
        return isinstance(choice.get("logprobs"), dict) and put(choice, "logprobs", None)

    return in_docs(exchange, each(choices, change), CHAT) if asked(exchange, "logprobs") else None


def n_ignored(exchange: Exchange) -> Exchange | None:
    """One alternative where several were asked for: code that compares them indexes into nothing."""

    def change(doc: Json) -> bool:
        alternatives = members(doc, "choices")
        return len(alternatives) > 1 and put(doc, "choices", alternatives[:1])

    return in_plain(exchange, change, CHAT)


def stop_ignored(exchange: Exchange) -> Exchange | None:
    """The stop sequence has no effect: the answer goes on after it."""
    stop = asked(exchange, "stop")
    word = stop[0] if isinstance(stop, list) and stop else stop
    if not isinstance(word, str) or not word or word in text(exchange):
        return None
    return with_text(exchange, lambda before: f"{before}{word} and on, and on")


MUTATIONS = (
    Row(
        drifts=("PA02",),
        severity=Severity.BREAKING,
        summary="max_tokens has no effect",
        caught_by=("limit-ignored",),
        apply=limit_ignored,
        twin=again,
        exercised_by=("max-tokens",),
    ),
    Row(
        drifts=("PA16",),
        severity=Severity.BREAKING,
        summary="a limit that nobody sent cuts the answer",
        caught_by=("default-limit-lowered",),
        apply=default_limit,
        twin=again,
        exercised_by=("bare",),
    ),
    Row(
        drifts=("S20", "S23"),
        # S20 is info where nobody asked; here the request did
        severity=Severity.RISKY,
        summary="logprobs has no effect",
        caught_by=("logprobs-incomplete",),
        apply=logprobs_dropped,
        twin=again,
        exercised_by=("logprobs",),
    ),
    Row(
        drifts=("PA02",),
        # PA02 is breaking for limits; a caller who reads choices[0] alone does not see it
        severity=Severity.RISKY,
        summary="n has no effect",
        caught_by=("choices-count",),
        apply=n_ignored,
        twin=again,
        exercised_by=("n-2",),
    ),
    Row(
        drifts=("PA14",),
        severity=Severity.RISKY,
        summary="stop has no effect",
        caught_by=("stop-ignored",),
        apply=stop_ignored,
        twin=again,
        exercised_by=("stop",),
    ),
)
