"""`gate prove --app` without a process: what is tried, what is said of a run, what is refused, and hosts besides."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from gate.cli._keys import hidden
from gate.cli.prove import _app, command
from gate.errors import ConfigError
from gate.model import APP, Config, Request, Route, Transcript
from gate.model.sides import Side
from gate.mutations import of_answers
from gate.replay.reply import Reply
from gate.replay.scripts import script_of
from gate.replay.service import Answer
from gate.sdk import app as app_module
from gate.sdk.app import App, Run, brings_results
from gate.sdk.elsewhere import Elsewhere
from gate.sdk.proof import cases, proved
from tests.mutation_goldens import GOLDENS

GOLDEN = Path(__file__).parent.parent / "golden" / "tool-roundtrip"


def test_every_case_is_a_fault_of_the_replay_server_and_has_a_name_of_its_own() -> None:
    tried = cases()
    assert [script_of(case.fault).text for case in tried]
    assert len({case.scenario for case in tried}) == len(tried)
    # all known drifts but those of times
    faults = {case.fault for case in tried}
    assert {m.id for m in of_answers().values() if m.area != "latency"} < faults
    assert tried[0].scenario == "app!answer-empty"
    assert "app!tool-then-reset*3" in {case.scenario for case in tried}


# -- what is said of a run ----------------------------------------------------------------------

PYTHON = 'Traceback (most recent call last):\n  File "app.py", line 3, in <module>\nKeyError: "usage"\n'
NODE = "file:///app.mjs:3\n\nTypeError: can't read x\n    at run (file:///app.mjs:3:9)\n\nNode.js v22.0.0\n"


@pytest.mark.parametrize(
    ("code", "err", "outcome", "said"),
    [
        (0, "a warning", "returned", ""),
        (None, "", "waiting", ""),
        (1, PYTHON, "exited", 'exit status 1: KeyError: "usage"'),
        (1, NODE, "exited", "exit status 1: TypeError: can't read x"),
        (-11, "", "exited", "signal 11: without a word"),
        (3, "the answer is empty\n", "raised", "the answer is empty"),
    ],
)
def test_how_a_run_ended(code: int | None, err: str, outcome: str, said: str) -> None:
    made = app_module._told(code, "12.4\n", err)
    assert (made.call, made.outcome, made.values) == (APP, outcome, {"output": ["12.4"]})
    assert said == (made.error.message if made.error else made.detail)


@pytest.mark.parametrize(
    ("body", "brings"),
    [
        (b'{"messages": [{"role": "user"}, {"role": "tool"}]}', True),
        (b'{"input": [{"type": "function_call_output"}]}', True),
        (b'{"messages": [{"role": "tool"}, {"role": "user"}]}', False),
        (b'{"input": "a"}', False),
        (b"[", False),
        (None, False),
    ],
)
def test_a_request_that_ends_in_the_result_of_a_tool(body: bytes | None, brings: bool) -> None:
    assert brings_results(Request("POST", "/v1/chat/completions", (), body)) is brings


# -- what is proved -----------------------------------------------------------------------------


class Scripted:
    """Stands for a command: one run for each of the transcripts, then the last again."""

    def __init__(self, *runs: Run) -> None:
        self.runs, self.asked = list(runs), list[str]()
        self.command = ("app",)

    def run(self, goldens: object, fault: str = "", *, after_tool: bool = False) -> Run:
        self.asked.append(f"{fault}{' after a tool' if after_tool else ''}")
        return self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]


def _run(*output: str, scenario: str = "chat", unmatched: str = "", **read: object) -> Run:
    seen = replace(Transcript(APP, "returned", {"output": list(output)}), **read)  # type: ignore[arg-type]
    return Run(seen, (Answer(Reply(200), scenario, 0, unmatched=unmatched),))


SIDE = Side(GOLDENS)


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ([Run(Transcript(APP, "returned"), ())], "asked the replay server for nothing"),
        ([_run("a", scenario="unmatched", unmatched="no recording answers")], "don't hold what it asks"),
        ([_run("a", outcome="exited", detail="exit status 1: KeyError")], "on the goldens as they are: exit status 1"),
        ([_run("a", outcome="waiting")], "it hangs"),
        ([_run("a"), _run("b")], "print different words"),
    ],
)
def test_a_client_that_does_not_do_its_work_proves_nothing(runs: list[Run], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        proved(Scripted(*runs), SIDE)  # type: ignore[arg-type]


def test_only_what_fits_the_answers_is_tried() -> None:
    """The plain chat has usage and no stream; its tool is never called."""
    client = Scripted(_run("Paris."))
    done = proved(client, SIDE, ["usage-missing", "finish-chunk-missing", "tool-then-reset*1", "status-429"])  # type: ignore[arg-type]
    assert client.asked == ["", "", "usage-missing", "status-429"]
    assert sorted(done.candidate.exchanges) == ["app", "app!status-429", "app!usage-missing"]
    assert (done.tried, done.known) == (2, 4)


def test_a_drift_that_there_is_not_is_refused_before_anything_runs() -> None:
    client = Scripted(_run("Paris."))
    with pytest.raises(ConfigError, match="no drift or failure usage-gone"):
        proved(client, SIDE, ["usage-gone"])  # type: ignore[arg-type]
    assert client.asked == []


def test_hosts_besides_the_base_url_are_told_once() -> None:
    done = proved(Scripted(_run("Paris.", outside=("h:443",))), SIDE, ["usage-missing"])  # type: ignore[arg-type]
    hosts = {name: exchanges[0].transcripts[0].outside for name, exchanges in done.golden.exchanges.items()}
    assert hosts == {"app": (), "app!usage-missing": ("h:443",)}


# -- hosts besides ------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://telemetry.test/v1/x", "https://telemetry.test/v1/x"])
def test_what_a_client_asks_a_proxy_for_is_refused_and_told(url: str) -> None:
    with contextlib.closing(Elsewhere()) as found:
        with httpx.Client(proxy=found.variables["HTTPS_PROXY"], trust_env=False) as client:
            try:
                assert client.get(url).status_code == 403
            except httpx.ProxyError:
                assert url.startswith("https")
        assert found.taken() in (("telemetry.test",), ("telemetry.test:443",))
        assert found.taken() == ()
    assert found.variables["no_proxy"].startswith("127.0.0.1")


# -- the command --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "words"),
    [("no-such-program-here --x", "no command no-such-program-here"), ("", "is empty"), ("a 'b", "can't be read")],
)
def test_what_the_command_refuses(app: str, words: str) -> None:
    result = CliRunner().invoke(command, [str(GOLDEN), "--app", app])
    assert isinstance(result.exception, ConfigError)
    assert words in str(result.exception)


def test_a_command_sees_no_key_of_a_route() -> None:
    assert App(("a",), 1.0, frozenset({"TEAM_KEY"})).hidden == {"TEAM_KEY"}


def test_no_started_command_sees_a_key_of_a_route_or_of_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_KEYS", "CI_KEY,OTHER_KEY")
    loaded = Config(".", routes={"candidate": Route("candidate", "https://a.test/v1", "TEAM_KEY")})
    of_action = {"GATE_KEYS", "CI_KEY", "OTHER_KEY"}
    assert hidden(None) == of_action
    assert hidden(loaded) == of_action | {"TEAM_KEY"}
    assert _app("run me", 1.0, loaded).hidden == hidden(loaded)
