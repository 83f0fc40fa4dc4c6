"""What one exchange means: its class of failure, a further attempt, a rejected parameter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from gate.model import Ending, Exchange, Json, Limits, Request, Response
from gate.observe.refusal import learn, refusals
from gate.run.failures import served
from gate.run.retries import MAX_RETRIES, pause, retry_after

HTML = b"<html><h1>502 Bad Gateway</h1></html>"
ERROR = b'{"error":{"message":"no"}}'


def exchange(
    status: int | None,
    body: bytes = ERROR,
    ending: Ending = Ending.COMPLETE,
    headers: Sequence[tuple[str, str]] = (),
    sent: Json = None,
    first_byte: float | None = None,
) -> Exchange:
    response = None if status is None else Response(status, headers=tuple(headers), body=body)
    request = Request("POST", "http://h/v1/chat/completions", body=json.dumps(sent or {}).encode())
    return Exchange(request, response, ending=ending, first_byte_ms=first_byte)


@pytest.mark.parametrize(
    ("one", "judged"),
    [
        (exchange(200), True),
        (exchange(500), True),
        (exchange(500, HTML), True),
        (exchange(502), True),  # JSON: the API's own words, or a gateway that is part of it
        (exchange(502, HTML), False),
        (exchange(503, b""), False),
        (exchange(504, b"stream timeout"), False),
        (exchange(522, HTML), False),
        (exchange(502, b"[" * 200_000), False),
        (exchange(None, ending=Ending.UNREACHABLE), False),
        (exchange(None, ending=Ending.TIMEOUT), False),
        (exchange(200, ending=Ending.TIMEOUT), True),
        (exchange(None, ending=Ending.RESET), False),
        (exchange(200, ending=Ending.RESET), True),
        (exchange(200, ending=Ending.CUT), True),
        (exchange(None, ending=Ending.CUT), False),
        (exchange(None, ending=Ending.CANCELLED), True),
        (exchange(200, ending=Ending.TOO_LARGE), True),
    ],
)
def test_failures_stay_apart_from_answers(one: Exchange, judged: bool) -> None:
    assert served(one) == judged


@pytest.mark.parametrize(
    ("one", "retries", "wait"),
    [
        (exchange(200), 0, None),
        (exchange(500), 0, None),
        (exchange(500, HTML), 0, None),
        (exchange(503, headers=[("Retry-After", "2")]), 0, 2.0),
        (exchange(503, headers=[("retry-after", "0.5")]), 1, 0.5),
        (exchange(503, headers=[("retry-after", "2")]), MAX_RETRIES, None),
        (exchange(503, headers=[("retry-after", "61")]), 0, None),
        (exchange(503), 0, 1.0),
        (exchange(503), 1, 2.0),
        (exchange(503, HTML), 0, None),
        (exchange(503, HTML, headers=[("retry-after", "3")]), 0, 3.0),
        (exchange(502, HTML), 0, None),
        (exchange(504, HTML), 0, None),
        (exchange(502, HTML, headers=[("retry-after", "3")]), 0, None),
        (exchange(502), 0, None),
        (exchange(None, ending=Ending.UNREACHABLE), 0, 0.25),
        (exchange(None, ending=Ending.UNREACHABLE), MAX_RETRIES, None),
        (exchange(None, ending=Ending.RESET), 0, 0.25),
        (exchange(None, ending=Ending.CUT), 0, 0.25),
        (exchange(None, ending=Ending.CUT, first_byte=1.0), 0, None),  # it is no HTTP
        (exchange(None, ending=Ending.TIMEOUT), 0, None),
        (exchange(200, ending=Ending.RESET), 0, None),
        (exchange(200, ending=Ending.CUT), 0, None),
    ],
)
def test_no_post_is_repeated_blindly(one: Exchange, retries: int, wait: float | None) -> None:
    assert pause(one, {200}, retries, Limits()) == wait


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_permitted_status_is_never_repeated(status: int) -> None:
    assert pause(exchange(status, HTML, headers=[("retry-after", "1")]), {status}, 0, Limits()) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("Retry-After", "7")], 7.0),
        ([("Retry-After", "Fri, 13 Mar 2026 10:00:30 GMT"), ("Date", "Fri, 13 Mar 2026 10:00:00 GMT")], 30.0),
        ([("Retry-After", "Fri, 13 Mar 2026 09:00:00 GMT"), ("Date", "Fri, 13 Mar 2026 10:00:00 GMT")], 0.0),
        ([("Retry-After", "Fri, 13 Mar 2026 10:00:30 GMT")], 10.0),  # by our own clock
        ([("Retry-After", "soon")], None),
        ([("Retry-After", "-3")], None),
        ([("Retry-After", "9" * 400)], None),
        ([("Retry-After", "Fri, 99 Foo 99999 10:00:30 GMT")], None),
        ([("Retry-After", "")], None),
        ([], None),
    ],
)
def test_retry_after(headers: list[tuple[str, str]], seconds: float | None) -> None:
    now = 1773396020.0  # 2026-03-13 10:00:20 GMT
    assert retry_after(Response(429, headers=tuple(headers)), now) == seconds


def error(message: str, **fields: Json) -> Json:
    return {"error": {"message": message, **fields}}


OPENAI = error(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    type="invalid_request_error", param="max_tokens", code="unsupported_parameter",
)  # fmt: skip
VALUE = error(
    "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    param="temperature", code="unsupported_value",
)  # fmt: skip
SENT = {"model": "m", "messages": [], "max_tokens": 5, "temperature": 0, "seed": 7, "stream_options": {}, "tools": []}


@pytest.mark.parametrize(
    ("answer", "learned"),
    [
        (OPENAI, ("max_tokens", "max_completion_tokens")),
        (VALUE, ("temperature", None)),
        (error("Unsupported parameter: 'temperature' is not supported with this model.", param="temperature"),
         ("temperature", None)),
        (error("stream_options: Extra inputs are not permitted"), ("stream_options", None)),
        ({"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]},
         ("seed", None)),
        (error("Unrecognized request argument supplied: seed", param=None), ("seed", None)),
        ({"error": "litellm.UnsupportedParamsError: openai does not support parameters: ['seed'], for model=m"},
         ("seed", None)),
        (error("property 'seed' is unsupported", type="invalid_request_error"), ("seed", None)),
        (error("[openai/m] [400]: {\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'\"}}"),
         ("max_tokens", "max_completion_tokens")),
        # nothing to leave out: the scenario is about it, or the words are about something else
        (error("`tool calling` is not supported with this model"), None),
        (error("Unsupported parameter: 'tools'", param="tools"), None),
        (error("Unsupported value: 'messages[0].role' does not support 'system' with this model.",
               param="messages[0].role"), None),
        (error("Unknown parameter: 'response_format'.", param="response_format"), None),
        (error("temperature must be at most 2", param="temperature"), None),
        ({"error": None}, None), ({}, None), ([], None), ("unsupported", None), (error("x" * 100_000), None),
        ({"error": {"message": {"a": 1}, "param": ["max_tokens"]}}, None),
    ],
)  # fmt: skip
def test_rejected_parameters(answer: Json, learned: tuple[str, str | None] | None) -> None:
    found = learn(exchange(400, json.dumps(answer).encode(), sent=SENT), {})
    assert (found and (found.parameter, found.replacement)) == learned


@pytest.mark.parametrize(
    ("answer", "learned"),
    [
        # FastAPI's status, and a code that says it where the message does not
        (exchange(422, b'{"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}', sent=SENT),
         ("seed", None)),
        (exchange(400, json.dumps(error("Only the default (1) value of 'temperature' may be set with this model.",
                  param="temperature", code="unsupported_value")).encode(), sent=SENT), ("temperature", None)),
        # an older server knows the older name alone
        *((exchange(400, json.dumps(error(f"Unrecognized request argument supplied: {name}")).encode(),
                    sent={name: 1}), (name, other))
          for name, other in (
              ("max_completion_tokens", "max_tokens"), ("max_tokens", "max_completion_tokens"),
              ("max_output_tokens", None), ("top_p", None), ("user", None), ("store", None), ("metadata", None),
              ("presence_penalty", None), ("frequency_penalty", None), ("parallel_tool_calls", None),
              ("service_tier", None),
          )),
    ],
)  # fmt: skip
def test_what_a_scenario_can_do_without(answer: Exchange, learned: tuple[str, str | None]) -> None:
    found = learn(answer, {})
    assert found is not None
    assert (found.parameter, found.replacement) == learned


@pytest.mark.parametrize(
    ("sent", "known", "replacement"),
    [
        ({"max_tokens": 5}, {}, "max_completion_tokens"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, {}, None),
        ({"max_tokens": 5}, {"max_completion_tokens": "max_tokens"}, None),  # it came from there
    ],
)
def test_no_rename_in_circles(sent: Json, known: dict[str, str | None], replacement: str | None) -> None:
    found = learn(exchange(400, json.dumps(OPENAI).encode(), sent=sent), known)
    assert found is not None
    assert found.replacement == replacement


@pytest.mark.parametrize("target", ["messages", "tools", "__proto__"])
def test_a_hostile_replacement_is_not_taken(target: str) -> None:
    words = error(f"Unsupported parameter: 'seed'. Use '{target}' instead.", param="seed")
    found = learn(exchange(400, json.dumps(words).encode(), sent=SENT), {})
    assert found is not None
    assert found.replacement is None


@pytest.mark.parametrize(
    "one",
    [
        exchange(200, json.dumps(OPENAI).encode(), sent=SENT),
        exchange(500, json.dumps(OPENAI).encode(), sent=SENT),
        exchange(None, ending=Ending.RESET, sent=SENT),
        exchange(400, json.dumps(OPENAI).encode(), sent=[1]),
        exchange(400, HTML, sent=SENT),
    ],
)
def test_only_a_refusal_teaches(one: Exchange) -> None:
    assert learn(one, {}) is None


def test_what_an_attempt_had_refused_and_what_came_instead() -> None:
    """Also where the next attempt sent no JSON object."""
    first = exchange(400, json.dumps(OPENAI).encode(), sent=SENT)

    def then(body: bytes) -> tuple[tuple[str, str | None], ...]:
        return refusals([first, replace(first, request=replace(first.request, body=body))])

    assert then(b'{"model":"m","max_completion_tokens":5}') == (("max_tokens", "max_completion_tokens"),)
    assert then(b'{"model":"m"}') == then(b"[]") == then(b"[") == (("max_tokens", None),)
