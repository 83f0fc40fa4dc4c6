"""Lists: an entry that comes twice or lacks what the others have, and the lists of an API that no schema describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gate.endpoints import GENERAL, members, objects
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_plain
from gate.mutations.facts import served
from gate.mutations.schema.head import other_models
from gate.mutations.schema.rankings import scores_slightly_lower
from gate.mutations.values import drop, every, put, rename

_LISTS = ("models", "files")
# https://platform.openai.com/docs/api-reference/models/object: what every entry of the API has
_OF_MODELS = frozenset({"id", "object", "created", "owned_by"})


def entry_twice(exchange: Exchange) -> Exchange | None:
    """Two providers have the same model: stores with a unique id refuse the list."""

    def change(doc: Json) -> bool:
        entries = objects(doc, "data")
        ids = [entry.get("id") for _, entry in entries]
        unlike = bool(ids) and isinstance(ids[0], str) and all(ids.count(one) == 1 for one in ids)
        return unlike and put(doc, "data", [*members(doc, "data"), dict(entries[0][1])])

    return in_plain(exchange, change, *_LISTS)


def entry_bare(exchange: Exchange) -> Exchange | None:
    """One of the models lacks what its vendor says of the others: a client refuses all of them."""

    def change(doc: Json) -> bool:
        entries = [entry for _, entry in objects(doc, "data")]
        common = set.intersection(*map(set, entries)) - _OF_MODELS if len(entries) > 1 else set()
        return every(sorted(common)[:1], lambda key: drop(entries[-1], key))

    return in_plain(exchange, change, "models")


# -- of an API that no schema describes -----------------------------------------------------------


def entries_renamed(exchange: Exchange) -> Exchange | None:
    """The last member of each result has another name: who sorts by it finds nothing."""

    def change(entries: list[Any]) -> bool:
        key = next(reversed(entries[0]), "")
        return all(key in entry for entry in entries) and every(entries, lambda entry: rename(entry, key, f"{key}_v2"))

    return _listed(exchange, change)


def entries_gone(exchange: Exchange) -> Exchange | None:
    """A success without results: who takes the first raises."""

    def change(entries: list[Any]) -> bool:
        entries.clear()
        return True

    return _listed(exchange, change)


def _listed(exchange: Exchange, change: Callable[[list[Any]], bool]) -> Exchange | None:
    fits = served(exchange, GENERAL.name)
    return in_plain(exchange, lambda body: every(_lists(body), change), GENERAL.name) if fits else None


def _lists(body: Json) -> Iterator[list[Any]]:
    """The lists of objects of a body."""
    lists = (value for value in body.values() if isinstance(value, list)) if isinstance(body, dict) else ()
    return (entries for entries in lists if entries and all(isinstance(entry, dict) and entry for entry in entries))


MUTATIONS = (
    Row(
        drifts=("S65",),
        severity=Severity.RISKY,
        summary="the list of models has an id twice",
        caught_by=("entry-repeated",),
        apply=entry_twice,
        twin=other_models,
        exercised_by=_LISTS,
    ),
    Row(
        drifts=("S34",),
        severity=Severity.INFO,
        summary="a model in the list lacks what the others have",
        caught_by=("field-missing",),
        apply=entry_bare,
        twin=other_models,
        exercised_by=("models",),
    ),
    Row(
        drifts=("S44",),
        severity=Severity.RISKY,
        summary="a field of an API without a schema has another name",
        caught_by=("field-missing",),
        apply=entries_renamed,
        twin=scores_slightly_lower,
        exercised_by=("rerank",),
    ),
    Row(
        drifts=("S67",),
        severity=Severity.RISKY,
        summary="a list of an API without a schema is empty",
        caught_by=("list-empty",),
        apply=entries_gone,
        twin=scores_slightly_lower,
        exercised_by=("rerank",),
    ),
)
