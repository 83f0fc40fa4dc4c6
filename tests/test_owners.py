"""Which rules own which paths: the table names what exists, its owners speak there, and the field rules do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from gate.model import AREAS
from gate.rules import rules
from gate.rules.owners import OWNERS, Kind, Owner, owner
from tests.rule_pages import table

GENERAL: Mapping[str, Kind] = {
    "field-missing": "missing",
    "field-null": "null",
    "field-type-changed": "type",
    "field-added": "added",
    "value-unknown": "value",
    "value-empty": "value",
    "list-empty": "value",
    "object-wrong": "value",
    "role-wrong": "value",
    "service-tier-unknown": "value",
}


def fires(*names: str) -> Iterator[tuple[str, str]]:
    """(severity, path) of each finding that the tables of these rules or areas expect of them."""
    for rule in rules().values():
        if {rule.id, rule.area} & set(names):
            yield from (
                (fired.partition(" ")[0], fired.partition(" ")[2]) for row in table(rule.id) for fired in row.fires
            )


@pytest.mark.parametrize("row", OWNERS, ids=lambda row: f"{row.pattern} {row.kind or ''}")
def test_each_owner_exists_and_speaks_at_its_paths(row: Owner) -> None:
    assert set(row.owned_by) <= {*rules(), *AREAS}
    assert {owner(path, row.kind) for _, path in fires(*row.owned_by)} >= {row}


@pytest.mark.parametrize("rule", GENERAL)
def test_a_rule_about_fields_is_silent_where_another_rule_owns_the_path(rule: str) -> None:
    # details of a usage that nobody requires stay with field-missing, as info
    kinds = [(path, None if severity == "info" else GENERAL[rule]) for severity, path in fires(rule)]
    assert [path for path, kind in kinds if owner(path, kind)] == []


@pytest.mark.parametrize(
    ("path", "kind", "owned_by"),
    [
        ("choices[1].delta.tool_calls[0].id", "missing", ("tools",)),
        ("choices[0].finish_reason", "value", ("stream",)),
        ("data[7].embedding[3]", "type", ("embeddings",)),
        ("response.<response>.sequence_number", "null", ("sequence-number",)),
        ("choices[0].logprobs.content[0].bytes", "null", ("logprobs-incomplete",)),
        ("usage.total_tokens", "missing", ("usage-missing", "usage-chunk-missing", "usage-incomplete")),
        ("usage", "null", ("usage-missing", "usage-chunk-missing", "usage-incomplete")),
        ("usage.total_tokens", "null", None),
        ("usage", "type", None),
        ("usage", None, None),
        ("choices[0].logprobs", "missing", None),
        ("choices[0].message.content", "missing", None),
    ],
)
def test_owner_of_a_path(path: str, kind: Kind | None, owned_by: tuple[str, ...] | None) -> None:
    row = owner(path, kind)
    assert (row.owned_by if row else None) == owned_by
