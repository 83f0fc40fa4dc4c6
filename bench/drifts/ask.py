"""How a tool is asked: by a runner of ours, once for all cases, or by any command, once for each.

A runner reads `{"name", "golden", "candidate", "requests"}` and answers `{"name", "said", "why"}`, a line of JSON each,
in any order. A command gets the two base_urls as arguments and the requests as JSON on standard input; it exits with 0
(accepts), 1 (alarm), anything else: it could not ask. Both sides answer any key.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from bench.drifts.cases import Case

Said = Literal["accepts", "risky", "alarm", "breaking", "not asked"]
"""What a tool says of a candidate. `risky` and `breaking` are alarms of a tool that has grades."""

AT_ONCE = 4
SECONDS = 120  # for one case: a tool that does not come back has not asked


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said of one case, and its reason in a few words."""

    said: Said
    why: str = ""


Ask = Callable[[Sequence[Case], str, str], Iterator[tuple[Case, Answer]]]
"""Cases, and the base_urls of the golden and of the candidate side."""


def by_lines(
    command: Sequence[str], cwd: Path, cases: Sequence[Case], golden: str, candidate: str
) -> Iterator[tuple[Case, Answer]]:
    """One process for all cases. What it does not answer is not asked."""
    known = {f"{case.sort} {case.name}": case for case in cases}
    lines = [json.dumps({"name": name, **_urls(case, golden, candidate)}) for name, case in known.items()]
    done = subprocess.run(command, cwd=cwd, input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            found = json.loads(line)
            yield known.pop(found["name"]), _answer(found)
    for case in known.values():
        yield case, Answer("not asked", f"the runner ended with {done.returncode}")


def by_exit(command: str, cases: Sequence[Case], golden: str, candidate: str) -> Iterator[tuple[Case, Answer]]:
    """One process for each case."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(cases, pool.map(lambda case: _once(command, case, golden, candidate), cases), strict=True)


def _once(command: str, case: Case, golden: str, candidate: str) -> Answer:
    urls = _urls(case, golden, candidate)
    whole = [*shlex.split(command), urls["golden"], urls["candidate"]]
    try:
        done = subprocess.run(
            whole, input=json.dumps(urls["requests"]), capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return Answer("not asked", f"no verdict after {SECONDS} s")
    except OSError as error:
        return Answer("not asked", f"it can't be started: {error.strerror}")
    why = (done.stdout.strip() or done.stderr.strip()).split("\n")[-1][:200]
    said: Mapping[int, Said] = {0: "accepts", 1: "alarm"}
    return Answer(said.get(done.returncode, "not asked"), why)


def _urls(case: Case, golden: str, candidate: str) -> dict[str, Any]:
    return {
        "golden": f"{golden}/{case.golden}",
        "candidate": f"{candidate}/{case.candidate}",
        "requests": asdict(case)["requests"],
    }


def _answer(found: Mapping[str, Any]) -> Answer:
    if found["said"] not in get_args(Said):
        raise ValueError(f"a runner said {found['said']!r}")
    return Answer(found["said"], str(found.get("why", ""))[:200])


def command(text: str) -> Ask:
    """Asks by the exit code of a command."""
    return partial(by_exit, text)


def tallied(answers: Iterable[Answer]) -> dict[Said, int]:
    """How often each was said."""
    counts: dict[Said, int] = dict.fromkeys(get_args(Said), 0)
    for answer in answers:
        counts[answer.said] += 1
    return counts
