"""The example of each rule's page, made from the first firing row of its table so that it can't go stale, and the number
of rules in README.md.

python -m tests.rule_pages          writes them; so does `make pages`
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from gate.model import Exchange, Response, Severity, Transcript
from gate.reports.words.findings import finding_lines
from gate.rules import home, rules
from gate.wire.shape import show
from tests import drift_page
from tests.parting import parted
from tests.rules_table import Row, judge

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "rules"
README = ROOT / "README.md"
EXAMPLE = re.compile(r"(?<=## Example\n).*?(?=^## )", re.DOTALL | re.MULTILINE)
_SHOWN = 1400  # characters of a body
_NUMBERS = re.compile(r"((?:-?[\d.e-]+, ?){6})((?:-?[\d.e-]+, ?){6,}-?[\d.e-]+)")  # a vector of 1,536 teaches nothing


def table(rule: str) -> tuple[Row, ...]:
    """The rows of a rule: of its own table, or those of its family's that it tells, and that none of them does."""
    module = home(rule)
    cases: tuple[Row, ...] = importlib.import_module(f"tests.rules.{module.__name__.rpartition('.')[2]}").CASES
    return cases if hasattr(module, "RULE") else tuple(_of(rule, cases))


def _of(rule: str, cases: Iterable[Row]) -> Iterator[Row]:
    """The rows of a family's table as one of its rules sees them; `fires` of a family names the rule."""
    for row in cases:
        told = [fired.split(" ", 2) for fired in row.fires]
        own = tuple(f"{severity} {path}" for severity, name, path in told if name == rule)
        # what is only info is no part of the judgement of other rules
        others = [" ".join(each) for each in told if each[1] != rule and each[0] != Severity.INFO.word]
        if own or not told:
            yield replace(row, fires=own, also=(*row.also, *others))


def page(rule: str) -> Path:
    """The page of a rule."""
    return PAGES / f"{rule}.md"


def example(rule: str) -> str:
    """The text below `## Example`: request, golden, candidate, and what the judge says."""
    row = next((row for row in table(rule) if row.fires), None)
    assert row, f"no row of {rule} fires"
    golden, candidate = _first(row.golden), _first(row.candidate)
    found = next((finding for finding in judge(row) if finding.rule == rule), None)
    assert found, f"the first firing row of {rule} does not fire: {row.why}"
    request = _cut((golden.request.body or b"").decode("utf-8", "replace"))
    return "\n".join(
        [
            "",
            f"{_linked(row.why)}.",
            "",
            f"The request, `{golden.request.method} {golden.request.url.partition('.test')[2]}`:",
            "",
            *_fenced(request, "json"),
            *_reached(candidate),
            *_answer(_response(golden), _response(candidate)),
            "The finding:",
            "",
            *_fenced("\n".join(finding_lines(found))),
            *_answers(rule),
            "",
        ]
    )


def _linked(words: str) -> str:
    """Ids of known drifts lead to the catalogue."""
    return drift_page.linked(words, "../drifts.md")


def _answers(rule: str) -> Iterator[str]:
    """The known drifts that the rule answers, in the catalogue's order."""
    entries = drift_page.answered_by(rule)
    if entries:
        yield from ("Of the [known drifts](../drifts.md) it answers:", "")
        yield from (f"- [{entry.id}](../drifts.md#{entry.id.lower()}) {entry.title}" for entry in entries)
        yield ""


def _answer(golden: str, candidate: str) -> list[str]:
    sides = "the golden's (`-`), the candidate's (`+`)"
    return _compared("The answer", "the same on both sides", sides, golden, candidate)


def _compared(what: str, alike: str, sides: str, golden: str, candidate: str) -> list[str]:
    """Both texts as one, with what differs marked; texts that are alike stand there once."""
    words = f"{what}, {alike}:" if golden == candidate else f"{what}: {sides}; a line breaks where they part:"
    return [words, "", *_fenced("\n".join(parted(golden, candidate)), "diff")]


def _reached(candidate: Exchange) -> Iterator[str]:
    """What reached the upstream of a gateway, and what it was answered."""
    if candidate.upstream is None:
        return
    sent = _request(candidate)
    if not candidate.upstream:
        yield from ("What the client sent, and nothing of it reached the upstream:", "", *_fenced(sent))
    for number, call in enumerate(candidate.upstream, 1):
        times = f" at {call.at_ms:.0f} ms" if call.at_ms is not None else ""
        status = f", answered {call.response.status}" if call.response else ""
        what = f"Call {number} to the upstream{times}{status}"
        sides = "what the client sent (`-`), what came (`+`)"
        yield from _compared(what, "as the client sent it", sides, sent, _request(call))


def _request(exchange: Exchange) -> str:
    request = exchange.request
    head = [f"{request.method} {request.url.partition('.test')[2]}"]
    head += [f"{name}: {value}" for name, value in request.headers]
    return "\n".join([*head, "", _cut((request.body or b"").decode("utf-8", "replace"))])


def _first(side: Exchange | Sequence[Exchange]) -> Exchange:
    return side if isinstance(side, Exchange) else side[0]


def _fenced(text: str, language: str = "text") -> list[str]:
    return [f"```{language}", *text.rstrip().splitlines(), "```", ""]


def _response(exchange: Exchange) -> str:
    if exchange.transcripts:
        return "\n".join(map(_transcript, exchange.transcripts))
    if exchange.response is None:
        return f"(no response: {exchange.ending} {exchange.detail})"
    head = [f"HTTP {exchange.response.status}", *(f"{n}: {v}" for n, v in exchange.response.headers)]
    times = [f"(arrived at {', '.join(f'{c.at_ms:.0f}' for c in exchange.chunks[:12])} ms)"] if exchange.chunks else []
    ending = [f"(ended: {exchange.ending} {exchange.detail})"] if exchange.ending != "complete" else []
    return "\n".join([*head, "", _cut(_printable(exchange.response)), *times, *ending])


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: _told(part) for n, part in value.items() if part not in ((), {}, None, "") and part is not False}
    return [_told(part) for part in value] if isinstance(value, tuple) else value


def _transcript(transcript: Transcript) -> str:
    """What an SDK made of the answer, without what is empty."""
    told = _told(asdict(transcript))
    call, outcome = told.pop("call"), told.pop("outcome")
    return "\n".join([f"{call}: {outcome}", *(f"  {field}: {show(value)}" for field, value in told.items())])


def _printable(response: Response) -> str:
    text = response.body.decode("utf-8", "backslashreplace")
    return text.replace("\r", "␍").replace("\0", "␀").replace("```", "``\u200b`")


def _cut(text: str) -> str:
    text = _NUMBERS.sub(lambda found: f"{found[1]}… and {found[2].count(',') + 1} more", text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters in all)"


def with_example(rule: str) -> str:
    """The page's text with its example made anew."""
    text = page(rule).read_text("utf-8")
    made = example(rule)
    found = EXAMPLE.search(text)
    return text[: found.start()] + made + text[found.end() :] if found else text


def counted(text: str) -> str:
    """The README with the number of rules that there are."""
    return re.sub(r"(?<=has )\d+(?= rules)", str(len(rules())), text)


def main() -> None:
    """Write the pages and the number."""
    for rule in rules():
        page(rule).write_text(with_example(rule), "utf-8")
    README.write_text(counted(README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
