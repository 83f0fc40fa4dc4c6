"""What clients decide: the words of an effect, severities of other findings, and how every format shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gate.cli.diff import command as diff
from gate.errors import ConfigError
from gate.judge.clients import CLIENT_DIFFERS, untold
from gate.judge.pairing import observed
from gate.judge.report import judge
from gate.model import Effect, Exchange, Finding, Policy, Report, Samples, Severity, Tolerance
from gate.model.sides import Side
from gate.observe.alignment import aligned
from gate.observe.clients import effects
from gate.reports import formats
from gate.rules import rules
from gate.sdk import clients
from gate.sdk.environments import Driver, UnusableError
from gate.sdk.versions import Version, version_of
from gate.store import report_file
from tests.report_samples import DRIFTING, finding
from tests.rules.client_differs import AI, CALL, OPENAI, both, ended, failed, read

TODAY = date(2026, 11, 29)


def _judged(golden: Exchange, candidate: Exchange, policy: Policy | None = None) -> Report:
    sides = [Side({"chat": [replace(side, scenario="chat")]}) for side in (golden, candidate)]
    return judge(sides[0], sides[1], policy or Policy(), TODAY)


def _without_object(exchange: Exchange) -> Exchange:
    assert exchange.response is not None
    body = {name: value for name, value in json.loads(exchange.response.body).items() if name != "object"}
    return replace(exchange, response=replace(exchange.response, body=json.dumps(body).encode()))


def _told(report: Report) -> list[str]:
    return [f"{f.severity.word} {f.rule} {'; '.join(map(str, f.clients))}" for f in report.findings if f.severity > 0]


# -- severities ---------------------------------------------------------------------------------


def test_a_difference_that_no_rule_tells_is_a_finding_of_its_own() -> None:
    report = _judged(read(text=["Hello."]), failed("IndexError"))
    assert _told(report) == [f"breaking client-differs {OPENAI} raises IndexError"]
    assert report.verdict == "drift"


def test_the_finding_that_tells_it_says_what_the_clients_did() -> None:
    golden = both(read(usage={"total_tokens": 12}), read(AI, usage={"totalTokens": 12}))
    candidate = both(_without_object(read(usage=None)), read(AI, usage={"totalTokens": 12}))
    assert _told(_judged(golden, candidate)) == [f"risky field-missing {AI} reads it; {OPENAI} loses usage"]


def test_where_a_client_fails_what_was_found_is_breaking() -> None:
    golden, candidate = read(usage={"total_tokens": 12}), _without_object(failed("TypeError"))
    assert _told(_judged(golden, candidate)) == [f"breaking field-missing {OPENAI} raises TypeError"]
    nobody = _judged(replace(golden, transcripts=()), replace(candidate, transcripts=()))
    assert _told(nobody) == ["risky field-missing "]


def test_what_is_tolerated_does_not_hide_that_a_client_fails() -> None:
    tolerated = Policy(tolerate=(Tolerance("field-missing", "own ledger", "2027-03-01"),))
    golden, candidate = read(usage={"total_tokens": 12}), _without_object(failed("TypeError"))
    assert {f.rule for f in _judged(golden, candidate, tolerated).findings} == {"field-missing", CLIENT_DIFFERS}
    # that it lost what was tolerated is known
    lost = _without_object(read(usage=None))
    assert [f.rule for f in _judged(golden, lost, tolerated).findings] == ["field-missing"]


def test_the_same_bytes_twice_are_silent() -> None:
    side = both(read(text=["Hello."], tool_calls=[CALL]), failed("ValueError", client=AI))
    assert _judged(side, side).findings == ()


def test_another_step_tells_nothing() -> None:
    told = finding("usage-missing", "usage", scenario="chat", step=1)
    differs = finding(CLIENT_DIFFERS, "sdk", scenario="chat")
    assert untold([told, differs]) == (told, differs)
    assert untold([replace(told, step=0), differs]) == (replace(told, step=0),)
    assert CLIENT_DIFFERS in rules()


# -- words --------------------------------------------------------------------------------------


def _effects(golden: Exchange, candidate: Exchange, exact: bool = False) -> list[str]:
    pair = aligned(Samples(observed([golden])), Samples(observed([candidate])))
    return [str(effect) for effect in effects(pair, exact=exact)]


def test_ways_of_calling_are_named_where_others_do_better() -> None:
    golden = both(read(OPENAI, "create", "helper", text=["a"]), read(AI, text="a"))
    candidate = both(both(read(OPENAI, "create", text=["a"]), failed("IndexError", call="helper")), read(AI, text="a"))
    assert _effects(golden, candidate) == [f"{AI} reads it", f"{OPENAI} raises IndexError in helper"]


@pytest.mark.parametrize(
    ("golden", "candidate", "words"),
    [
        ({"text": ["a b"]}, {"text": ["a"]}, "differs in text"),
        ({"text": ["a"]}, {"text": ["a"], "refusal": [None], "type": "X"}, "reads it"),
        ({"content": ["a"], "model": "m"}, {"content": ["b"], "model": "n"}, "reads it"),
        ({"finish_reason": ["stop"]}, {"finish_reason": ["length"]}, "differs in finish_reason"),
        ({"tool_calls": [CALL]}, {"tool_calls": [CALL, CALL]}, "differs in tool calls"),
    ],
)
def test_where_both_must_hold_the_same_other_values_are_told(
    golden: dict[str, Any], candidate: dict[str, Any], words: str
) -> None:
    pair = read(**golden), read(**candidate)
    assert _effects(*pair, exact=True) == [f"{OPENAI} {words}"]
    assert _effects(*pair) == [f"{OPENAI} reads it"]


def left() -> Exchange:
    """An answer that was read, and an exception beside it."""
    made = read(text=["Hi"])
    return replace(made, transcripts=tuple(replace(seen, unhandled=("TypeError",)) for seen in made.transcripts))


def _having(name: str) -> Exchange:
    values: dict[str, Any] = {name: ["x"]}
    return read(**values)


@pytest.mark.parametrize(
    ("golden", "candidate", "words", "fails"),
    [
        *((_having(name), read(), f"loses {name}", True) for name in ("text", "parsed", "models", "results", "items")),
        *((_having(name), read(), f"loses {name}", True) for name in ("images", "sound")),
        *((_having(name), read(), f"loses {name}", False) for name in ("logprobs", "model", "status")),
        (read(vectors=[["float", 2]]), read(vectors=[["str", 1]]), "loses vectors", True),
        (read(text=["Hi"]), read(refusal=["No."]), "reads it", False),
        (read(tool_calls=[CALL]), read(tool_calls=[{**CALL, "name": None}]), "loses the call's name", False),
        (read(finish_reason=["stop"]), read(finish_reason=["unknown"]), "loses finish_reason", False),
        (read(finish_reason=["stop"]), read(finish_reason="other"), "loses finish_reason", False),
        (read(finish_reason=["stop"]), read(finish_reason=[""]), "loses finish_reason", False),
        (read(text=["Hi"]), ended("waiting"), "hangs", True),
        (read(text=["Hi"]), ended("exited"), "hangs and ends the process", True),
        (read(text=["Hi"]), left(), "raises TypeError where nobody can catch it", True),
        (left(), left(), "reads it", False),
    ],
)  # fmt: skip
def test_what_a_client_loses(golden: Exchange, candidate: Exchange, words: str, fails: bool) -> None:
    pair = aligned(Samples(observed([golden])), Samples(observed([candidate])))
    assert [(str(effect), effect.fails) for effect in effects(pair)] == [(f"{OPENAI} {words}", fails)]


def _with(effects: Sequence[Effect], among: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(one, clients=tuple(effects)) for one in among)


def test_every_format_shows_what_the_clients_did() -> None:
    felt = (Effect(AI, "reads"), Effect(OPENAI, "raises", "IndexError", content=True))
    report = replace(DRIFTING, findings=_with(felt, DRIFTING.findings))
    for name, render in formats().items():
        text = render(report)
        wanted = '"did": "raises"' if name == "json" else f"{OPENAI} raises IndexError; {AI} reads it"
        assert wanted in text, name
    assert report_file.parse(formats()["json"](report)).findings[0].clients == felt


def test_a_finding_that_is_only_info_shows_them_on_its_line() -> None:
    felt = (Effect(OPENAI, "loses", "usage"),)
    quiet = replace(finding(severity=Severity.INFO), clients=felt)
    assert f"clients: {OPENAI} loses usage" in formats()["terminal"](replace(DRIFTING, findings=(quiet,)))


def test_of_several_samples_the_worst_counts() -> None:
    golden = read(text=["a"])
    fine, bad = read(text=["b"]), failed("IndexError")
    for candidate in ((fine, bad), (bad, fine)):
        pair = aligned(Samples(observed([golden])), Samples(observed(candidate)))
        assert [str(effect) for effect in effects(pair)] == [f"{OPENAI} raises IndexError"]


# -- the option ---------------------------------------------------------------------------------


def test_without_an_sdk_in_use_the_option_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    golden = str(Path(__file__).parent.parent / "golden" / "chat")
    result = CliRunner().invoke(diff, [golden, golden, "--sdk"])
    assert isinstance(result.exception, ConfigError)
    assert "neither gate.yaml nor a lock file names an SDK" in str(result.exception)


def test_a_version_that_can_not_be_had_is_a_note_and_none_at_all_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(version: Version, node: str | None) -> Driver:
        if version.version == "99.0.0":
            raise UnusableError(f"{version} does not install: no such version")
        return Driver(("python",), Path())

    monkeypatch.setattr(clients, "driver", made)
    good, bad = version_of("openai==3.57.0"), version_of("openai==99.0.0")
    asked = clients.prepared([good, bad])
    assert [client.name for client in asked.clients] == ["openai 3.57.0"]
    assert asked.notes == ("not asked: openai==99.0.0 does not install: no such version",)
    with pytest.raises(ConfigError, match="no SDK in use can be asked"):
        clients.prepared([bad])


def test_an_sdk_for_node_is_asked_on_each_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "driver", lambda version, node: Driver((str(node),), Path()))
    both = [version_of("openai==3.57.0"), version_of("npm:ai@6.0.326")]
    asked = clients.prepared(both, on=("20", "24"))
    assert [(client.name, client.driver.command) for client in asked.clients] == [
        ("openai 3.57.0", ("None",)),
        ("npm:ai (Node 20) 6.0.326", ("20",)),
        ("npm:ai (Node 24) 6.0.326", ("24",)),
    ]
    assert [client.name for client in clients.prepared(both, on=("24",)).clients] == ["openai 3.57.0", "npm:ai 6.0.326"]


def test_a_node_without_an_sdk_to_ask_is_refused() -> None:
    golden = str(Path(__file__).parent.parent / "golden" / "chat")
    result = CliRunner().invoke(diff, [golden, golden, "--node", "22"])
    assert isinstance(result.exception, ConfigError)
    assert "add --sdk" in str(result.exception)
