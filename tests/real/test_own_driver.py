"""`gate sdk` with a team's own driver: a wrapper of its own around HTTP, which a change of its repository breaks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gate.store.shipped import goldens
from tests.test_cli import gate

pytestmark = pytest.mark.slow

# With the standard library alone. `{read}` is how it reads an answer, `{more}` what else it does at a call.
DRIVER = """
import json, sys, urllib.request, urllib.error

print(json.dumps({{"protocol": 1, "hello": {{"driver": "helpdesk", "calls": {{"chat.completions": ["create"]}}}}}}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    told = {{"id": job["id"], "outcome": "returned"}}
    request = urllib.request.Request(
        job["base_url"] + "/chat/completions",
        json.dumps(job["body"]).encode(),
        {{"authorization": "Bearer " + job["api_key"], "content-type": "application/json"}},
    )
    try:
        {more}
        with urllib.request.urlopen(request, timeout=3) as answer:
            document = json.load(answer)
        told["values"] = {{"text": {read}}}
    except Exception as error:
        kind = type(error)
        told |= {{"outcome": "raised", "error": {{"classes": [c.__name__ for c in kind.__mro__], "message": str(error)}}}}
    print(json.dumps(told), flush=True)
"""
WHOLE = 'document["choices"][0]["message"]["content"]'


def team(folder: Path, before: str, now: str) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)

    run = json.dumps([sys.executable, "tests/driver.py"])
    (folder / "gate.yaml").write_text(f"version: 1\ngolden: golden\nroutes: {{}}\nsdk: {{ours: {{run: {run}}}}}\n")
    (folder / "tests").mkdir()
    (folder / "golden").mkdir()
    for name in ("chat", "max-tokens"):
        shutil.copytree(goldens() / name, folder / "golden" / name)
    (folder / "tests/driver.py").write_text(before)
    git("init", "-q")
    git("add", "gate.yaml", "tests")
    git("commit", "-qm", "a")
    (folder / "tests/driver.py").write_text(now)


def driver(read: str = WHOLE, more: str = "pass") -> str:
    return DRIVER.format(read=read, more=more)


def judged(folder: Path) -> tuple[int, set[tuple[str, str]], dict[str, Any]]:
    result = gate("sdk", "--no-faults", "--report", "json")
    report = json.loads(result.output)
    return result.exit_code, {(one["rule"], one["severity"]) for one in report["findings"]}, report


CHANGES = [
    (driver() + "# the same\n", 0, set()),
    (driver(f"{WHOLE}[:3]"), 1, {("sdk-answer-changed", "breaking")}),
    (driver(f"{WHOLE} + 1"), 1, {("sdk-raises", "breaking")}),
    (
        driver(more='urllib.request.urlopen("http://telemetry.example/x")'),
        1,
        {("sdk-calls-elsewhere", "breaking"), ("sdk-raises", "breaking"), ("sdk-retries-changed", "risky")},
    ),
    ("raise SystemExit('no')", 1, {("sdk-unusable", "breaking")}),
    (driver().replace('"outcome": "returned"', '"outcome": "fine"'), 1, {("sdk-hangs", "breaking")}),
]


@pytest.mark.parametrize(
    ("now", "code", "rules"), CHANGES, ids=["same", "cut", "raises", "elsewhere", "dead", "protocol"]
)
def test_a_change_of_the_wrapper_is_judged(
    now: str, code: int, rules: set[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-" + "never-seen-by-a-driver")
    team(tmp_path, driver(), now)
    found = judged(tmp_path)
    assert found[:2] == (code, rules)
    # whoever reads it learns what the line was
    assert ("breaks the protocol" in json.dumps(found[2])) == ('"fine"' in now)


def test_nothing_differs_and_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    team(tmp_path, driver(), driver())
    assert "nothing to judge" in gate("sdk").output
    assert "nothing to judge" in gate("sdk", "--no-ours").output
