"""`gate sdk` with an SDK that was spoilt on purpose: each regression is told by the rule that names it.

The real package is installed, and changed in memory before its driver starts.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from gate.model import Policy
from gate.model.sides import Side
from gate.sdk import environments, judge
from gate.sdk.environments import Driver
from gate.sdk.process import Process
from gate.sdk.scripts import DRIVERS
from gate.sdk.versions import version_of
from tests.rules_table import ASK, ROLE, call, calling, completion, plain, refusal
from tests.rules_table import chunk as chunk_of
from tests.rules_table import stream as stream_of

pytestmark = pytest.mark.slow

REAL = version_of("openai==3.57.0")
PLANTED = replace(REAL, version="3.57.0+planted")
KEY = (("authorization", "Bearer ****"),)


@dataclass(frozen=True)
class Plant:
    """What is changed in the package, and what must be told of it."""

    why: str
    code: str
    told: Mapping[str, str]  # by rule: `severity path` of one of its findings
    faults: bool = False  # whether it shows with them only


PLANTS = (
    Plant(
        "it retries without bound",
        """
        made = openai.OpenAI.__init__
        openai.OpenAI.__init__ = lambda self, **given: made(self, **{"max_retries": 10**6, **given})
        openai._base_client.BaseClient._calculate_retry_timeout = lambda *_, **__: 0.05
        """,
        {"sdk-hangs": "breaking end", "sdk-retries-changed": "breaking requests"},
        faults=True,
    ),
    Plant(
        "it swallows a cut stream",
        """
        def quiet(self):
            try:
                yield from self._iterator
            except Exception:
                return
        openai.Stream.__iter__ = quiet
        """,
        {"sdk-failure-hidden": "breaking error"},
        faults=True,
    ),
    Plant(
        "it drops the last fragment of a tool call",
        """
        def short(self):
            events = list(self._iterator)
            parts = [n for n, event in enumerate(events) if event.choices and event.choices[0].delta.tool_calls]
            yield from (event for n, event in enumerate(events) if n not in parts[-1:])
        openai.Stream.__iter__ = short
        """,
        {"sdk-answer-changed": "breaking stream.tool_calls"},
    ),
    Plant(
        "it renames its exception",
        """
        class TooManyRequestsError(openai.APIStatusError): pass
        made = openai.OpenAI._make_status_error
        def renamed(self, message, *, body, response):
            if response.status_code == 429:
                return TooManyRequestsError(message, response=response, body=body)
            return made(self, message, body=body, response=response)
        openai.OpenAI._make_status_error = renamed
        """,
        {"sdk-exception-changed": "breaking create+raw.error.class"},
    ),
    Plant(
        "it loses the request id",
        """
        made = openai.APIStatusError.__init__
        def lost(self, *given, **named):
            made(self, *given, **named)
            self.request_id = None
        openai.APIStatusError.__init__ = lost
        """,
        {"sdk-exception-changed": "risky error.request_id"},
    ),
    Plant(
        "it calls another host",
        """
        import socket
        made = openai.OpenAI.request
        def telling(self, *given, **named):
            try:
                socket.create_connection(("telemetry.example.com", 443), timeout=1)
            except OSError:
                pass
            return made(self, *given, **named)
        openai.OpenAI.request = telling
        """,
        {"sdk-calls-elsewhere": "breaking create+raw.outside"},
    ),
    Plant(
        "it collects a stream before it hands it on",
        """
        openai.Stream.__iter__ = lambda self: iter(list(self._iterator))
        """,
        {"sdk-first-token-later": "risky stream.stream.first_token"},
        faults=True,
    ),
    Plant(
        "it reads on where the application leaves the stream",
        """
        openai.Stream.close = lambda self: None
        openai.OpenAI.close = lambda self: None
        openai.OpenAI.__exit__ = lambda self, *_: kept.append(self)
        kept = []
        """,
        {"sdk-connection-kept": "risky stream.request.connection"},
        faults=True,
    ),
    Plant(
        "it loses what the server said",
        """
        made = openai.APIStatusError.__init__
        openai.APIStatusError.__init__ = lambda self, message, **named: made(self, "it failed", **named)
        """,
        {"sdk-exception-changed": "risky error.message"},
    ),
    Plant(
        "it leaves an exception to a task that nobody awaits, and to a thread",
        """
        import asyncio, threading
        async def fails():
            raise ValueError("in a task")
        def stops():
            raise KeyError("in a thread")
        made = openai.OpenAI.request
        def threaded(self, *given, **named):
            threading.Thread(target=stops).start()
            return made(self, *given, **named)
        openai.OpenAI.request = threaded
        later = openai.AsyncOpenAI.request
        async def forgetful(self, *given, **named):
            asyncio.ensure_future(fails())
            return await later(self, *given, **named)
        openai.AsyncOpenAI.request = forgetful
        """,
        {"sdk-unhandled": "breaking async.unhandled"},
    ),
    Plant(
        "it waits for three times as long as the application says",
        """
        made = openai.OpenAI.__init__
        def patient(self, **given):
            if "timeout" in given:
                given["timeout"] *= 3
            made(self, **given)
        openai.OpenAI.__init__ = patient
        """,
        {"sdk-timeout-changed": "risky request.timeout"},
        faults=True,
    ),
)


def goldens() -> Side:
    """One of each: an answer, a stream, a streamed tool call, and a refusal with a request id."""
    streamed = {**ASK, "stream": True}
    limited = replace(refusal(429), scenario="limited")
    assert limited.response
    headers = (*limited.response.headers, ("x-request-id", "req_1"), ("x-should-retry", "false"))
    made = {
        "chat": plain(completion()),
        "chat-stream": stream_of(
            ROLE, *(chunk_of({"content": c}) for c in "Hello."), chunk_of({}, "stop"), request=streamed, at=range(10)
        ),
        "tool-stream": calling({**call('{"city": '), "index": 0}, {"index": 0, "function": {"arguments": '"Paris"}'}}),
        "limited": replace(limited, response=replace(limited.response, headers=headers)),
    }
    tool = made["tool-stream"].request
    body = (tool.body or b"").replace(b'{"model"', b'{"stream": true, "model"', 1)
    made["tool-stream"] = replace(made["tool-stream"], request=replace(tool, body=body))
    other = made["limited"].request
    made["limited"] = replace(
        made["limited"], request=replace(other, body=(other.body or b"").replace(b'"Hi"', b'"More"'))
    )
    return Side({n: [replace(e, scenario=n, request=replace(e.request, headers=KEY))] for n, e in made.items()})


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.why)
def test_what_was_planted_is_told(plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = _spoilt(environments.driver(REAL), plant.code, tmp_path)
    monkeypatch.setattr(judge, "driver", lambda v, _: spoilt if v == PLANTED else environments.driver(v))
    report = judge.compared(REAL, PLANTED, goldens(), Policy(), date(2026, 11, 29), faults=plant.faults)
    found = {(f.rule, f"{f.severity.word} {f.path}") for f in report.findings}
    assert found >= set(plant.told.items())


def test_unspoilt_it_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = _spoilt(environments.driver(REAL), "", tmp_path)
    monkeypatch.setattr(judge, "driver", lambda v, _: spoilt if v == PLANTED else environments.driver(v))
    report = judge.compared(REAL, PLANTED, goldens(), Policy(), date(2026, 11, 29))
    assert (report.verdict, report.findings) == ("pass", ())


NAMED = """
import { spawn } from "node:child_process";
import { Worker } from "node:worker_threads";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { serve } from "./protocol.mjs";
const ways = [
  () => spawn("true"),
  () => new Worker("1", { eval: true }),
  () => createSocket("udp4").send("x", 9, "127.0.0.1"),
  () => connect(9, "192.0.2.1"),
  () => connect("/tmp/socket"),
];
await serve({ driver: "x" }, async () => {
  for (const way of ways) try { way(); } catch {}
  Promise.reject(new RangeError("nobody"));
});
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")
def test_names_that_a_package_imports_from_node_are_guarded_too(tmp_path: Path) -> None:
    shutil.copy(DRIVERS / "npm" / "protocol.mjs", tmp_path)
    (tmp_path / "named.mjs").write_text(NAMED)
    with Process(Driver(("node", "named.mjs"), tmp_path)) as process:
        said = process.perform({"base_url": "http://127.0.0.1:1/v1", "timeout": 8}, 20)
    assert said
    assert said["outside"] == ["/tmp/socket", "192.0.2.1:9", "Worker: 1", "dgram: send", "spawn: true"]
    assert said["unhandled"] == ["RangeError"]


def _spoilt(driver: Driver, code: str, folder: Path) -> Driver:
    """The driver with a package that was changed before it started."""
    *start, script = driver.command
    spoiler = folder / "spoilt.py"
    run = f"""
        import runpy, sys
        sys.path[0] = {str(Path(script).parent)!r}
        import openai
    """
    end = f"runpy.run_path({script!r}, run_name='__main__')"
    spoiler.write_text("\n".join((textwrap.dedent(run), textwrap.dedent(code), end)))
    return Driver((*start, str(spoiler)), driver.folder)


@pytest.mark.parametrize("version", ["openai==3.57.0", "npm:openai@6.49.0"])
def test_an_answer_makes_no_driver_run_or_reach_anything(version: str, tmp_path: Path) -> None:
    """Names and arguments of tools, texts, ids and a redirect that would be code, a command or another host somewhere."""
    canary = tmp_path / "canary"
    words = (
        f"__import__('os').system('touch {canary}')",
        f"require('child_process').execSync('touch {canary}')",
        f"$(touch {canary})`touch {canary}`; touch {canary}",
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    )
    made = {}
    for number, text in enumerate(words):
        ask = {**ASK, "messages": [{"role": "user", "content": f"case {number}"}]}
        hostile = completion({"content": text, "tool_calls": [call(text, name=text, id=text)]}, "tool_calls")
        made[f"plain-{number}"] = plain({**hostile, "model": text, "id": text, "__proto__": {"polluted": True}}, ask)
        made[f"error-{number}"] = refusal(400, text, text, text, request={**ask, "seed": number})
    moved = refusal(307, request={**ASK, "messages": [{"role": "user", "content": "elsewhere"}]})
    assert moved.response
    headers = (*moved.response.headers, ("location", "http://elsewhere.test/v1/chat/completions"))
    made["moved"] = replace(moved, response=replace(moved.response, headers=headers))
    side = Side({n: [replace(e, scenario=n, request=replace(e.request, headers=KEY))] for n, e in made.items()})
    one = version_of(version)
    report = judge.compared(one, one, side, Policy(), date(2026, 11, 29), faults=False)
    assert (report.verdict, report.findings) == ("pass", ())
    assert {s.status for s in report.scenarios} == {"pass"}
    assert not canary.exists()
