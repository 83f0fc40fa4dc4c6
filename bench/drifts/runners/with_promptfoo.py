"""promptfoo (https://www.promptfoo.dev): `with_promptfoo.py NODE MAIN`, both files of its installation.

A custom provider sends the recorded requests (`asks.cjs`); its output is the form that the assertions see. They are
written from two answers of the golden: `is-json` with a JSON Schema of types, what is always there and pinned values
(`form.expected`), and `latency`, of five times the golden's and a second. One evaluation holds all cases, and a second
one those that were late and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from form import expected, sent

AT_ONCE = 8
Line = Mapping[str, Any]


def main(node: str, program: str) -> None:
    """Asks the goldens, writes the tests, and evaluates them."""
    lines = [json.loads(line) for line in sys.stdin]
    failed = _evaluated(node, program, lines, AT_ONCE)
    # a machine may be busy for a moment: what was late and nothing else is asked again, one after the other
    late = [line for line in lines if set(failed.get(line["name"], ())) == {"latency"}]
    failed |= _evaluated(node, program, late, 1) if late else {}
    for line in lines:
        why = failed.get(line["name"])
        said = "not asked" if why is None else "alarm" if why else "accepts"
        print(json.dumps({"name": line["name"], "said": said, "why": (why or [""])[0][:150]}))


def _evaluated(node: str, program: str, lines: Sequence[Line], at_once: int) -> dict[str, list[str]]:
    """What failed of each case, `latency` where that was all; a case of which nothing is known is not in there."""
    with tempfile.TemporaryDirectory(prefix="promptfoo-") as folder, ThreadPoolExecutor(at_once) as pool:
        tests = [test for found in pool.map(lambda line: list(_tests(line)), lines) for test in found]
        shutil.copy(Path(__file__).with_name("asks.cjs"), folder)
        Path(folder, "config.json").write_text(json.dumps(_config(tests, at_once)), "utf-8")
        flags = ["--no-cache", "--no-table", "--no-progress-bar", "--no-write"]
        command = [node, program, "eval", "-c", "config.json", "-o", "out.json", *flags]
        subprocess.run(command, cwd=folder, env=_environ(folder), stdout=subprocess.DEVNULL)
        results = json.loads(Path(folder, "out.json").read_text("utf-8"))["results"]["results"]
    failed: dict[str, list[str]] = defaultdict(list)
    for one in results:
        failed[one["testCase"]["metadata"]["name"]] += [] if one["success"] else [_why(one)]
    return dict(failed)


def _why(result: Mapping[str, Any]) -> str:
    parts = (result.get("gradingResult") or {}).get("componentResults") or []
    wrong = {part["assertion"]["type"] for part in parts if part.get("assertion") and not part["pass"]}
    return "latency" if wrong == {"latency"} else str(result.get("error") or "an assertion failed").split("\n")[0]


def _tests(line: Line) -> Iterator[dict[str, Any]]:
    for request in line["requests"]:
        golden = [sent(line["golden"], request) for _ in range(2)]
        slowest = max(one.get("seconds", 0.0) for one in golden)
        yield {
            "metadata": {"name": line["name"]},
            "vars": {
                "url": line["candidate"] + request["path"],
                "method": request["method"],
                "media": request["media"],
                "body": request["body"] or "-",
            },
            "assert": [
                {"type": "is-json", "value": expected(golden, request["body"])},
                {"type": "latency", "threshold": round(1000 * (5 * slowest + 1))},
            ],
        }


def _config(tests: list[dict[str, Any]], at_once: int) -> dict[str, Any]:
    options = {"maxConcurrency": at_once, "cache": False}
    return {"prompts": ["{{body}}"], "providers": ["file://asks.cjs"], "tests": tests, "evaluateOptions": options}


def _environ(folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "PROMPTFOO_CONFIG_DIR": folder,
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
        "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
