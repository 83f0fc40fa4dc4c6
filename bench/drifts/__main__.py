"""Points tools at every known drift, every benign twin and the pairs of a folder, each by URL.

    python -m bench.drifts run [TOOL …] [--openapi FILE]   asks, and writes docs/drifts-bench/<today>.json
    python -m bench.drifts run --missing [TOOL …]          the same, but for what still holds of the newest file
    python -m bench.drifts run [TOOL …] --only PATTERN     asks about a part, and prints what was said
    python -m bench.drifts with NAME COMMAND               asks a command of yours, and prints what it said
    python -m bench.drifts list [--port N]                 serves all cases, and prints their URLs
    python -m bench.drifts page                            writes the tables of docs/accuracy.md

A COMMAND gets two base_urls, of the golden and of the candidate, and the requests as JSON on standard input. It exits
with 0 where it accepts the candidate, with 1 where it raises an alarm.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from bench.drifts import ask, cases, results
from bench.drifts.ask import Answer, Ask
from bench.drifts.cases import Case, Served
from bench.drifts.routes import routes
from bench.drifts.tools import ROOT, MissingError, Tool, tools

_TOOLS = ROOT / "results" / "drifts"  # where they are installed, and stay


def main(arguments: Sequence[str]) -> int:
    """What was asked for."""
    options = _parser().parse_args(arguments)
    if options.what == "page":
        results.write_page()
        return 0
    whole = cases.catalogue() if options.cases is None else cases.joined(cases.catalogue(), cases.pairs(options.cases))
    served = _chosen(whole, options.only)
    if not served.cases:
        sys.exit(f"no case is like {options.only!r}: a pattern is of `SORT NAME`, such as 'drift usage-*'")
    if options.what == "list":
        return _listed(served, options.port)
    if options.what == "with":
        return _tried(served, options.name, ask.command(options.command))
    return _run(whole, served, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.drifts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(dest="what", required=True)
    run, ours, listed, _ = (parts.add_parser(name) for name in ("run", "with", "list", "page"))
    run.add_argument("tool", nargs="*", help="which of the tools; all without")
    run.add_argument("--missing", action="store_true", help="ask only what no earlier run knows; swapgate all the same")
    run.add_argument("--openapi", type=Path, help="OpenAI's openapi.json, for Schemathesis")
    ours.add_argument("name")
    ours.add_argument("command")
    listed.add_argument("--port", type=int, default=0, help="of the golden side; the candidate's is the next")
    for part in (run, ours, listed):
        part.add_argument("--cases", type=Path, help="a folder of CASE/golden beside CASE/candidate, and index.json")
        part.add_argument("--only", default="*", help="`SORT NAME` as a pattern, such as 'twin usage-*'")
    return parser


def _chosen(whole: Served, only: str) -> Served:
    return replace(whole, cases=tuple(one for one in whole.cases if fnmatch(f"{one.sort} {one.name}", only)))


def _listed(served: Served, port: int) -> int:
    with routes(served, port) as (golden, candidate):
        for case in served.cases:
            urls = {"golden": f"{golden}/{case.golden}", "candidate": f"{candidate}/{case.candidate}"}
            line = {"sort": case.sort, "name": case.name, "wanted": case.wanted, **urls, "requests": case.requests}
            print(json.dumps(line), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def _tried(served: Served, name: str, asking: Ask) -> int:
    answers = list(_asked(served, asking))
    for case, answer in answers:
        print(f"{answer.said:9}  wanted {case.wanted:8}  {case.sort:5}  {case.name}  {answer.why}".rstrip())
    print(
        f"{name}: {', '.join(f'{said} {count}' for said, count in ask.tallied(a for _, a in answers).items() if count)}"
    )
    return 0


def _run(whole: Served, served: Served, options: argparse.Namespace) -> int:
    known = tools(options.openapi)
    if unknown := [name for name in options.tool if name not in known]:
        sys.exit(f"no such tool: {', '.join(unknown)}; there are {', '.join(known)}")
    ready = _ready({name: known[name] for name in options.tool or known})
    if served.cases != whole.cases:
        # a file of a part would pass for the newest run
        return max((_tried(served, name, asking) for name, asking in ready), default=0)
    today = datetime.now(UTC).date().isoformat()
    file = results.FILES / f"{today}.json"
    earlier = results.newest() if options.missing else results.read(file)
    holds = results.kept(earlier, served.cases, {name: tool.facts for name, tool in known.items()})
    found = {"date": today, "unplayed": [*cases.unplayed()], **holds}
    for name, asking in ready:
        start = time.monotonic()
        every = not (options.missing and known[name].released)
        left = served.cases if every else results.open_(found, name, served.cases)
        answers = _asked(replace(served, cases=tuple(left)), asking) if left else []
        said = {said: count for said, count in ask.tallied(answer for _, answer in answers).items() if count}
        if said.keys() == {"not asked"}:
            print(f"{name} is not asked: {answers[0][1].why}", file=sys.stderr)
            continue
        results.added(found, name, known[name].facts, answers)
        results.written(file, found)
        print(f"{name}: {said} in {time.monotonic() - start:.0f} s", flush=True)
    return 0


def _ready(chosen: Mapping[str, Tool]) -> Iterator[tuple[str, Ask]]:
    """Those that can be asked on this machine, installed one after the other."""
    for name, tool in chosen.items():
        try:
            yield name, tool.ask(_TOOLS / name)
        except MissingError as error:
            print(f"{name} is not asked: {error}", file=sys.stderr)


def _asked(served: Served, asking: Ask) -> list[tuple[Case, Answer]]:
    """A route of its own for each tool, so that none sees the samples that another's turn left over."""
    with routes(served) as (golden, candidate):
        return list(asking(served.cases, golden, candidate))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
