"""What happens at which attempt: scripts in a name, in a header, in the path, and in faults.yaml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.errors import ConfigError
from gate.model import Request
from gate.replay.fault_file import load
from gate.replay.scripts import Counters, Rule, script_of
from gate.replay.service import Service
from tests.test_serve_faults import ASK, JSON, STREAMED

SIDES = {"stream": [STREAMED], "plain": [JSON]}


def statuses(service: Service, times: int, *, fault: str = "", path: str = "", stream: bool = False) -> list[int]:
    headers = (("X-Gate-Fault", fault),) if fault else ()
    body = json.dumps({**ASK, "stream": stream}).encode()
    asked = Request("POST", f"http://h/v1/{path}chat/completions", headers, body)
    return [service.respond(asked).reply.status for _ in range(times)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("status-503", [503, 503, 503, 503]),
        ("status-503*2", [503, 503, 200, 200]),
        ("status-503*2,status-429", [503, 503, 429, 200]),
        ("status-503, ok, status-429", [503, 200, 429, 200]),
        ("ok*1,status-500", [200, 500, 200, 200]),
        ("status-503*0,status-500", [500, 200, 200, 200]),
    ],
)
def test_scripts(text: str, wanted: list[int]) -> None:
    assert statuses(Service(SIDES), 4, fault=text) == wanted
    path = f"!{text.replace(' ', '%20')}/"
    assert statuses(Service(SIDES), 4, path=path) == wanted
    assert statuses(Service(SIDES), 2, fault="status-500", path=path) == [500, 500]  # the header stands above


def test_a_share_of_the_requests_fails_and_always_the_same_ones() -> None:
    first = statuses(Service(SIDES), 400, fault="status-503~15")
    assert 40 <= first.count(503) <= 80
    assert statuses(Service(SIDES), 400, path="!status-503~15/") == first
    assert statuses(Service(SIDES), 400, fault="status-503~15~2") != first
    assert statuses(Service(SIDES), 9, fault="status-503~0") == [200] * 9
    assert statuses(Service(SIDES), 9, fault="status-503~100") == [503] * 9
    assert statuses(Service(SIDES), 1, fault="status-503~15,ok") == [400]  # no fault has that name


def test_each_request_counts_its_own_attempts() -> None:
    service = Service(SIDES)
    assert statuses(service, 2, fault="status-503*1") == [503, 200]
    assert statuses(service, 2, fault="status-503*1", stream=True) == [503, 200]
    assert statuses(service, 1, fault="status-500*1") == [500]


def test_counters_forget_the_oldest() -> None:
    counters = Counters()
    assert [counters.next(n % 20_000) for n in range(20_001)][-1] == 0
    assert counters.next(19_999) == 1


def test_what_can_not_be_is_said() -> None:
    service = Service(SIDES)
    asked = Request("POST", "http://h/v1/chat/completions", (("x-gate-fault", "cut-aftr-3"),), json.dumps(ASK).encode())
    error = json.loads(service.respond(asked).reply.body)["error"]
    assert error["type"] == "unknown_fault"
    assert error["message"] == "there is no fault `cut-aftr-3`. did you mean `cut-after-3`?"
    asked = Request("POST", "http://h/v1/chat/completions", (("x-gate-fault", "no-events"),), json.dumps(ASK).encode())
    answer = service.respond(asked)
    assert (answer.reply.status, answer.scenario) == (400, "plain")
    assert (
        json.loads(answer.reply.body)["error"]["message"]
        == "the fault `no-events` does not fit what was recorded for plain"
    )
    with pytest.raises(ConfigError, match="at most 1000 attempts"):
        script_of("ok*1001")


# -- faults.yaml --------------------------------------------------------------------------------


def rules(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "faults.yaml"
    path.write_text(text, "utf-8")
    return load(path, SIDES)


def served(tmp_path: Path, text: str) -> Service:
    return Service(SIDES, rules=rules(tmp_path, text), now=lambda: 0.0)


def test_rules_by_scenario_endpoint_and_form(tmp_path: Path) -> None:
    service = served(
        tmp_path,
        """\
version: 1
faults:
  - scenario: plain
    fault: status-503*2
  - endpoint: embeddings
    fault: status-500
  - endpoint: chat.completions
    stream: true
    fault: [status-429, ok, status-500]
  - fault: no-events
""",
    )
    assert statuses(service, 4) == [503, 503, 200, 200]
    assert statuses(service, 5, stream=True) == [429, 200, 500, 200, 200]
    assert statuses(service, 1, fault="status-404") == [404]


def test_a_rule_for_all_passes_over_what_it_does_not_fit(tmp_path: Path) -> None:
    service = served(tmp_path, "version: 1\nfaults:\n  - fault: no-events\n  - fault: status-503\n")
    asked = Request("POST", "http://h/v1/chat/completions", (), json.dumps({**ASK, "stream": True}).encode())
    assert service.respond(asked).reply.body == b""
    assert statuses(service, 1) == [503]
    strict = served(tmp_path, "version: 1\nfaults:\n  - scenario: plain\n    fault: no-events\n")
    assert statuses(strict, 1) == [400]


def test_a_share_stands_alone(tmp_path: Path) -> None:
    service = served(tmp_path, "version: 1\nfaults:\n  - fault: status-503~50\n")
    assert {*statuses(service, 40)} == {200, 503}
    with pytest.raises(ConfigError, match="a share of the requests can't be one of several attempts"):
        served(tmp_path, "version: 1\nfaults:\n  - fault: [status-503~50, ok]\n")


def test_an_answer_of_ones_own_and_again(tmp_path: Path) -> None:
    service = served(
        tmp_path,
        """\
version: 1
faults:
  - scenario: plain
    repeat: true
    fault:
      - status: 429
        headers: {retry-after: "7", content-type: application/problem+json}
        body: {title: slow down}
        with: close
      - {status: 500, body: "<b>no</b>"}
      - status: 503
  - scenario: stream
    repeat: true
    fault: ok*2,status-500
""",
    )
    asked = Request("POST", "http://h/v1/chat/completions", (), json.dumps(ASK).encode())
    first, second, third, again = (service.respond(asked).reply for _ in range(4))
    assert (first.status, first.body, first.connection) == (429, b'{"title": "slow down"}', "close")
    assert first.headers == (("content-type", "application/problem+json"), ("retry-after", "7"))
    assert (second.status, second.body, second.media) == (500, b"<b>no</b>", "text/plain")
    assert (third.status, json.loads(third.body)["error"]["type"]) == (503, "server_error")
    assert again == first
    assert statuses(service, 6, stream=True) == [200, 200, 500, 200, 200, 500]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version: 2\nfaults: []\n", "faults.yaml:1: `version` must be 1"),
        ("version: 1\nfaults:\n  - fault: cut-after\n", "faults.yaml:3: there is no fault `cut-after`"),
        ("version: 1\nfaults:\n  - fault:\n    - ok\n    - reset-afer-3\n", "faults.yaml:5: there is no fault `reset-afer-3`\n  fix: did you mean `reset-after-3`?"),
        ("version: 1\nfaults:\n  - fault: ok\n    scenario: plan\n", "faults.yaml:4: there is no scenario `plan`\n  fix: did you mean `plain`?"),
        ("version: 1\nfaults:\n  - fault: ok\n    endpoint: chat\n", "faults.yaml:4: there is no endpoint `chat`"),
        ("version: 1\nfaults:\n  - scenario: plain\n", "faults.yaml:3: `faults[0]` lacks the key `fault`"),
        ("version: 1\nfaults:\n  - fault: {status: 99}\n", "faults.yaml:3: `faults[0].fault` must be a fault, an answer with a status, or a list of them"),
        ('version: 1\nfaults:\n  - fault: {status: 429, headers: {a: "b\\nc"}}\n', "faults.yaml:3: `faults[0].fault` must be"),
        ("version: 1\nfaults:\n  - fault: {status: 429, with: nothing}\n", "faults.yaml:3: there is no fault `nothing`"),
        ("version: 1\nfaults:\n  - fault: ok*600,ok*600\n", "faults.yaml:3: a script names at most 1000 attempts"),
        ("version: 1\nfaults:\n  - fault: [ok*600, ok*600]\n", "faults.yaml:3: a script names at most 1000 attempts"),
        ("version: 1\nfaults:\n  - fault: ok\n    colour: red\n", "faults.yaml:4: `faults[0]` has no key `colour`"),
        ("version: 1\nfaults: [\n", "faults.yaml:"),
    ],
)  # fmt: skip
def test_mistakes_in_the_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(tmp_path, text)
    assert words in str(caught.value), str(caught.value)
