"""`python -m bench.accuracy CORPUS`: the judge on pairs of real recorded exchanges, written into docs/accuracy.md.

CORPUS is a folder with `exchanges.jsonl.xz`, `pairs.json` and the scorer's modules (`corpus`, `facts`, `score`,
`wire`); it is data of others and no part of this project.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from gate.judge.compare import Cell, compare
from gate.model import Exchange, Finding, Request, Response, Samples, Severity
from gate.observe.exchange import observe

Pair = Mapping[str, Any]

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
PART = re.compile(r"(?<=<!-- corpus: python -m bench.accuracy CORPUS -->\n).*?(?=<!-- end of corpus -->)", re.DOTALL)


def main(folder: str) -> None:
    """Write its part of the page."""
    sys.path.insert(0, folder)
    corpus, score = importlib.import_module("corpus"), importlib.import_module("score")
    exchanges, pairs = corpus.load_exchanges(folder), corpus.load_pairs(folder)
    judged = [(pair, _judge(corpus, pair, exchanges)) for pair in pairs]
    card = _card(score, folder, judged)
    lines = [*_head(len(pairs)), *_demands(card), *_facts(card), *_providers(judged), *_rules(judged)]
    text = "\n".join(["", *lines, "", ""])
    PAGE.write_text(PART.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")


# -- judging ------------------------------------------------------------------------------------


def _judge(corpus: Any, pair: Pair, exchanges: Mapping[str, Any]) -> tuple[Finding, ...]:
    golden, candidate = exchanges[pair["golden"]], exchanges[pair["candidate"]]
    ours = Samples((observe(exchange_of(corpus, golden)),))
    theirs = Samples((observe(exchange_of(corpus, corpus.as_candidate(golden, candidate))),))
    findings, crashes = compare([Cell("case", 0, ours, theirs)])
    if crashes:
        raise SystemExit(crashes[0].traceback)
    return findings


def exchange_of(corpus: Any, found: Mapping[str, Any]) -> Exchange:
    """A stored exchange of the corpus."""
    request, response = found["request"], found["response"]
    return Exchange(
        Request(request["method"], request["url"], _pairs(request["headers"]), corpus.request_bytes(found)),
        Response(response["status"], "", _pairs(response["headers"]), corpus.response_bytes(found)),
    )


def _pairs(headers: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple((headers or {}).items())


def _card(score: Any, folder: str, judged: Sequence[tuple[Pair, tuple[Finding, ...]]]) -> Any:
    """The scorer's own measures over findings that were made here, in one process."""
    runner = importlib.import_module("runner")
    results = {
        score.case_name(n, pair): runner.Result(
            [runner.Finding(f.rule, f.area, f.severity.word, f.path, f.message) for f in found]
        )
        for n, (pair, found) in enumerate(judged)
    }
    score.run_gate = lambda *_, **__: results
    numbered = list(enumerate(pair for pair, _ in judged))
    corpus = importlib.import_module("corpus")
    return score.measure("", numbered, corpus.load_exchanges(folder), score.FACTS, 1)


# -- the page -----------------------------------------------------------------------------------


def _head(pairs: int) -> Iterator[str]:
    yield f"Measured on {date.today().isoformat()}, on {pairs:,} pairs."


def _demands(card: Any) -> Iterator[str]:
    yield from ("", "### Silence and detection", "", "| demand | met | of | share |", "|---|--:|--:|--:|")
    for one in [*card.alarms, *card.sdk]:
        yield f"| {one.name} | {one.hits} | {one.total} | {one.share:.1%} |"


def _facts(card: Any) -> Iterator[str]:
    yield from (
        "",
        "### Wire facts",
        "",
        "Facts read from the bytes alone; *named* findings also speak of the fact.",
        "",
    )
    yield f"Mean recall {card.recall:.1%}, named {card.named_recall:.1%}, quiet {card.quietness:.1%}."
    yield from ("", "| fact | at least | recall | named | pairs |", "|---|---|--:|--:|--:|")
    for area, named in card.facts:
        if area.total:
            yield f"| {area.name} | {area.note} | {area.share:.0%} | {named.share:.0%} | {area.total} |"


def _providers(judged: Iterable[tuple[Pair, tuple[Finding, ...]]]) -> Iterator[str]:
    yield from ("", "### By provider of the candidate", "")
    yield from (
        "| provider | same | with breaking | with risky | cross | with breaking | with risky |",
        "|---|" + "--:|" * 6,
    )
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, found in judged:
        kind = pair["kind"] if pair["kind"] in ("same", "cross") else ""
        worst = max((f.severity for f in found), default=Severity.INFO)
        row = rows[pair["candidate_provider"]]
        row[kind] += 1
        row[f"{kind} {worst.word}"] += 1
    for name, row in sorted(rows.items()):
        cells = [str(row[f"{kind}{word}"]) for kind in ("same", "cross") for word in ("", " breaking", " risky")]
        yield f"| {name} | {' | '.join(cells)} |"


def _rules(judged: Iterable[tuple[Pair, tuple[Finding, ...]]]) -> Iterator[str]:
    yield from ("", "### By rule", "", "Pairs in which a rule spoke.", "")
    yield from ("| rule | severity | same | over time | cross |", "|---|---|--:|--:|--:|")
    rows: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for pair, found in judged:
        for rule, severity in {(f.rule, -f.severity) for f in found}:
            rows[rule, severity][pair["kind"]] += 1
    for (rule, severity), row in sorted(rows.items()):
        word = Severity(-severity).word
        yield f"| {rule} | {word} | {row['same']} | {row['same_temporal']} | {row['cross']} |"


if __name__ == "__main__":
    main(sys.argv[1])
