"""A parameter that a route refuses is one finding over the whole suite, and none where the baseline refuses it too."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.model import Exchange, Response
from gate.replay.server import serve
from tests.provider import Provider
from tests.recorded import check
from tests.test_check import CONFIG, goldens
from tests.test_cli import gate

__all__ = ["goldens"]  # a fixture, used by its name


class Picky(Provider):
    """Refuses parameters by name, as newer models refuse `max_tokens` (PA01)."""

    def __init__(self, *refused: str, instead: str = "") -> None:
        super().__init__(seed=5)
        self.refused, self.instead = refused, instead

    def answer(self, request: Any) -> Exchange | None:
        found = super().answer(request)
        body = _document(request.body)
        name = next((name for name in self.refused if name in body), None)
        if not name or not found:
            return found
        tail = f" Use '{self.instead}' instead." if self.instead else ""
        words = f"Unsupported parameter: '{name}' is not supported with this model.{tail}"
        error = {"message": words, "type": "invalid_request_error", "param": name, "code": "unsupported_parameter"}
        raw = json.dumps({"error": error}).encode()
        headers = (("content-type", "application/json"),)
        return replace(found, response=Response(400, "", headers, raw), chunks=())

    @property
    def refusals(self) -> int:
        return sum(any(name in _document(r.body) for name in self.refused) for r in self.requests)


def _document(body: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    return tmp_path


@pytest.fixture
def recorded(goldens: Path, team: Path) -> Path:
    """A team of its own, with the goldens that all of them have."""
    shutil.copytree(goldens / "golden", team / "golden")
    return team


@pytest.mark.parametrize(
    ("picky", "paths"),
    [
        (Picky("max_tokens", instead="max_completion_tokens"), ["request.max_tokens"]),
        (Picky("max_tokens", "max_completion_tokens"), ["request.max_completion_tokens", "request.max_tokens"]),
        pytest.param(Picky("temperature"), ["request.temperature"], marks=pytest.mark.slow),
        pytest.param(
            Picky("max_tokens", "temperature"), ["request.max_tokens", "request.temperature"], marks=pytest.mark.slow
        ),
    ],
)
def test_one_finding_for_each_parameter(recorded: Path, picky: Picky, paths: list[str]) -> None:
    code, report = check(picky)
    found = [(f["rule"], f["path"]) for f in report["findings"] if f["severity"] == "breaking"]
    assert (code, found) == (1, [("parameter-rejected", path) for path in paths])
    assert all(f["hits"] == f["samples"] for f in report["findings"])
    assert picky.refusals <= 8 * len(paths)  # no more than were on their way
    again = json.loads(gate("diff", "golden", ".gate/candidate", "--report", "json").output)
    assert again["findings"] == report["findings"]


def test_a_map_makes_it_pass(recorded: Path) -> None:
    models = "    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}\n"
    mapped = CONFIG.replace(models, f"{models}    map: {{max_tokens: max_completion_tokens}}\n")
    (recorded / "mapped.yaml").write_text(mapped)
    picky = Picky("max_tokens")
    code, report = check(picky, "--config", "mapped.yaml")
    assert (code, [f["rule"] for f in report["findings"]], picky.refusals) == (0, [], 0)


@pytest.mark.parametrize(
    "only",
    [
        pytest.param((), marks=pytest.mark.slow),
        ("-s", "tool-choose"),
        pytest.param(("-s", "json-schema"), marks=pytest.mark.slow),
    ],
)
def test_what_the_baseline_refuses_too_is_no_news(
    team: Path, monkeypatch: pytest.MonkeyPatch, only: tuple[str, ...]
) -> None:
    with serve(Picky("max_tokens", instead="max_completion_tokens")) as base:
        monkeypatch.setenv("BASE", base)
        assert gate("record").exit_code == 0
    code, report = check(Picky("max_tokens", instead="max_completion_tokens"), *only)
    assert (code, report["findings"]) == (0, [])
