"""A team's own driver (`sdk.ours`): the protocol that it is held to, where it runs, and what it can't reach unseen."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from gate.config import gate_yaml
from gate.errors import ConfigError
from gate.model import Own
from gate.sdk import ours
from gate.sdk.elsewhere import Elsewhere
from gate.sdk.environments import Driver, UnusableError
from gate.sdk.process import Process
from gate.sdk.protocol import breach

HELLO: dict[str, Any] = {"protocol": 1, "hello": {"driver": "ours", "versions": {"a": "1"}}}
DONE: dict[str, Any] = {"id": 0, "outcome": "returned", "values": {"text": "Hi"}, "events": {"chunk": 2}}
RAISED: dict[str, Any] = {"id": 0, "outcome": "raised", "error": {"classes": ["a.E", "Exception"], "status": 429}}


def test_lines_that_keep_to_the_protocol() -> None:
    assert breach("hello", HELLO) == breach("transcript", DONE) == breach("transcript", RAISED) == ""
    calls = {"chat.completions": ["create", "stream"], "embeddings": ["create"]}
    assert breach("hello", {"protocol": 1, "hello": {"driver": "ours", "calls": calls}}) == ""


BROKEN = [
    ("hello", {**HELLO, "protocol": 2}, "$.protocol: 1 was expected"),
    ("hello", {"protocol": 1, "hello": {}}, "'driver' is a required property"),
    ("hello", {"protocol": 1, "hello": {"driver": "x", "calls": {"chat": []}}}, "'chat' is not one of"),
    ("hello", {"protocol": 1, "hello": {"driver": "x", "calls": {"models": ["list"]}}}, "'list' is not one of"),
    ("transcript", {"id": 0}, "'outcome' is a required property"),
    ("transcript", {**DONE, "outcome": "unusable"}, "$.outcome: 'unusable' is not one of"),
    ("transcript", {**DONE, "value": {}}, "'value' was unexpected"),
    ("transcript", {**DONE, "events": {"chunk": "2"}}, "$.events.chunk: '2' is not of type 'integer'"),
    ("transcript", {"id": 0, "outcome": "raised"}, "'error' is a required property"),
    ("transcript", {**RAISED, "error": {"classes": []}}, "$.error.classes"),
]


@pytest.mark.parametrize(("kind", "said", "words"), BROKEN)
def test_a_line_that_breaks_it_says_where(kind: Any, said: dict[str, Any], words: str) -> None:
    assert words in breach(kind, said)


def test_the_page_shows_the_lines_of_the_protocol() -> None:
    page = (Path(__file__).parents[1] / "docs/sdk.md").read_text("utf-8")
    shown = [json.loads(line) for line in page.splitlines() if line.startswith(('{"protocol"', '{"id": 0, "outcome"'))]
    kinds = ["hello" if "hello" in line else "transcript" for line in shown]
    assert sorted(kinds) == ["hello", "transcript"]
    assert [breach(kind, line) for kind, line in zip(kinds, shown, strict=True)] == ["", ""]  # type: ignore[arg-type]


def test_other_hosts_are_told_and_not_reached() -> None:
    elsewhere = Elsewhere()
    named = elsewhere.variables
    assert named["http_proxy"] == named["HTTPS_PROXY"]
    assert "127.0.0.1" in named["no_proxy"]
    with httpx.Client(proxy=named["HTTP_PROXY"], trust_env=False) as client:
        assert client.get("http://a.example/x").status_code == 403
        assert client.request("PATCH", "http://b.example:81/").status_code == 403
        with pytest.raises(httpx.ProxyError):
            client.get("https://c.example/x")
    assert elsewhere.taken() == ("a.example", "b.example:81", "c.example:443")
    assert elsewhere.taken() == ()
    elsewhere.close()


# -- states of a repository ---------------------------------------------------------------------


def git(*arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files in a commit; one of them is another now, and there are a new and an ignored one."""
    root = tmp_path / "repository"
    (root / "tests").mkdir(parents=True)
    monkeypatch.chdir(root)
    git("init", "-q")
    Path(".gitignore").write_text(".env\n")
    Path("tests/driver.py").write_text("old")
    git("add", ".")
    git("commit", "-qm", "a")
    Path("tests/driver.py").write_text("new")
    Path("added.py").write_text("new")
    Path(".env").write_text("KEY=1")
    return root


def test_each_state_is_a_folder_of_its_own(repository: Path) -> None:
    own = Own(("python", "tests/driver.py"))
    assert ours.differs(repository, "HEAD")
    with ours.drivers(own, repository, "HEAD") as (before, now):
        assert isinstance(before, Driver)
        assert isinstance(now, Driver)
        assert (before.command, before.own) == (own.run, True)
        assert {path.name for path in before.folder.rglob("*") if path.is_file()} == {".gitignore", "driver.py"}
        assert {path.name for path in now.folder.rglob("*") if path.is_file()} == {
            ".gitignore",
            "driver.py",
            "added.py",
        }
        assert [(one.folder / "tests/driver.py").read_text() for one in (before, now)] == ["old", "new"]
    assert not before.folder.exists()
    git("checkout", "-q", "tests/driver.py")
    assert not ours.differs(repository, "HEAD")


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (("git", "no-such-command"), "`prepare` failed: git: 'no-such-command'"),
        (("./no-such",), "`prepare` can't be run"),
    ],
)
def test_what_does_not_prepare_is_a_finding(repository: Path, prepare: tuple[str, ...], words: str) -> None:
    with ours.drivers(Own(("true",), prepare), repository, "HEAD") as made:
        assert all(isinstance(one, UnusableError) and words in str(one) for one in made)


def test_a_revision_that_git_does_not_know(repository: Path) -> None:
    with pytest.raises(ConfigError, match="no such revision"):
        ours.differs(repository, "nosuch")


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="it can't be started: no-such-program"):
        Process(Driver(("no-such-program",), tmp_path, own=True))


def test_both_states_are_asked_what_both_can_do() -> None:
    first = {"driver": "a", "calls": {"chat.completions": ["create", "stream"], "models": ["create"]}}
    assert ours.calls([first, {"driver": "a"}]) == {"chat.completions": ["create", "stream"], "models": []}
    assert ours.calls([{"driver": "a"}]) == {"chat.completions": ["create", "stream"]}


CONFIG = "version: 1\nroutes: {}\nsdk: {python: openai==2.54.0, ours: %s}\n"


def test_gate_yaml_names_it(tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text(CONFIG % "{run: [python, tests/driver.py], prepare: [uv, sync]}")
    loaded = gate_yaml.load(path)
    assert (loaded.sdk, loaded.ours) == (
        {"python": "openai==2.54.0"},
        Own(("python", "tests/driver.py"), ("uv", "sync")),
    )
    for wrong in ("python tests/driver.py", "{run: python}", "{run: []}", "{prepare: [a]}", "{run: [a], env: {}}"):
        path.write_text(CONFIG % wrong)
        with pytest.raises(ConfigError, match=r"sdk\.ours"):
            gate_yaml.load(path)
