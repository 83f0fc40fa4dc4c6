"""What became of a parameter: honoured, ignored or rejected, with the evidence, in the contract of a probe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gate.contract.derive import derive
from gate.contract.difference import Change, differences
from gate.contract.text import parse
from gate.judge.pairing import observed
from gate.model import Exchange
from gate.observe.parameters import allowlist
from gate.suite import builtin
from tests.rules_table import ASK, HELLO, TOOL, USAGE, call, called, chunk, completion, plain, stream

JSON = {"type": "json_object"}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "a", "strict": True, "schema": {"type": "object", "required": ["capital"]}},
}


def asking(**parameters: Any) -> Mapping[str, Any]:
    return {**ASK, "temperature": 1, "max_tokens": 9, **parameters}


def says(text: str, **parameters: Any) -> Exchange:
    return plain(completion({"content": text}), asking(**parameters))


def calls(*names: str, **parameters: Any) -> Exchange:
    request = asking(tools=[TOOL], **parameters)
    if not names:
        return plain(completion(), request)
    return called(*(call(name=name, id=f"call_{n}") for n, name in enumerate(names)), request=request)


def refuses(param: str | None, message: str = "No.", **parameters: Any) -> Exchange:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    return plain({"error": error}, asking(**parameters), status=400)


WITH_USAGE = {"stream_options": {"include_usage": True}}
NAMED = {"type": "function", "function": {"name": "get_time"}}


@pytest.mark.parametrize(
    ("samples", "lines"),
    [
        ([says("a", seed=1), says("a", seed=1)], ["seed: honoured: all answers are equal"]),
        ([says("a", seed=1), says("b", seed=1)], ["seed: ignored: the answers differ"]),
        ([says("a", seed=1)], ["seed: accepted: no answer can show its effect"]),
        ([says("xyxyxyxy", logit_bias={"5": 100})], ["logit_bias: honoured: the answer repeats one token"]),
        ([says("ha ha ha ha", logit_bias={"5": 100})], ["logit_bias: honoured: the answer repeats one token"]),
        ([says("ha ha ha", logit_bias={"5": 100})], ["logit_bias: ignored: the answer is an ordinary text"]),
        ([says("Paris.", logit_bias={"5": 100})], ["logit_bias: ignored: the answer is an ordinary text"]),
        ([says("Paris.", logit_bias={"5": 1})], ["logit_bias: accepted: no answer can show its effect"]),
        ([calls("f", parallel_tool_calls=False)], ["parallel_tool_calls: honoured: one call"]),
        ([calls("f", "f", parallel_tool_calls=False)], ["parallel_tool_calls: ignored: 2 calls"]),
        ([calls(parallel_tool_calls=False)], ["parallel_tool_calls: ignored: no calls"]),
        ([calls("f", parallel_tool_calls=True)], ["parallel_tool_calls: accepted: no answer can show its effect"]),
        (
            [plain(completion(usage=None), asking(max_completion_tokens=16))],
            ["max_completion_tokens: accepted: no answer can show its effect"],
        ),
        (
            [plain(completion(usage={**USAGE, "completion_tokens": 16}), asking(max_completion_tokens=16))],
            ["max_completion_tokens: honoured: the answer ends at the limit or before"],
        ),
        (
            [plain(completion(usage={**USAGE, "completion_tokens": 17}), asking(max_completion_tokens=16))],
            ["max_completion_tokens: ignored: the answer is longer than the limit"],
        ),
        ([says("a", reasoning_effort="low")], ["reasoning_effort: accepted: no answer can show its effect"]),
        (
            [stream(*HELLO, chunk(choices=[], usage=USAGE), request=asking(**WITH_USAGE))],
            ["stream_options: honoured: a usage chunk comes"],
        ),
        ([stream(*HELLO, request=asking(**WITH_USAGE))], ["stream_options: ignored: no usage chunk comes"]),
        ([says("a", response_format={"type": "text"})], ["response_format text: honoured: the answer is a text"]),
        ([says("{}", response_format=JSON)], ["response_format json_object: honoured: the answer follows the schema"]),
        ([says("[]", response_format=JSON)], ["response_format json_object: ignored: the answer breaks the schema"]),
        ([says("Paris", response_format=SCHEMA)], ["response_format json_schema: ignored: the answer is no JSON"]),
        (
            [says('{"capital": 1}', response_format=SCHEMA)],
            ["response_format json_schema: honoured: the answer follows the schema"],
        ),
        ([calls("f", tool_choice="required")], ["tool_choice required: honoured: a tool is called"]),
        ([calls(tool_choice="required")], ["tool_choice required: ignored: no tool is called"]),
        ([calls(tool_choice="none")], ["tool_choice none: honoured: no tool is called"]),
        ([calls("f", tool_choice="none")], ["tool_choice none: ignored: a tool is called"]),
        ([calls(tool_choice="auto")], ["tool_choice auto: honoured: no tool is called"]),
        ([calls("get_time", tool_choice=NAMED)], ["tool_choice function: honoured: only the named tool is called"]),
        ([calls("f", tool_choice=NAMED)], ["tool_choice function: ignored: calls of f"]),
        ([calls(tool_choice=NAMED)], ["tool_choice function: ignored: calls of no tool"]),
        ([says("a", top_k=3)], ["top_k: accepted: no answer can show its effect"]),
        ([refuses("seed", seed=1, top_k=1)], ["seed: rejected: status 400 invalid_request_error"]),
        ([refuses(None, "Unknown: top_k", seed=1, top_k=1)], ["top_k: rejected: status 400 invalid_request_error"]),
        (
            [refuses(None, seed=1, top_k=1)],
            ["seed: rejected: status 400 invalid_request_error", "top_k: rejected: status 400 invalid_request_error"],
        ),
        (
            [plain({"detail": "seed: Extra inputs are not permitted"}, asking(seed=1, top_k=1), status=422)],
            ["seed: rejected: status 422"],
        ),
        (
            [
                plain(
                    {"error": {"message": "No.", "param": "seed", "code": "unknown_parameter"}},
                    asking(seed=1),
                    status=400,
                )
            ],
            ["seed: rejected: status 400 unknown_parameter"],
        ),
        # what any request may have is no probe
        ([says("a", tools=[TOOL], functions=[TOOL["function"]], stream=True, input="Hi", prompt="Hi")], []),
        ([plain(b"<html>", asking(seed=1), status=502)], []),
        ([], []),
    ],
)
def test_outcomes(samples: Sequence[Exchange], lines: list[str]) -> None:
    found = allowlist(observed(samples))
    assert [f"{one.name}: {one.outcome}: {one.evidence}" for one in found] == lines


def test_it_stands_in_the_contract_of_a_probe_alone() -> None:
    samples = observed([says("a", seed=1), says("a", seed=1)])
    assert parse(derive("param-seed", samples, "params"))["params"] == {"seed": "honoured: all answers are equal"}
    assert "params" not in parse(derive("chat", samples, "text"))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("honoured: a", "honoured: b", []),  # the evidence may change from day to day
        ("honoured: a", "ignored: b", [Change("the parameter seed", "honoured: a", "ignored: b")]),
        (None, "ignored: b", [Change("the parameter seed", "not probed", "ignored: b")]),
    ],
)
def test_a_changed_outcome_is_a_changed_contract(before: str | None, after: str, lines: list[Change]) -> None:
    golden = {"params": {"seed": before}} if before else {}
    assert differences(golden, {"params": {"seed": after}}) == lines


def test_every_probe_of_the_suite_asks_for_something() -> None:
    probes = [scenario for scenario in builtin().values() if scenario.group == "params"]
    assert len(probes) == 13
    for scenario in probes:
        body = {"model": "m", **scenario.steps[0].body}
        many = [plain(completion(), body), plain(completion(), body)]
        assert [one for one in allowlist(observed(many)) if one.outcome != "accepted"], scenario.id
