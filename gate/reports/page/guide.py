"""What stands with a finding besides its evidence: what its rule says, and the ways out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gate.model import Finding, Json, Report, Severity
from gate.reports.page.contents import Links
from gate.reports.words.figures import routes_of
from gate.reports.words.headlines import Headline
from gate.reports.words.rule_page import address, parts
from gate.reports.words.ways_out import DAYS, commands, several, tolerance
from gate.text.yaml_entry import entry_text

# chosen: nobody works through more causes on a page, and a thousand entries of YAML would be half of it.
_MOST = 100  # causes whose ways out are written out
_LONGEST = 2_000  # characters of an entry; a path may be as long as an answer
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

Span = tuple[str, bool]
"""A piece of a sentence, and whether it is code."""


@dataclass(frozen=True, slots=True)
class Guide:
    """`says` are the sections of the rule's page, which stand with the first cause of a rule; `above` is the anchor of
    that cause for the others. `url` is the published page. Without ways out, `commands` is empty."""

    says: tuple[tuple[str, tuple[Span, ...]], ...] = ()
    above: str = ""
    url: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    yaml: str = ""


def guides(report: Report, causes: Iterable[Headline], links: Links) -> Mapping[str, Guide]:
    """Anchor of the first finding of a cause → its guide."""
    first: dict[str, str] = {}
    found: dict[str, Guide] = {}
    for headline in causes:
        one, link = headline.first, links.of(headline.first)
        above = first.setdefault(one.rule, link)
        open_ = one.outcome == "enforced" and one.severity > Severity.INFO and len(found) < _MOST
        ways = tuple(commands(headline)) if open_ else ()
        found[link] = Guide(
            says=_says(one.rule) if above == link else (),
            above=above if above != link else "",
            url=address(report.rules_url, one.rule),
            commands=ways,
            yaml=_yaml(headline, report) if ways else "",
        )
    return found


# -- what the rule says -------------------------------------------------------------------------

_SECTIONS = (("What it does", "the rule"), ("Who breaks", "who breaks"), ("When to tolerate it", "when to tolerate"))


def _says(rule: str) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    page = parts(rule)
    return tuple((title, _spans(page[heading])) for heading, title in _SECTIONS if heading in page)


def _spans(markdown: str) -> tuple[Span, ...]:
    """Text and code in turn; links are only their words, as their addresses are files of the repository."""
    pieces = " ".join(_LINK.sub(r"\1", markdown).split()).split("`")
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


# -- ways out -----------------------------------------------------------------------------------


def _yaml(headline: Headline, report: Report) -> str:
    """The entry of `policy.tolerate`, until a month after the recording: a report has no clock. Empty where it would be
    too long."""
    one = headline.first
    entry = tolerance(one, reason="why it can wait", until=date.min, everywhere=several(headline))
    text = entry_text(entry | {"until": _until(report, one)})
    # cut it would tolerate nothing
    return text if len(text) <= _LONGEST else ""


def _until(report: Report, finding: Finding) -> str:
    facts: Sequence[Mapping[str, Json]] = (dict(routes_of(report.candidate)).get(finding.route, {}), report.candidate)
    for known in facts:
        try:
            return (date.fromisoformat(str(known.get("date"))) + timedelta(days=DAYS)).isoformat()
        # a report may come from anybody, and hold any date
        except (ValueError, OverflowError):
            continue
    return "YYYY-MM-DD"
