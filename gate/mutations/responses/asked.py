"""What a response was asked for and does not bring: encrypted reasoning, built-in tools, citations, kept state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import heads
from gate.mutations.edit import in_docs, in_plain
from gate.mutations.facts import RESPONSES, asked, seen
from gate.mutations.harmless import again
from gate.mutations.responses.items import items
from gate.mutations.values import drop, each, every, put


def reasoning_unsealed(exchange: Exchange) -> Exchange | None:
    """`include` is not passed on, and the reasoning comes without its ciphertext: the next turn can't have it."""
    return in_docs(exchange, each(items, lambda item: drop(item, "encrypted_content")), RESPONSES)


def summary_missing(exchange: Exchange) -> Exchange | None:
    """A reasoning item without its summary: typed clients fail to decode the response."""
    return in_docs(exchange, each(items, lambda item: _is(item, "reasoning") and drop(item, "summary")), RESPONSES)


def summary_told(exchange: Exchange) -> Exchange | None:
    """A summary where the golden's is empty: the model's choice."""
    told: list[Json] = [{"type": "summary_text", "text": "A ball is cheaper than a bat."}]

    def change(item: dict[str, Any]) -> bool:
        return _is(item, "reasoning") and item.get("summary") == [] and put(item, "summary", told)

    return in_plain(exchange, each(items, change), RESPONSES)


def hosted_call_dropped(exchange: Exchange) -> Exchange | None:
    """The gateway drops the built-in tool: the model answers from memory, in good prose."""

    def change(doc: Json) -> bool:
        kept = [item for item in members(doc, "output") if not _is_hosted(item)]
        return len(kept) < len(members(doc, "output")) and put(doc, "output", kept)

    return in_plain(exchange, change, RESPONSES)


def hosted_call_twice(exchange: Exchange) -> Exchange | None:
    """The model searches twice (B26)."""

    def change(doc: Json) -> bool:
        first = next((item for item in members(doc, "output") if _is_hosted(item)), None)
        other = {**first, "id": f"{first.get('id')}2"} if isinstance(first, dict) else None
        return other is not None and put(doc, "output", [other, *members(doc, "output")])

    return in_plain(exchange, change, RESPONSES)


def hosted_call_fails(exchange: Exchange) -> Exchange | None:
    """The built-in tool fails, and the response is completed all the same."""
    return in_docs(exchange, each(items, lambda item: _is_hosted(item) and put(item, "status", "failed")), RESPONSES)


def hosted_status_foreign(exchange: Exchange) -> Exchange | None:
    """The gateway makes up the items of built-in tools, with a status that the API does not have."""
    return in_docs(exchange, each(items, lambda item: _is_hosted(item) and put(item, "status", "success")), RESPONSES)


def hosted_action_lost(exchange: Exchange) -> Exchange | None:
    """The item does not say what was searched for."""
    return in_docs(exchange, each(items, lambda item: _is_hosted(item) and drop(item, "action")), RESPONSES)


def include_forgotten(exchange: Exchange) -> Exchange | None:
    """`include` is not passed on: the log probabilities of the text are an empty list."""

    def change(item: dict[str, Any]) -> bool:
        return every(
            members(item, "content"), lambda part: bool(members(part, "logprobs")) and put(part, "logprobs", [])
        )

    return in_docs(exchange, each(items, change), RESPONSES) if asked(exchange, "include") else None


def included_dropped(exchange: Exchange) -> Exchange | None:
    """`include` is not passed on: the tool ran, and what it found does not come."""
    wanted = [value.split(".") for value in members(seen(exchange).request, "include") if isinstance(value, str)]

    def change(item: dict[str, Any]) -> bool:
        return every(
            [keys for kind, *keys in wanted if _is(item, kind) and kind.endswith("_call")],
            lambda keys: _cut(item, *keys),
        )

    return in_docs(exchange, each(items, change), RESPONSES)


def _cut(part: Json, *keys: str) -> bool:
    first, *rest = keys or ("",)
    return _cut(member(part, first), *rest) if rest else drop(part, first)


def citations_dropped(exchange: Exchange) -> Exchange | None:
    """The annotations of the text are empty: what shows sources shows none."""

    def change(item: dict[str, Any]) -> bool:
        return every(
            members(item, "content"), lambda part: bool(members(part, "annotations")) and put(part, "annotations", [])
        )

    return in_plain(exchange, each(items, change), RESPONSES)


def citations_misplaced(exchange: Exchange) -> Exchange | None:
    """A marker is taken out of the text, and the indexes stay: they end behind it."""
    return _cited_at(exchange, 100_000)


def citations_moved(exchange: Exchange) -> Exchange | None:
    """Another part of the text is cited: its first character."""
    return _cited_at(exchange, 1)


def _cited_at(exchange: Exchange, end: int) -> Exchange | None:
    def change(note: dict[str, Any]) -> bool:
        placed = isinstance(note.get("end_index"), int) and note["end_index"] > 0
        return placed and (put(note, "start_index", 0) | put(note, "end_index", end))

    def notes(doc: Json) -> Iterator[dict[str, Any]]:
        parts = [part for item in items(doc) for part in members(item, "content")]
        return (note for part in parts for note in members(part, "annotations") if isinstance(note, dict))

    return in_docs(exchange, each(notes, change), RESPONSES)


def state_forgotten(exchange: Exchange) -> Exchange | None:
    """previous_response_id is ignored: the answer is fluent, and knows nothing of the turn before."""
    return _not_repeated(exchange, "previous_response_id", None)


def metadata_forgotten(exchange: Exchange) -> Exchange | None:
    """The response has no metadata: stores that find it by them do not."""
    return _not_repeated(exchange, "metadata", {})


def _not_repeated(exchange: Exchange, key: str, empty: Json) -> Exchange | None:
    def change(head: dict[str, Any]) -> bool:
        return head.get(key) == asked(exchange, key) and put(head, key, empty)

    return in_docs(exchange, each(heads, change), RESPONSES) if asked(exchange, key) else None


def _is(item: Json, kind: str) -> bool:
    return bool(member(item, "type") == kind)


def _is_hosted(item: Json) -> bool:
    kind = member(item, "type")
    return isinstance(kind, str) and kind.endswith("_call") and kind not in ("function_call", "custom_tool_call")


MUTATIONS = (
    Row(
        drifts=("RS19",),
        severity=Severity.BREAKING,
        summary="encrypted reasoning that was asked for does not come",
        caught_by=("reasoning-not-encrypted",),
        apply=reasoning_unsealed,
        twin=again,
        exercised_by=("responses-reasoning",),
    ),
    Row(
        drifts=("RS26",),
        severity=Severity.BREAKING,
        summary="a reasoning item has no summary",
        caught_by=("field-missing",),
        apply=summary_missing,
        twin=summary_told,
        exercised_by=("responses-reasoning",),
    ),
    Row(
        drifts=("RS20",),
        severity=Severity.RISKY,
        summary="a built-in tool is never run",
        caught_by=("hosted-call-missing",),
        apply=hosted_call_dropped,
        twin=hosted_call_twice,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS27",),
        severity=Severity.RISKY,
        summary="a built-in tool fails",
        caught_by=("hosted-call-failed",),
        apply=hosted_call_fails,
        twin=hosted_call_twice,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS29",),
        # docs/clients.md: LiteLLM's item is a dict then, which has no attributes
        severity=Severity.BREAKING,
        summary="the items of built-in tools have a status of the gateway's own",
        caught_by=("value-unknown",),
        apply=hosted_status_foreign,
        twin=hosted_call_twice,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS29",),
        severity=Severity.BREAKING,
        summary="the item of a search does not say what was searched for",
        caught_by=("field-missing",),
        apply=hosted_action_lost,
        twin=hosted_call_twice,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS28",),
        severity=Severity.RISKY,
        summary="what include asks for does not come",
        caught_by=("logprobs-incomplete",),
        apply=include_forgotten,
        twin=again,
        exercised_by=("responses-include",),
    ),
    Row(
        drifts=("RS21",),
        severity=Severity.RISKY,
        summary="the citations of an answer are gone",
        caught_by=("citations-lost",),
        apply=citations_dropped,
        twin=again,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS23",),
        severity=Severity.RISKY,
        summary="previous_response_id has no effect",
        caught_by=("state-not-kept",),
        apply=state_forgotten,
        twin=again,
        exercised_by=("responses-previous",),
    ),
    Row(
        drifts=("RS24",),
        severity=Severity.INFO,
        summary="the response does not repeat its metadata",
        caught_by=("parameter-not-echoed",),
        apply=metadata_forgotten,
        twin=again,
        exercised_by=("responses-include",),
    ),
    Row(
        drifts=("RS30",),
        severity=Severity.RISKY,
        summary="citations end behind the text",
        caught_by=("citation-places-broken",),
        apply=citations_misplaced,
        twin=citations_moved,
        exercised_by=("responses-web-search",),
    ),
    Row(
        drifts=("RS28",),
        severity=Severity.RISKY,
        summary="the sources that include asks for do not come",
        caught_by=("include-ignored",),
        apply=included_dropped,
        twin=again,
        exercised_by=("responses-web-search",),
    ),
)
