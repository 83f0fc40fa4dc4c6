"""The catalogue in `docs/drifts/`: well-formed, in order, answered to by every id that is cited, and its page is fresh."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gate.mutations import mutations
from tests import catalogue, drift_page
from tests.catalogue.entries import AREAS, FOLDER, HARMLESS, drift, drifts, file_of, items, variations

ROOT = Path(__file__).parent.parent
CITING = ("gate", "tests", "docs", "golden", "examples", "bench", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
# bytes that a remote sent are no citations, nor are those of a picture or a sound
UNREAD = re.compile(r"/(cassette\.yaml|[^/]+\.(png|pyc|wav))$|/\.|/node_modules/")

TEXT = {"type": "string", "pattern": r"^\S(.*\S)?$"}
SENTENCES = {"type": "string", "pattern": r"^\S.*[.!?]$", "description": "must be sentences, each with a full stop"}
LINK = {
    "type": "string",
    "pattern": r"^https://[a-z0-9.-]+\.[a-z]+(/[\w.~%#-]+)+$",
    "description": "must be a link with https",
}
ID = {"pattern": r"^[A-Z]{1,2}\d\d$", "description": "must be the letters of the area and two digits"}
DRIFT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "severity", "title", "happens", "broke", "sources"],
    "properties": {
        "id": {"type": "string", **ID},
        "severity": {"enum": ["breaking", "risky", "info"]},
        "title": {"type": "string", "pattern": r"^\S.*[^\s.]$", "description": "must be a line without a full stop"},
        "happens": SENTENCES,
        "broke": SENTENCES,
        "unseen": TEXT,
        "sources": {"type": "array", "minItems": 1, "uniqueItems": True, "items": LINK},
    },
}
VARIATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "text"],
    "properties": {"id": {"type": "string", "pattern": r"^B\d\d$"}, "text": SENTENCES},
}


# -- the data -------------------------------------------------------------------------------------


def malformed(found: Iterable[dict[str, Any]], schema: dict[str, Any]) -> list[str]:
    """What is wrong with the entries of a file, each with the entry's id."""
    checker = Draft202012Validator(schema)
    return [
        f"{item.get('id')} {error.json_path} {error.schema.get('description') or error.message}"
        for item in found
        for error in checker.iter_errors(item)
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_file_is_well_formed(path: Path) -> None:
    assert malformed(items(path), VARIATION if path == HARMLESS else DRIFT) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", "bad"),
        ("id", "t1"),
        ("sources", []),
        ("sources", ["http://github.com/a/b/issues/1"]),
        ("sources", ["https://github.com/a/b issues/1"]),
        ("broke", "no full stop"),
        ("area", "tools"),
    ],
)
def test_what_is_malformed_is_told(key: str, value: Any) -> None:
    first = items(file_of("tools"))[0]
    assert malformed([first], DRIFT) == []
    assert malformed([{**first, key: value}], DRIFT)


@pytest.mark.parametrize(("key", "value"), [("severity", "bad"), ("sources", None), ("happen", "a"), ("broke", ...)])
def test_an_entry_that_can_not_be_read_is_told_with_its_file(key: str, value: Any) -> None:
    first = {**items(file_of("tools"))[0], key: value}
    entry = {name: said for name, said in first.items() if said is not ...}
    with pytest.raises(ValueError, match=r"docs/drifts/tools\.yaml: TL01: "):
        drift("tools", entry)


def test_there_is_a_file_for_each_area_and_one_for_the_variations() -> None:
    assert set(FOLDER.iterdir()) == {*map(file_of, AREAS), HARMLESS}


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_entries_are_sorted_by_id(path: Path) -> None:
    found = [item["id"] for item in items(path)]
    assert found == sorted(found)


def test_an_id_stands_once_and_its_letters_tell_the_area() -> None:
    found = [(item["id"], path.stem) for path in sorted(FOLDER.iterdir()) for item in items(path)]
    assert [entry for entry, times in Counter(entry for entry, _ in found).items() if times > 1] == []
    letters = {(entry[:-2], stem) for entry, stem in found}
    assert len(letters) == len(AREAS) + 1


def test_only_code_holds_what_markdown_would_read_as_a_tag() -> None:
    texts = {d.id: f"{d.title} {d.happens} {d.broke} {d.unseen}" for d in drifts().values()}
    texts |= {v.id: v.text for v in variations().values()}
    assert [entry for entry, text in texts.items() if "<" in re.sub(r"`[^`]*`", "", text) or text.count("`") % 2] == []


def test_what_no_exchange_shows_has_no_example() -> None:
    unseen = {drift.id for drift in drifts().values() if drift.unseen}
    assert unseen & {case.id for case in catalogue.cases() if case.kind == "drift"} == set()


# -- who cites it ---------------------------------------------------------------------------------


def unresolved(root: Path, *names: str) -> Iterator[str]:
    """`file:line id` for each id that is cited below root and that the catalogue does not have."""
    for path in (found for name in names for found in _files(root, name)):
        text = path.read_text("utf-8")
        # a file is read by lines only when there is something to tell
        for number, line in enumerate(text.splitlines() if _strange(text) else (), 1):
            yield from (f"{path.relative_to(root).as_posix()}:{number} {entry}" for entry in sorted(_strange(line)))


def _strange(text: str) -> set[str]:
    return drift_page.ids(text).difference(drift_page.known())


def _files(root: Path, name: str) -> list[Path]:
    found = sorted((root / name).rglob("*")) if (root / name).is_dir() else [root / name]
    return [path for path in found if path.is_file() and not UNREAD.search(f"/{path.relative_to(root).as_posix()}")]


def test_every_id_that_is_cited_is_in_the_catalogue() -> None:
    assert list(unresolved(ROOT, *CITING)) == [], "docs/drifts/ has no entry of these ids"


def test_a_wrong_citation_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "gate").mkdir()
    (tmp_path / "gate" / "rule.py").write_text(f'"""Right (ST06).\n\nWrong: ST{99}, and to PA01–PA{98}.\n"""\n')
    (tmp_path / "README.md").write_text("B01 and XB99, ST067\n")
    assert list(unresolved(tmp_path, "gate", "README.md")) == [f"gate/rule.py:3 PA{98}", f"gate/rule.py:3 ST{99}"]


def test_a_range_of_ids_stands_for_those_that_exist() -> None:
    assert drift_page.ids("PA14–PA18, ST01") == {"PA14", "PA16", "PA17", "PA18", "ST01"}


def test_mutations_show_drifts_of_the_catalogue() -> None:
    shown = {(mutation.id, drift) for mutation in mutations().values() for drift in mutation.drifts}
    assert {(mutation, drift) for mutation, drift in shown if drift not in drifts()} == set()


# -- the page -------------------------------------------------------------------------------------


def test_the_page_is_fresh(tmp_path: Path) -> None:
    drift_page.main(tmp_path / "drifts.md")
    fresh = (tmp_path / "drifts.md").read_text("utf-8")
    assert drift_page.PAGE.read_text("utf-8") == fresh, "run `make pages`"


def test_the_page_has_an_anchor_for_each_id_and_its_links_lead_somewhere() -> None:
    text = drift_page.PAGE.read_text("utf-8")
    anchors = re.findall(r'<a id="(\w+)"></a>', text)
    assert anchors == [entry.lower() for entry in drift_page.known()]
    headings = {line[3:].lower().replace(" ", "-") for line in text.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= {*anchors, *headings}
    files = set(re.findall(r"\]\((?!#|https:)([^)]+)\)", text))
    assert [file for file in files if not (drift_page.PAGE.parent / file).exists()] == []


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("https://github.com/openai/openai-node/pull/2726", "openai/openai-node#2726"),
        ("https://community.openai.com/t/1", "community.openai.com/t/1"),
    ],
)
def test_a_source_has_a_short_label(source: str, label: str) -> None:
    assert drift_page.label(source) == label


def test_who_only_tells_a_drift_stands_apart_from_who_names_it() -> None:
    named, told, unseen = (drift_page.answers(drift) for drift in ("ST06", "S33", "SD06"))
    assert (named.rules, named.named) == (("role-wrong",), True)
    assert (told.rules, told.named) == (("field-missing", "field-null"), False)
    assert (unseen.rules, unseen.mutations, unseen.scenarios) == ((), (), ())
