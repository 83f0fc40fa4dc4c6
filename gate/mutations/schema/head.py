"""What stands at the head of an answer: id, object, model, fingerprint, service_tier; and the list of models."""

from __future__ import annotations

import re
from typing import Any

from gate.endpoints import member, members
from gate.model import MISSING, Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, heads
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, COMPLETIONS, EMBEDDINGS, RESPONSES, asked, seen
from gate.mutations.harmless import added_field, again, snapshot
from gate.mutations.values import drop, each, put

_HEADED = (CHAT, COMPLETIONS, RESPONSES)
_OTHER = {"chat.completion": "chat.completion.chunk", "chat.completion.chunk": "chat.completion"}
# OpenAI's suffixes: -2024-08-06, -0613
_DATED = re.compile(r"-\d[\d-]*")
_OPTIONAL = ("system_fingerprint", "service_tier")


def id_empty(exchange: Exchange) -> Exchange | None:
    """The id is empty: logs and traces that are keyed by it overwrite each other."""

    def change(head: dict[str, Any]) -> bool:
        return bool(head.get("id")) and put(head, "id", "")

    return None if _sometimes_empty(exchange, "id") else in_docs(exchange, each(heads, change), *_HEADED)


def _sometimes_empty(exchange: Exchange, key: str) -> bool:
    """Azure's first chunk has an empty id, object and model (ST01)."""
    return any(member(event.doc, key) == "" for event in seen(exchange).events)


def object_missing(exchange: Exchange) -> Exchange | None:
    """No `object`: typed clients, which read it to tell what they hold, refuse the answer."""
    return in_docs(exchange, each(heads, lambda head: drop(head, "object")), *_HEADED, EMBEDDINGS)


def object_wrong(exchange: Exchange) -> Exchange | None:
    """A plain answer labelled as a chunk, or the other way round: exact comparisons fail."""

    def change(doc: Json) -> bool:
        name = member(doc, "object")
        return isinstance(name, str) and name in _OTHER and put(doc, "object", _OTHER[name])

    return None if _sometimes_empty(exchange, "object") else in_docs(exchange, change, CHAT)


def model_null(exchange: Exchange) -> Exchange | None:
    """`model` is null: routers and cost trackers crash or count for nobody."""

    def change(head: dict[str, Any]) -> bool:
        return bool(head.get("model")) and put(head, "model", None)

    return in_docs(exchange, each(heads, change), *_HEADED, EMBEDDINGS)


def model_other(exchange: Exchange) -> Exchange | None:
    """The model that answers is another than the one asked for: costs are computed for the wrong one."""

    def change(head: dict[str, Any]) -> bool:
        # S25: an internal id, which shares no word with the request
        return "model" in head and put(head, "model", "internal/backend-7")

    wanted, model = asked(exchange, "model"), answer(exchange).model
    rest = model.removeprefix(wanted) if isinstance(wanted, str) and isinstance(model, str) and wanted else ""
    # the very name, or a dated snapshot of it (B04)
    echoed = model == wanted or (rest != model and bool(_DATED.fullmatch(rest)))
    return in_docs(exchange, each(heads, change), *_HEADED) if echoed else None


def model_as_alias(exchange: Exchange) -> Exchange | None:
    """The alias that was asked for in place of the snapshot that answers: audits no longer see the version."""
    return _named(exchange, "")


def another_snapshot(exchange: Exchange) -> Exchange | None:
    """Another snapshot of the same alias (B04)."""
    return _named(exchange, "-2026-01-15")


def _named(exchange: Exchange, date: str) -> Exchange | None:
    """The alias that was asked for with this date, where the answer names a dated snapshot of it."""
    wanted, model = asked(exchange, "model"), answer(exchange).model
    if not (isinstance(wanted, str) and isinstance(model, str) and wanted and model.startswith(wanted)):
        return None

    def change(head: dict[str, Any]) -> bool:
        return head.get("model") == model and put(head, "model", wanted + date)

    dated = _DATED.fullmatch(model.removeprefix(wanted)) and model != wanted + date
    return in_docs(exchange, each(heads, change), *_HEADED) if dated else None


def head_fields_gone(exchange: Exchange) -> Exchange | None:
    """No fingerprint and no tier: bills by tier don't know what was served."""

    def change(head: dict[str, Any]) -> bool:
        found = [key for key in _OPTIONAL if isinstance(head.get(key), str)]
        return bool(found) and all(drop(head, key) for key in found)

    return in_docs(exchange, each(heads, change), *_HEADED)


def another_fingerprint(exchange: Exchange) -> Exchange | None:
    """Another fingerprint (B03)."""

    def change(head: dict[str, Any]) -> bool:
        return isinstance(head.get("system_fingerprint"), str) and put(head, "system_fingerprint", "fp_0c1d2e3f4a")

    return in_docs(exchange, each(heads, change), *_HEADED)


def service_tier_foreign(exchange: Exchange) -> Exchange | None:
    """A tier of a vendor's own: clients that check literal types refuse a good answer."""
    # the tiers of the API: https://platform.openai.com/docs/api-reference/chat/create#chat-create-service_tier
    known = member(answer(exchange).final, "service_tier") in (MISSING, None, "default", "auto", "flex", "priority")
    return in_docs(exchange, lambda doc: put(doc, "service_tier", "on_demand"), CHAT) if known else None


def another_known_tier(exchange: Exchange) -> Exchange | None:
    """Another tier that the API knows (B18)."""
    return in_docs(exchange, lambda doc: put(doc, "service_tier", "default"), CHAT)


# -- the list of models ---------------------------------------------------------------------------


def models_null(exchange: Exchange) -> Exchange | None:
    """A list of models that is null: pickers and health checks fail."""
    return in_docs(exchange, lambda doc: put(doc, "data", None), "models")


def other_models(exchange: Exchange) -> Exchange | None:
    """Other models in another order (B29)."""

    def change(doc: Json) -> bool:
        models = members(doc, "data")
        if not models or not isinstance(models[0], dict):
            return False
        doc["data"] = [{**models[0], "id": "another-model"}, *reversed(models)]
        return True

    return in_docs(exchange, change, "models")


def models_object_missing(exchange: Exchange) -> Exchange | None:
    """The list of models lacks `object`: typed clients refuse it."""
    return in_docs(exchange, lambda doc: drop(doc, "object"), "models")


_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("S02",),
        severity=Severity.RISKY,
        summary="id is the empty string",
        caught_by=("value-empty",),
        apply=id_empty,
        twin=again,
        exercised_by=("chat", "chat-stream", "responses"),
    ),
    Row(
        drifts=("S03",),
        severity=Severity.RISKY,
        summary="`object` is missing",
        caught_by=("field-missing",),
        apply=object_missing,
        twin=added_field,
        exercised_by=("chat", "chat-stream", "embed", "responses"),
    ),
    Row(
        drifts=("S03",),
        severity=Severity.RISKY,
        summary="`object` names something else",
        caught_by=("object-wrong",),
        apply=object_wrong,
        twin=added_field,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S26",),
        severity=Severity.RISKY,
        summary="model is null",
        caught_by=("field-null",),
        apply=model_null,
        twin=snapshot,
        exercised_by=("chat", "chat-stream", "embed", "responses"),
    ),
    Row(
        drifts=("S25",),
        severity=Severity.RISKY,
        summary="another model than the one asked for",
        caught_by=("model-changed",),
        apply=model_other,
        twin=snapshot,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S37",),
        # B04: both names are right
        severity=Severity.INFO,
        summary="the alias in place of the dated snapshot",
        caught_by=("model-form-changed",),
        apply=model_as_alias,
        twin=another_snapshot,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S38",),
        severity=Severity.INFO,
        summary="system_fingerprint and service_tier are gone",
        caught_by=("head-field-lost",),
        apply=head_fields_gone,
        twin=another_fingerprint,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S24", "SD05"),
        severity=Severity.RISKY,
        summary="service_tier outside the API's set",
        caught_by=("service-tier-unknown",),
        apply=service_tier_foreign,
        twin=another_known_tier,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S33",),
        severity=Severity.RISKY,
        summary="the list of models is null",
        caught_by=("field-null",),
        apply=models_null,
        twin=other_models,
        exercised_by=("models",),
    ),
    Row(
        drifts=("S33",),
        severity=Severity.RISKY,
        summary="the list of models has no `object`",
        caught_by=("field-missing",),
        apply=models_object_missing,
        twin=added_field,
        exercised_by=("models",),
    ),
)
