"""The report as one HTML file for a browser: no network, no library, readable without its script.

Jinja2 escapes, `gate.text.safe` neutralises what escaping leaves, and a Content-Security-Policy allows only the style
and the script with the right hashes, whatever a remote sent.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
import math
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from gate.model import Report, ScenarioResult
from gate.reports.page import contents
from gate.reports.page.guide import guides
from gate.reports.page.heads import heads
from gate.reports.words.comparison import COST, comparison, legend
from gate.reports.words.durations import duration
from gate.reports.words.findings import clients_line, crash_lines, place, sections
from gate.reports.words.headlines import SINCE, headlines
from gate.reports.words.history import fixed_lines, since_line, tally_line
from gate.reports.words.matrix import GRAVITY, matrix
from gate.text.plural import count
from gate.text.safe import cut, line, uncommanded

# chosen: a paragraph; longer texts of a remote are cut, bodies have a place of their own.
_LONGEST = 600  # characters of one text that is not a body
# chosen: about a screen of headings; the first are the most important.
_OPENED = 8  # scenarios that are open at first
_LARGE = 200  # findings; only above does the browser skip what is off screen, which harms printing


def render(report: Report) -> str:
    """The whole document; the same report gives the same bytes."""
    page = _environment().get_template("page.html")
    return uncommanded(page.render(_assets() | _context(report))).rstrip() + "\n"


def _context(report: Report) -> dict[str, Any]:
    """The variables of the templates."""
    links = contents.links(report)
    parts = contents.parts(report, links)
    titled = tuple(sections(report))
    off = headlines(finding for finding in report.findings if finding.outcome == "off")
    noted = [part for part in parts if part.noted]
    measured = tuple(part for part in parts if any(strip.rugs for strip in part.strips))
    figures = comparison(report)
    across = matrix(report)
    return {
        "contents": _contents(report, bool(across.routes), bool(figures.figures), bool(measured)),
        "report": report,
        "route": report.route,
        "sides": (heads("golden", report.golden), heads("candidate", report.candidate)),
        "large": len(report.findings) > _LARGE,
        "tally": contents.tally(report),
        "statuses": _statuses(report.scenarios),
        "failing": contents.failing(report),
        "links": links,
        "parts": parts,
        "noted": noted,
        "clean": [part for part in parts if not part.noted],
        "folded": contents.folded(parts),
        "scenario_links": {part.result.id: part.link for part in parts},
        "opened": frozenset(part.link for part in noted[:_OPENED] if part.result.status != "skipped"),
        "pictured": frozenset(part.result.id for part in parts if any(step.picture for step in part.steps)),
        "measured": measured,
        "strips_folded": contents.folded(measured),
        "areas": contents.columns(report),
        "found_areas": frozenset(finding.area for finding in report.findings),
        "sections": titled,
        "switched_off": off,
        "guides": guides(report, (*(one for _, group in titled for one in group), *off), links),
        "pictures": contents.pictures(parts, links),
        "excerpts": contents.excerpts(report),
        "figures": figures,
        "figures_legend": legend(figures),
        "priced": any(row.name == COST for row in figures.figures),
        "across": across,
        "since": [text for text in (since_line(report), tally_line(report)) if text],
        "fixed": list(fixed_lines(report)),
    }


def _contents(report: Report, routes: bool, figures: bool, measured: bool) -> tuple[tuple[str, str], ...]:
    """(anchor, title) of the sections that the page has."""
    listed = (
        ("crashes", "Rules that crashed", bool(report.crashes)),
        ("routes", "Routes", routes),
        ("balance", "Figures", figures and routes),
        ("matrix", "Scenarios and areas", True),
        ("findings", "Findings", True),
        ("balance", "Figures", figures and not routes),
        ("latency", "Latency", measured),
        ("scenarios", "Exchanges", True),
        ("notes", "Notes", bool(report.notes)),
    )
    return tuple((anchor, words) for anchor, words, there in listed if there)


def _statuses(scenarios: tuple[ScenarioResult, ...]) -> tuple[tuple[str, int], ...]:
    statuses = ["missing" if result.missing else result.status for result in scenarios]
    return tuple((status, statuses.count(status)) for status in (*GRAVITY, "missing"))


# -- the templates ------------------------------------------------------------------------------


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        # A typing error in a template must fail a test, not leave a hole in a page.
        undefined=StrictUndefined,
        # Every value passes here, so that no template can forget to make one safe.
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "short": cut,
        "body": _body,
        "ms": duration,
        "bytes": _size,
        "at": _at,
        "markup": Markup,
        "clients": clients_line,
    }
    environment.globals |= {
        "place": place,
        "crash_lines": crash_lines,
        "word": contents.word,
        "together": contents.together,
        "status_words": _STATUSES,
        "since_words": SINCE,
    }
    return environment


_STATUSES = {"pass": "passed", "drift": "drifted", "incomplete": "incomplete", "skipped": "skipped"}


def _file(name: str) -> str:
    return importlib.resources.files("gate.reports.page").joinpath(name).read_text("utf-8")


@functools.cache
def _assets() -> dict[str, Any]:
    """Style and script, and the Content-Security-Policy that allows only these two."""
    style, script = _file("page.css"), _file("page.js")
    # Nothing is fetched: a remote's `<img src>` that slipped through would otherwise tell its server who reads the
    # page.
    allowed = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    # both are files of this package, and neither contains a closing tag
    assets = {"style": Markup(style), "script": Markup(script)}  # noqa: S704
    # base-uri and form-action are not covered by default-src (CSP 3), and an injected form could send the page away.
    return assets | {"security": f"{allowed}; base-uri 'none'; form-action 'none'"}


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# -- texts of the remote ------------------------------------------------------------------------


def _harmless(value: Any) -> Any:
    """Makes every text that a template prints safe; Markup comes from this package's files or from `_body`."""
    if type(value) is not str:
        return value
    # Only short texts are cached: long ones differ, and would fill the memory.
    return _short_line(value) if len(value) < 200 else line(value, _LONGEST)


_short_line = functools.lru_cache(10_000)(line)  # names, rules and sentences are repeated


def _body(text: str) -> Markup:
    """A text of several lines for `<pre>`; quotes are not escaped, which is safe outside of attributes."""
    lines = "\n".join(line(part, len(part)) for part in text.split("\n"))
    # as a str: Markup would escape the quotes again
    return Markup(str(escape(lines)).replace("&#34;", '"').replace("&#39;", "'"))  # noqa: S704


def _at(ms: float | None) -> str:
    """`310`, or nothing where no times were taken."""
    return f"{ms:,.0f}" if ms is not None and math.isfinite(ms) else ""


def _size(size: int) -> str:
    return count(size, "byte") if size < 1000 else f"{size / 1000:.1f} kB" if size < 10**6 else f"{size / 10**6:.1f} MB"
