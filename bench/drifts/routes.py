"""The two routes of every case, served as `gate serve` does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench.drifts.cases import Served, Side, keyed
from gate.model import Exchange, Request, Response, Route
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from gate.run.preflight import probe_scenario


@contextmanager
def routes(served: Served, port: int = 0) -> Iterator[tuple[str, str]]:
    """The base_url of the golden side and of the candidate's."""
    golden, candidate = (Server(Service(_complete(side))) for side in (served.golden, served.candidate))
    with serving(golden, port) as one, serving(candidate, port + 1 if port else 0) as other:
        yield one, other


def _complete(side: Side) -> dict[str, list[Exchange]]:
    """A whole route also answers whoever asks first whether it is there."""
    return {name: [keyed(one, name) for one in exchanges] for name, exchanges in side.items()} | {"hello": [_hello()]}


def _hello() -> Exchange:
    step = probe_scenario(Route("bench", "", models={"chat": "m"})).steps[0]
    choice = {"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-0", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    asked = Request("POST", "http://h/v1/chat/completions", (), json.dumps(step.body).encode())
    media = (("content-type", "application/json"),)
    return keyed(Exchange(asked, Response(200, "OK", media, json.dumps(answer).encode())), "hello")
