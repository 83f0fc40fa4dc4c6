"""What is refused before the engine is installed: nothing that the engine would let by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gate.action import early
from gate.action.event import Event
from gate.action.inputs import parse
from gate.errors import ConfigError
from tests.action.runner import DEFAULTS, KEY, step
from tests.action.test_step import PULL, route
from tests.provider import Provider

PUSH, PULLED, FORK = Event("push"), Event("pull_request", 1, proposed=True), Event("pull_request", 1, True, fork=True)
ENVIRON = {"KEY": "k", "URL": "https://gw.example/v1", "EMPTY": " "}
NAMED = {"api-key-env": "KEY"}
BLOCK = """\
version: 1
routes:
  baseline: {base_url: "https://api.openai.com/v1", api_key_env: OPENAI}
  candidate:
    # base_url: https://old.example/v1
    base_url: URL   # here
    api_key_env: KEY

samples: {check: 1}
"""


def at(url: str) -> str:
    return BLOCK.replace("base_url: URL", f"base_url: {url}")


def two(candidate: str) -> str:
    """The baseline holds the key that the workflow names; its candidate is another matter."""
    return (
        f"routes:\n  baseline: {{base_url: 'https://api.openai.com/v1', api_key_env: KEY}}\n  candidate: {candidate}\n"
    )


ELSEWHERE = "which `allowed-hosts` does not name"
GW = {**NAMED, "allowed-hosts": "gw.example"}


@pytest.mark.parametrize(
    ("text", "given", "event", "says"),
    [
        # secrets
        (at("${URL}"), {"api-key-env": "KEY, EMPTY UNSET"}, PUSH, "no value in the environment for EMPTY, UNSET"),
        (at("${URL}"), {"api-key-env": "UNSET", "on-missing-secret": "verify"}, PUSH, ""),
        (at("${URL}"), {"api-key-env": "UNSET"}, FORK, ""),
        (at("${URL}"), {"api-key-env": "UNSET", "on-missing-secret": "fail"}, FORK, "no value in the environment for UNSET"),
        (at("${URL}").replace("samples", "    upstream: golden\nsamples"), {"api-key-env": "UNSET"}, PUSH, ""),
        # hosts
        (at("${URL}"), NAMED, PULLED, "set `allowed-hosts`"),
        (at("${URL}"), NAMED, PUSH, ""),
        (at("${URL}"), GW, PULLED, ""),
        (at("https://evil.example/v1"), GW, PULLED, "at https://evil.example:443, which"),
        (at('"https://evil.example/v1"'), GW, PUSH, ELSEWHERE),
        (at("${UNSET:-https://evil.example/v1}"), GW, PULLED, ELSEWHERE),
        (at("http://gw.example/v1"), NAMED, PUSH, "only over https"),
        (at("http://127.0.0.1:{port}/v1"), NAMED, PUSH, ""),
        ("routes:\n  candidate: {base_url: 'https://evil.example/v1', api_key_env: KEY}\n", GW, PULLED, ELSEWHERE),
        ("routes:\n  candidate: {api_key_env: KEY, base_url: https://evil.example/v1}\n", GW, PULLED, ELSEWHERE),
        (at("https://evil.example/v1"), {**NAMED, "base-url": "https://gw.example/v1"}, PULLED, ""),
        (at("${URL}"), {**GW, "base-url": "https://evil.example/v1"}, PULLED, ELSEWHERE),
        (BLOCK.replace("OPENAI", "KEY"), {**GW, "route": "baseline"}, PULLED, "api.openai.com:443, which"),
        (BLOCK, {**GW, "route": "baseline"}, PULLED, ""),
        (two("{base_url: http://gateway:4000/v1, headers: {x: '${KEY}'}}"), NAMED, PUSH, "only over https"),
        # what needs YAML, or is no mistake
        (two("{base_url: http://gateway:4000/v1}"), NAMED, PUSH, ""),
        (two("{base_url: http://gateway:4000/v1} # KEY stays here"), NAMED, PUSH, ""),
        (two("{base_url: http://gateway:4000/v1}"), {**NAMED, "base-url": "http://gw.example/v1"}, PULLED, ""),
        (two("{base_url: http://gateway:4000/v1, api_key_env: KEY, auth: none}"), NAMED, PUSH, ""),
        (two("{base_url: http://gateway:4000/v1, api_key_env: KEY, auth: *open}"), NAMED, PUSH, ""),
        (two("{<<: *base, base_url: http://gateway:4000/v1, api_key_env: KEY}"), NAMED, PUSH, ""),
        (two("{base_url: http://gateway:4000/v1, api_key_env: THE_KEY}"), NAMED, PUSH, ""),
        (f"notes:\n  candidate: {{base_url: http://a.example, x: KEY}}\n{two('*other')}", NAMED, PUSH, ""),
        (at("https://evil.example/v1").replace("KEY", "OTHER"), GW, PULLED, ""),  # no key goes there
        (at("*url"), GW, PULLED, ""),
        (at("${UNSET}"), GW, PULLED, ""),
        (at("https://[evil/v1"), GW, PULLED, ""),
        ("routes: {candidate: {base_url: https://evil.example/v1, api_key_env: KEY}}\n", GW, PULLED, ""),
        ("routes:\n  candidate:\n    <<: *base\n    api_key_env: KEY\n", GW, PULLED, ""),
        (at("https://evil.example/v1"), {**NAMED, "mode": "verify"}, PULLED, ""),
    ],
)  # fmt: skip
def test_what_is_certain_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, given: Mapping[str, str], event: Event, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text(text, "utf-8")
    inputs = parse({**DEFAULTS, **given})
    named = (*inputs.route, "candidate")[0] if inputs.mode == "check" else ""
    if says:
        with pytest.raises(ConfigError, match=says.replace("[", r"\[")):
            early.check(inputs, named, event, ENVIRON)
    else:
        early.check(inputs, named, event, ENVIRON)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        " \n" * 200_000 + "#",
        " " * 100_000 + "candidate:\n" + "\n" * 200_000,
        at("${a:-" * 50_000),
    ],
)
def test_a_hostile_configuration_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """No time is asserted: what reads the text again from each of its lines would take hours."""
    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text(text, "utf-8")
    early.check(parse({**DEFAULTS, **GW}), "candidate", PULLED, ENVIRON)


def test_without_a_configuration_the_engine_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    early.check(parse({**DEFAULTS, "api-key-env": "UNSET"}), "candidate", PUSH, {})


@pytest.mark.parametrize(
    ("given", "event", "payload", "says"),
    [
        ({"api-key-env": "CANDIDATE_API_KEY UNSET"}, "push", {}, "no value in the environment for UNSET"),
        ({"api-key-env": "CANDIDATE_API_KEY"}, "pull_request", PULL, "set `allowed-hosts`"),
    ],
)
def test_it_is_said_before_anything_is_installed(
    team: Path, tmp_path: Path, given: dict[str, str], event: str, payload: Any, says: str
) -> None:
    temp = tmp_path / "bare"  # where no environment stands ready
    temp.mkdir()
    with route() as env:
        found = step(team, temp, given, event=event, payload=payload, env=env)
    assert (found.code, says in found.told) == (2, True), found.raw
    assert list(temp.glob("swapgate-*/bin")) == []


def test_a_folder_an_address_and_a_suite_of_the_workflow(team: Path, temp: Path) -> None:
    (team / "services").mkdir()
    inner = team / "services" / "search"
    inner.mkdir()
    for name in ("gate.yaml", "golden"):
        (team / name).rename(inner / name)
    provider = Provider()
    given = {"working-directory": "services/search", "suite": "chat embed", "api-key-env": "CANDIDATE_API_KEY"}
    with route(provider) as env:
        address = env["CANDIDATE_BASE_URL"]
        env = {"CANDIDATE_BASE_URL": "", "CANDIDATE_API_KEY": KEY}
        found = step(team, temp, {**given, "base-url": address}, event="pull_request", payload=PULL, env=env)
    assert (found.code, found.outputs["verdict"], found.outputs["scenarios"]) == (0, "pass", "2"), found.raw
    assert {request.url.rpartition("/v1/")[2] for request in provider.requests} == {"chat/completions", "embeddings"}
