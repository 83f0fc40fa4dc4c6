"""Scenarios of several steps and of long duration, live: whose ids go back, and what a stream that must last shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.judge.pairing import observed
from gate.model import Ending, Exchange
from tests.provider import Provider
from tests.test_record import on, team

__all__ = ["team"]


def body(exchange: Exchange) -> Any:
    return json.loads(exchange.request.body or b"")


@pytest.mark.parametrize("name", ["tool-roundtrip", "tool-roundtrip-stream", "tool-roundtrip-empty"])
def test_the_candidates_own_ids_go_back_to_it(team: Path, name: str) -> None:
    on(Provider(seed=1), "record", "--suite", name)
    sent: list[Exchange] = []

    class Remembering(Provider):
        def answer(self, request: Any) -> Exchange | None:
            found = super().answer(request)
            if found:
                sent.append(replace(found, request=request))
            return found

    assert on(Remembering(seed=2), "check", "--suite", name).exit_code == 0
    (first,) = observed(sent[:1])
    assert first.answer is not None
    call = first.answer.choices[0].tool_calls[0]
    turn, result = body(sent[1])["messages"][-2:]
    assert turn["tool_calls"][0] == {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }
    assert result["tool_call_id"] == call.id
    assert body(sent[0]).get("stream") == body(sent[1]).get("stream")


def cut(found: Exchange) -> Exchange:
    if not found.response or not found.response.body.startswith(b"data:"):
        return found
    half = found.response.body[: len(found.response.body) // 2]
    return replace(found, response=replace(found.response, body=half), ending=Ending.CUT)


LONG = ("--suite", "long-stream", "--suite", "chat", "--min-seconds", "0.4")


@pytest.mark.parametrize(
    ("provider", "code", "status", "rules"),
    [
        (Provider(seed=2, gap_ms=100), 0, "pass", set()),
        (Provider(seed=3, gap_ms=0), 0, "skipped", set()),  # it ended too soon to show anything
        # that is what it is for
        pytest.param(Provider(seed=4, gap_ms=100, mutate=cut), 1, "drift", {"body-cut"}, marks=pytest.mark.slow),
    ],
)
def test_a_stream_that_must_last(team: Path, provider: Provider, code: int, status: str, rules: set[str]) -> None:
    assert on(Provider(seed=1, gap_ms=100), "record", *LONG).exit_code == 0
    result = on(provider, "check", *LONG, "--report", "json")
    report = json.loads(result.output)
    found = {s["id"]: s for s in report["scenarios"]}
    assert (result.exit_code, found["long-stream"]["status"], found["chat"]["status"]) == (code, status, "pass")
    assert rules <= {f["rule"] for f in report["findings"]}
    assert (status == "skipped") == ("that it needs" in found["long-stream"]["reason"])
    again = json.loads(on(Provider(), "diff", "golden", ".gate/candidate", "--report", "json").output)
    assert [(s["id"], s["status"]) for s in again["scenarios"]] == [(s["id"], s["status"]) for s in report["scenarios"]]
