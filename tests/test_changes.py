"""What differs between a request as it was sent and as it arrived, where no rule's table says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gate.endpoints import endpoint
from gate.model import Ending, Passage
from gate.observe.changes import body_changes, key_order_changed, passage_line, passage_lines
from gate.observe.exchange import observe
from gate.observe.fields import is_default, is_known, unknown_fields
from tests.rules._gateway import call, golden, through
from tests.rules.stream_delayed import SLOW
from tests.rules_table import none, refusal

CHAT = endpoint("chat.completions")


def passage(before: Any, after: Any, url: str = "/v1/chat/completions?a=1&b=") -> Passage:
    found = observe(through(call(after, url=url), body=before, url=url)).passage
    assert found
    return found


def deep(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({"a": list(range(900))}, {"a": [str(n) for n in range(900)]}, ["changed"] * 500),  # hostile: bounded
        ({"a": deep(1, 30)}, {"a": deep(2, 30)}, []),  # as deep as nobody nests
        ({"input": [1, 2]}, {"input": [1, 3]}, ["changed"]),  # token ids
        ({"input": ["a"]}, {"input": ["a"]}, []),
        ({"input": {"a": 1}}, {"input": {"a": 2}}, ["reshaped"]),  # no form that the API knows
        ({"messages": [{"role": "user", "content": 5}]}, {"messages": [{"role": "user", "content": 6}]}, ["changed"]),
        ({"prompt": "a text", "user": "é, ü"}, {"prompt": "a text", "user": "é, ü"}, []),
        ({"prompt": "a text"}, {"prompt": ["a text"]}, ["reshaped"]),
        ({"a": 1.5}, {"a": 1.5}, []),
        ("text", {"a": 1}, []),
    ],
)
def test_changes(before: Any, after: Any, kinds: list[str]) -> None:
    assert [change.kind for change in body_changes(passage(before, after))] == kinds


def test_a_body_that_is_no_object_has_no_order() -> None:
    assert not key_order_changed(passage([1], [2]))


def test_a_request_keeps_its_query_and_a_broken_url_has_none() -> None:
    assert passage({}, {}).sent.query == {"a": "1", "b": ""}
    assert passage({}, {}, "/[::/v1/chat/completions").sent.query == {}


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ({"model": "m", "messages": [{"role": "user", "content": "a", "name": "b"}]}, []),
        ({"model": "m", "top_k": 1, "min_p": 0}, ["top_k", "min_p"]),
        ({"messages": [{"role": "user", "cache": 1}, {"cache": 2}]}, ["messages[].cache"]),
        ({"tools": [{"function": {"parameters": {"x": 1}, "kind": 1}}]}, ["tools[].function.kind"]),
        ({"metadata": {"anything": 1}}, []),
        ({"stop": [[[[[[[[[["a"]]]]]]]]]]}, []),
    ],
)
def test_unknown_fields(body: Any, unknown: list[str]) -> None:
    assert unknown_fields(CHAT, body) == unknown
    assert unknown_fields(endpoint("models"), body) == []


def test_known_and_default() -> None:
    assert [is_known(CHAT, path) for path in ("seed", "top_k", "metadata.a", "messages[].cache")] == [
        True, False, True, False,
    ]  # fmt: skip
    assert is_known(endpoint("models"), "anything")
    assert [is_default(CHAT, "n", value) for value in (1, 1.0, None, 2)] == [True, True, True, False]
    assert not is_default(CHAT, "seed", 0)


def test_both_hops_in_a_line() -> None:
    busy = call(at_ms=900.4, answer=replace(refusal(429), total_ms=2.0), detail="fault status-429")
    cut = call(at_ms=3, answer=replace(refusal(500), ending=Ending.CUT), detail="unmatched no recording")
    words = "POST chat.completions at 900 ms: 429 (status-429)"
    assert passage_line(observe(through(busy, answer=replace(refusal(429), total_ms=1000)))) == (
        f"{words} · client: 429 after 1000 ms"
    )
    assert passage_line(observe(through(cut, answer=none(Ending.RESET)))) == (
        "POST chat.completions at 3 ms: 500 cut (not recorded) · client: reset"
    )
    assert passage_line(observe(through())) == "nothing reached the upstream · client: 200"
    assert passage_line(observe(through(*[busy] * 8))).count(words) == 6
    assert passage_line(observe(through(*[busy] * 8))).endswith(", 2 more · client: 200")


def test_a_load_is_one_line() -> None:
    slow = observe(replace(SLOW, upstream=tuple(replace(c, at_ms=412.0) for c in SLOW.upstream or ())))
    lost = observe(through(answer=none(Ending.RESET)))
    assert passage_lines([slow, observe(golden())]) == (passage_line(slow),)
    assert passage_line(slow).endswith(" · adds 2088 ms to an event (p95 2088 ms)")
    (line,) = passage_lines([slow] * 40 + [lost] * 2)
    assert line.startswith(
        "42 at once: 40 requests upstream, the last at 412 ms · clients: 40 200, 2 reset · adds 2088 ms"
    )
    # twenty of one scenario still have a line each
    assert [len(passage_lines([lost] * number)) for number in (20, 21)] == [20, 1]
    assert passage_lines([lost] * 30) == ("30 at once: 0 requests upstream · clients: 30 reset",)
