"""`docs/drifts.md`: the known drifts for people to read, each with the rules, mutations and scenarios that answer it.

python -m tests.drift_page          writes the page; so does `make pages`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import fill

from gate.model import Area, Rule
from gate.mutations import mutations
from gate.rules import home, rules
from tests.catalogue import speakers
from tests.catalogue.entries import AREAS, FOLDER, KnownDrift, drifts, variations

PAGE = FOLDER.parent / "drifts.md"
INTRO = """\
# Known drifts

{drifts} drifts between OpenAI-compatible routes, gateways, models and SDKs, and {variations} harmless variations. Each drift was
reported in public, and its sources lead to the reports. Rules, mutations, tests and documents refer to both by id.

The severity of a drift is the least that a finding of it must have: *breaking*; *risky* or worse; or *info*, which is
visible and never breaking. A variation in either direction must not raise a finding that is risky or worse.

What answers a drift is worked out by program:

- *Rules* name the id where they say what they are for. Where none does, those that tell its examples in the tests stand here.
- *Mutations* are what `gate prove` applies to your goldens to show the drift.
- *Scenarios* are those of the [built-in suite](suite.md) whose goldens the mutations fit.

This page is made from the files in [drifts/](drifts), one per area, by `make pages`.
"""
_SOURCE = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/(\d+)")
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Answers:
    """Ids of what answers a drift: rules, whether they name it or only tell it, mutations and built-in scenarios."""

    rules: tuple[str, ...]
    named: bool
    mutations: tuple[str, ...]
    scenarios: tuple[str, ...]


# -- what answers ---------------------------------------------------------------------------------


@cache
def answers(drift: str) -> Answers:
    """All that answers a drift, by what rules, tests and mutations say themselves."""
    named = tuple(rule.id for rule in rules().values() if drift in ids(_about(rule)))
    shown = [mutation for mutation in mutations().values() if drift in mutation.drifts]
    return Answers(
        rules=named or tuple(sorted(speakers(drift))),
        named=bool(named),
        mutations=tuple(mutation.id for mutation in shown),
        scenarios=tuple(sorted({scenario for mutation in shown for scenario in mutation.exercised_by})),
    )


def answered_by(rule: str) -> list[KnownDrift]:
    """The drifts that a rule names as its own."""
    named = ids(_about(rules()[rule]))
    return [drift for drift in drifts().values() if drift.id in named]


def _about(rule: Rule) -> str:
    module = home(rule.id)
    return (module if hasattr(module, "RULE") else rule.check).__doc__ or ""


def ids(text: str) -> set[str]:
    """The ids that stand in a text. `PA03–PA11` stands for all that the catalogue has from the one to the other."""
    return {found for match in _pattern().finditer(text) for found in _from_to(match["first"], match["last"])}


def linked(text: str, page: str) -> str:
    """The text with each id, also the ends of a range, as a link to its place on the page."""
    link = lambda entry: f"[{entry}]({page}#{entry.lower()})"
    return _pattern().sub(lambda found: "–".join(map(link, filter(None, found.groups()))), text)


def _from_to(first: str, last: str | None) -> Iterator[str]:
    yield first
    if last:
        yield last
        yield from (entry for entry in known() if first < entry < last)


def known() -> tuple[str, ...]:
    """Every id of the catalogue, in the page's order."""
    return *drifts(), *variations()


@cache
def _pattern() -> re.Pattern[str]:
    letters = "|".join(sorted({entry[:-2] for entry in known()}))
    return re.compile(rf"\b(?P<first>(?:{letters})\d\d)\b(?:–(?P<last>(?:{letters})\d\d)\b)?")


# -- the page -------------------------------------------------------------------------------------


def page() -> str:
    """The text of the page."""
    intro = INTRO.format(drifts=len(drifts()), variations=len(variations()))
    return "\n".join([intro, *_contents(), *_gaps(), *_areas(), *_harmless()])


def _contents() -> Iterator[str]:
    yield "| area | drifts |"
    yield "|---|---|"
    for area in AREAS:
        yield f"| [{area}](#{area}) | {_jumps(drift.id for drift in _of(area))} |"
    yield f"| [harmless variations](#harmless-variations) | {_jumps(variations())} |"
    yield ""


def _gaps() -> Iterator[str]:
    yield "| not fully answered | drifts |"
    yield "|---|---|"
    yield f"| no rule and no mutation | {_jumps(_answered(by_rule=False, by_mutation=False))} |"
    yield f"| a mutation, but no rule | {_jumps(_answered(by_rule=False, by_mutation=True))} |"
    yield f"| a rule, but no mutation | {_jumps(_answered(by_rule=True, by_mutation=False))} |"
    yield ""


def _answered(*, by_rule: bool, by_mutation: bool) -> Iterator[str]:
    found = ((drift, answers(drift)) for drift in drifts())
    return (drift for drift, by in found if (bool(by.rules), bool(by.mutations)) == (by_rule, by_mutation))


def _of(area: Area) -> Iterator[KnownDrift]:
    return (drift for drift in drifts().values() if drift.area == area)


def _jumps(found: Iterable[str]) -> str:
    return " ".join(f"[{entry}](#{entry.lower()})" for entry in found) or "none"


def _areas() -> Iterator[str]:
    for area in AREAS:
        yield f"## {area}"
        yield ""
        for drift in _of(area):
            yield from _entry(drift)


def _entry(drift: KnownDrift) -> Iterator[str]:
    # a heading's own anchor changes with its title
    yield f'<a id="{drift.id.lower()}"></a>'
    yield ""
    yield f"### {drift.id} {drift.title}"
    yield ""
    yield _wrapped(f"**{drift.severity.word}** · {drift.happens}")
    yield ""
    yield _wrapped(f"*Who broke:* {drift.broke}")
    yield ""
    yield from (f"- {line}" for line in _facts(drift))
    yield ""


def _facts(drift: KnownDrift) -> Iterator[str]:
    by = answers(drift.id)
    if drift.unseen:
        yield f"Not visible in one exchange: {drift.unseen}"
    yield f"Rules: {_rules(by) or 'none'}"
    yield f"Mutations: {_code(by.mutations)}"
    if by.scenarios:
        yield f"Scenarios: {_code(by.scenarios)}"
    yield f"Sources: {' · '.join(f'[{label(source)}]({source})' for source in drift.sources)}"


def _rules(by: Answers) -> str:
    links = ", ".join(f"[{rule}](rules/{rule}.md)" for rule in by.rules)
    return links if by.named or not links else f"none names it; told by {links}"


def _code(found: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in found) or "none"


def label(source: str) -> str:
    """A link in short: `owner/name#12` for an issue or a pull request, the address without its scheme otherwise."""
    match = _SOURCE.fullmatch(source)
    return f"{match[1]}#{match[2]}" if match else source.removeprefix("https://")


def _harmless() -> Iterator[str]:
    yield "## Harmless variations"
    yield ""
    for variation in variations().values():
        yield _wrapped(f'- <a id="{variation.id.lower()}"></a>**{variation.id}** {variation.text}', "  ")
    yield ""


def _wrapped(text: str, indent: str = "") -> str:
    return fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def main(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page().rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
