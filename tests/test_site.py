"""The documentation: pages of reference are what the program says of itself, links lead somewhere, commands exist."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from gate.cli import group
from gate.config import gate_yaml
from tests import reference_pages, site_source

ROOT = Path(__file__).parent.parent
PAGES = [place for place in site_source.files() if place.endswith(".md")]


@pytest.mark.parametrize("name", reference_pages.PAGES)
def test_a_page_of_reference_is_what_the_program_says(name: str) -> None:
    made = reference_pages.PAGES[name]().rstrip("\n") + "\n"
    assert (reference_pages.DOCS / name).read_text("utf-8") == made, "run `make pages`"


def test_the_defaults_of_the_schema_are_those_of_the_program(tmp_path: Path) -> None:
    schema = json.loads(gate_yaml.SCHEMA.read_text("utf-8"))
    parts = {name: _defaults(schema["properties"][name]) for name in ("samples", "policy", "limits")}
    baseline = {"base_url": "https://a.test/v1"}
    written = {"version": 1, "routes": {"baseline": {**baseline, **_defaults(schema["$defs"]["route"])}}}
    (tmp_path / "all.yaml").write_text(yaml.safe_dump({**written, **_defaults(schema), **parts}))
    (tmp_path / "none.yaml").write_text(yaml.safe_dump({"version": 1, "routes": {"baseline": baseline}}))
    alike = [
        replace(config, policy=replace(config.policy, file=""))
        for config in (gate_yaml.load(tmp_path / name) for name in ("all.yaml", "none.yaml"))
    ]
    assert all(parts.values())
    assert alike[0] == alike[1]


def _defaults(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry["default"] for key, entry in part["properties"].items() if "default" in entry}


def test_every_link_leads_to_a_file() -> None:
    lost = {(place, link) for place in PAGES for link in site_source.links(place) if not (ROOT / link).exists()}
    assert lost == set()


def test_every_page_stands_in_the_navigation_or_in_the_list_of_rules() -> None:
    """Once: a page in two places opens the wrong one of them."""
    project = tomllib.loads((site_source.SITE / "zensical.toml").read_text("utf-8"))["project"]
    rules = {page for page in site_source.files().values() if page.startswith("rules/")}
    assert sorted(_navigation(project["nav"])) == sorted({site_source.files()[place] for place in PAGES} - rules)
    index = (ROOT / "docs/rules.md").read_text("utf-8")
    assert {page for page in rules if f"({page})" not in index} == set()


def _navigation(entries: list[dict[str, object]]) -> Iterator[str]:
    for entry in entries:
        for value in entry.values():
            if isinstance(value, list):
                yield from _navigation(value)
            elif not str(value).startswith("https:"):
                yield str(value)


@pytest.mark.parametrize(
    ("place", "written", "shown"),
    [
        ("docs/hermetic.md", "](../examples/hermetic)", f"]({site_source.REPOSITORY}/tree/main/examples/hermetic)"),
        ("docs/scan.md", "](../gate/inventory/scan.schema.json)", f"]({site_source.REPOSITORY}/blob/main/gate/inventory/scan.schema.json)"),
        ("CONTRIBUTING.md", "](docs/suite.md)", "](suite.md)"),
        ("docs/architecture.md", "](../CONTRIBUTING.md)", "](contributing.md)"),
        ("docs/rules/done-missing.md", "](../drifts.md#t05)", "](../drifts.md#t05)"),
        ("docs/rules/done-missing.md", "risky · stream\n", "[Rules](../rules.md) · risky · [stream](../rules.md#stream)\n"),
    ],
)  # fmt: skip
def test_links_work_in_the_repository_and_in_the_site(place: str, written: str, shown: str) -> None:
    assert written in (ROOT / place).read_text("utf-8")
    assert shown in site_source.page(place)


@pytest.mark.parametrize("place", [place for place in PAGES if place.startswith("docs/rules/")])
def test_the_page_of_a_rule_leads_back(place: str) -> None:
    assert "[Rules](../rules.md) · " in site_source.page(place).split("\n")[2]


def test_what_is_code_stays_as_it_is() -> None:
    text = "[a](b.md)\n```text\n[a](b.md)\n```\n[a](b.md)\n````md\n```\n[a](b.md)\n````\n"
    changed = site_source.outside_of_code(text, lambda part: part.replace("b.md", "c.md"))
    assert changed == "[a](c.md)\n```text\n[a](b.md)\n```\n[a](c.md)\n````md\n```\n[a](b.md)\n````\n"


def test_every_command_of_a_page_has_its_options() -> None:
    wrong = [f"{place}: {line}" for place in ["README.md", *PAGES] for line in _typed(place) if not _parses(line)]
    assert wrong == []


def _typed(place: str) -> list[str]:
    """The lines of `gate` that a page shows at a prompt."""
    return re.findall(r"^\$ (gate .*?)(?:  +#.*)?$", (ROOT / place).read_text("utf-8"), re.MULTILINE)


def _parses(line: str) -> bool:
    words = shlex.split(re.split(r" [|>&]| \\$", line)[0])[1:]
    command = group.get_command(click.Context(group), words[0]) if words else None
    if not command:
        return line in {"gate --version", "gate --help"}
    try:
        command.make_parser(click.Context(command)).parse_args(words[1:])
    except click.UsageError:
        return False
    return True


def test_a_command_that_is_misspelt_would_be_found() -> None:
    assert [_parses(line) for line in ("gate check --rute x", "gate chek", "gate check --route x | cat")] == [
        False,
        False,
        True,
    ]
