"""The reference pages, made from what the program knows of itself: docs/commands.md from click, the tables of docs/config.md
from the schema of gate.yaml, docs/rules.md from the rules, the map in docs/architecture.md from CONTRIBUTING.md.

python -m tests.reference_pages          writes them; so does `make pages`
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from gate.cli import GROUPS, group
from gate.config.gate_yaml import SCHEMA
from gate.reports.words.rule_page import PAGED
from gate.rules import rules
from tests import drift_page
from tests.catalogue.entries import AREAS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


# -- commands -------------------------------------------------------------------------------------

COMMANDS = """\
# Commands

All commands by what they are for, as `gate COMMAND --help` has them. Exit codes are the same everywhere: 0 pass, 1 drift, 2 usage
or unreadable files, 3 the route could not be judged. A command without `--config` takes `gate.yaml` of the folder it runs in.
"""
_GUIDES = {
    "check": ("Gateways between your goldens and the suite", "hermetic.md"),
    "init": ("Start", "index.md"),
    "scan": ("What your code calls", "scan.md"),
    "proxy": ("The recording proxy", "proxy.md"),
    "import": ("Other recordings", "import.md"),
    "record": ("Suites and scenarios", "suite.md"),
    "sdk": ("SDK upgrades", "sdk.md"),
    "explain": ("The rules", "rules.md"),
    "rules": ("The rules", "rules.md"),
    "tolerate": ("Policy", "config.md#policy"),
    "prove": ("Known drifts", "drifts.md"),
    "merge": ("Reports", "reports.md"),
    "serve": ("The replay server", "serve.md"),
}


def commands() -> str:
    """The page of all commands."""
    whole = click.Context(group, info_name="gate")
    lines = [COMMANDS]
    for title, named in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in named:
            lines += _command(name, whole)
    return "\n".join(lines)


def _command(name: str, whole: click.Context) -> Iterator[str]:
    command = group.get_command(whole, name)
    assert command, name
    context = click.Context(command, info_name=name, parent=whole)
    yield from (f"### gate {name}", "", "```text")
    yield " ".join(["gate", name, *command.collect_usage_pieces(context)])
    yield from ("```", "", cleandoc(command.help or ""), "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[1] and "--help" not in parameter.opts:
            yield f"- `{record[0]}`: {' '.join(record[1].split())}"
    yield ""
    if name in _GUIDES:
        yield from ("More: [{}]({}).".format(*_GUIDES[name]), "")


# -- gate.yaml ------------------------------------------------------------------------------------


def tables() -> Mapping[str, str]:
    """The tables of docs/config.md by the object of the schema that each shows."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    named = {name: schema["properties"][name] for name in ("samples", "policy", "limits")}
    shown = {"gate.yaml": schema, "route": schema["$defs"]["route"], **named}
    return {name: "\n".join(_table(part)) for name, part in shown.items()}


def _table(part: Mapping[str, Any]) -> Iterator[str]:
    yield "| key | what | default |"
    yield "|---|---|---|"
    for key, entry in part["properties"].items():
        default = "required" if key in part.get("required", ()) else _default(entry)
        yield f"| `{key}` | {entry['markdownDescription']} | {default} |"


def _default(entry: Mapping[str, Any]) -> str:
    """A value as YAML has it, or the words for what holds where the key is absent."""
    if "default" not in entry:
        return str(entry.get("x-default", "none"))
    value = entry["default"]
    words = (
        f"[{', '.join(value)}]" if isinstance(value, list) else value if isinstance(value, str) else json.dumps(value)
    )
    return f"`{words}`"


# -- rules ----------------------------------------------------------------------------------------

RULES = """\
# Rules

{count} rules judge what a candidate answers, and {own} more say what the policy, a whole run and a [proof](#proof) find; each
has a page with its reason, who breaks, a real example whose bytes are marked where they drift, and when to tolerate it.
`gate explain ID` shows the same page offline. The ids stand in every finding, and in `tolerate` and `severity` of
[gate.yaml](config.md#policy); the drifts are those of the [catalogue](drifts.md).

*Breaking* is what a client of the golden can fail on, *risky* what it can fail on if it reads a field that many read, *info* what is
visible and harmless. Where less is at stake than a rule's own severity says, a finding is milder; on a path of `depends_on` each is
breaking.
"""
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def rules_index() -> str:
    """All rules by area; a line each."""
    shown = [_rule(rule) for rule in (*rules(), *PAGED)]
    lines = [RULES.format(count=len(rules()), own=len(PAGED))]
    areas = (*AREAS, "proof")
    lines += [f"[{area}](#{area}) ·" for area in areas[:-1]] + [f"[{areas[-1]}](#{areas[-1]})", ""]
    for area in areas:
        lines += [f"## {area}", "", "| rule | severity | what | known drifts |", "|---|---|---|---|"]
        lines += sorted(line for of, line in shown if of == area)
        lines.append("")
    return "\n".join(lines)


def _rule(rule: str) -> tuple[str, str]:
    """(area, row) of a rule; what the policy and the whole run find has no rule, but a page that says as much."""
    severity, area = (DOCS / "rules" / f"{rule}.md").read_text("utf-8").split("\n")[2].split(" · ")
    known = rules().get(rule)
    what = known.summary if known else re.split(r"(?<=\.)\s", _page(rule))[0].rstrip(".")
    entries = drift_page.answered_by(rule) if known else []
    ids = " ".join(f"[{entry.id}](drifts.md#{entry.id.lower()})" for entry in entries)
    return area, f"| [{rule}](rules/{rule}.md) | {severity} | {what.replace('|', '/')} | {ids} |"


def _page(rule: str) -> str:
    text = (DOCS / "rules" / f"{rule}.md").read_text("utf-8")
    return _LINK.sub(r"\1", " ".join(text.partition("## What it does\n")[2].split()))


# -- architecture ---------------------------------------------------------------------------------


def house() -> str:
    """What CONTRIBUTING.md says of the house: the flow, the folders and what each may do."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return text.partition("## The house\n")[2].partition("\n## ")[0].strip()


# -- files ----------------------------------------------------------------------------------------


def _regions(page: str, made: Mapping[str, str]) -> Callable[[], str]:
    """The page with each of its regions made anew; the rest of it is written by hand."""

    def text() -> str:
        whole = (DOCS / page).read_text("utf-8")
        for name, part in made.items():
            begin, end = f"<!-- {name}: python -m tests.reference_pages -->\n", f"<!-- end of {name} -->"
            before, found, rest = whole.partition(begin)
            assert found, f"docs/{page} has no line {begin}"
            whole = f"{before}{begin}\n{part}\n\n{end}{rest.partition(end)[2]}"
        return whole

    return text


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands,
    "config.md": _regions("config.md", tables()),
    "rules.md": rules_index,
    "architecture.md": _regions("architecture.md", {"house": house()}),
}


def main() -> None:
    """Write the pages."""
    for name, made in PAGES.items():
        (DOCS / name).write_text(made().rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
