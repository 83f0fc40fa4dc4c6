"""What `gate verify` says of goldens that are whole, and goldens that are too old to judge by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gate.model import Exchange, Json, Scenario, Step
from gate.model.sides import Side
from gate.run.health import health
from tests.provider import Provider
from tests.recorded import check, inside, record
from tests.rules_table import call, completion, plain
from tests.test_cli import gate
from tests.test_record import CONFIG

TODAY = date(2026, 11, 30)
TOOLS = {"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "required"}
STEP = Step("chat.completions", "chat", {"messages": []})
FACTS: dict[str, Json] = {
    "date": "2026-11-22", "route": "baseline", "host": "api.example.com", "gate": "0.1.0", "runtime": "CPython 3.11.7",
}  # fmt: skip


def scenarios(**steps: int) -> list[Scenario]:
    return [Scenario(name, "text", (STEP,) * number) for name, number in steps.items()]


def answered(body: Json = None, step: int = 0) -> Exchange:
    return replace(plain(completion() if body is None else body), step=step)


@pytest.mark.parametrize(
    ("side", "suite", "locked", "lines"),
    [
        (Side({"chat": (answered(),)}), scenarios(chat=1), {}, []),  # another recorder's
        (Side({"chat": (answered(),)}, FACTS), [], {"pypi:openai": "2.0.0"},
         ["the oldest recorded on 2026-11-22 from route baseline at api.example.com by swapgate 0.1.0 with CPython 3.11.7: 8 days ago"]),
        (Side({"chat": (answered(),)}, {"date": "soon"}), [], {}, ["the oldest recorded on soon"]),
        (Side({"chat": (answered(),)}, {"date": "2026-11-29"}), [], {}, ["the oldest recorded on 2026-11-29: 1 day ago"]),
        (Side({}, {"versions": {"pypi:httpx": "0.28.1", "pypi:openai": "2.0.0"}}), [],
         {"pypi:httpx": "0.28.1", "pypi:openai": "2.1.0"}, ["locked then: openai 2.0.0, httpx 0.28.1; today: openai 2.0.0 → 2.1.0"]),
        (Side({}, {"versions": {"pypi:httpx": "0.28.1"}}), [], {"pypi:httpx": "0.28.1"}, ["locked then: httpx 0.28.1"]),
        (Side({}, {"versions": {f"npm:p{n}": "1" for n in range(9)}}), [], {}, ["locked then: p0 1, p1 1, p2 1, p3 1 and 5 more"]),
        (Side({"chat": (answered(),), "old": (answered(),)}), scenarios(chat=1, other=1), {}, ["in no scenario of the suite: old"]),
        (Side({"chat": (answered(), answered(step=1), answered(step=2))}), scenarios(chat=1), {},
         ["interactions that no step sends: chat (2 steps more)"]),
        (Side({"chat": (answered(), answered(step=1))}), scenarios(chat=2), {}, []),
    ],
)  # fmt: skip
def test_what_whole_goldens_tell(side: Side, suite: list[Scenario], locked: dict[str, str], lines: list[str]) -> None:
    assert list(health(side, suite, locked, TODAY)) == lines


def test_goldens_that_exercise_nothing_are_named() -> None:
    prose = plain(completion(), request=TOOLS)
    called = plain(completion(message={"role": "assistant", "content": None, "tool_calls": [call()]}), request=TOOLS)
    told = list(health(Side({"a": (prose,), "b": (called,), "c": (prose, called)}), [], {}, TODAY))
    assert told == ["exercise nothing: a (it offers tools, and no answer calls one)"]


@pytest.mark.parametrize(
    ("entry", "age", "code"),
    [
        ("90", 91, 0),
        ("{days: 90}", 91, 0),
        ("{days: 90, enforce: false}", 91, 0),
        ("{days: 90, enforce: true}", 90, 0),
        ("{days: 90, enforce: true}", 91, 2),
        ("{enforce: true}", 91, 2),
    ],
)
def test_old_goldens_fail_where_the_policy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, age: int, code: int
) -> None:
    config = CONFIG.replace("[minimal]", "[chat]") + f"policy: {{stale_after: {entry}}}\n"
    inside(record(tmp_path, config), monkeypatch)
    cassette = tmp_path / "golden/chat/cassette.yaml"
    day = date.today() - timedelta(days=age)
    cassette.write_text(re.sub(r'date: "[-0-9]+"', f'date: "{day}"', cassette.read_text("utf-8"), count=1), "utf-8")
    verified = gate("verify")
    assert verified.exit_code == code, verified.output
    old = f"the goldens are {age} days old (recorded {day}); providers change: `gate refresh` shows how"
    if code:
        assert f"gate.yaml: {old}\n  fix: run `gate refresh --write`" in verified.output
        monkeypatch.setenv("BASE", "http://127.0.0.1:9/v1")  # refused before anything is sent
        assert old in gate("check").output
        return
    assert f"{age} days ago" in verified.output
    assert (old in verified.output) == (age > 90)
    assert (old in check(Provider())[1]["notes"]) == (age > 90)
