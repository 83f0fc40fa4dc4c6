"""The workflows of this repository, run by act: the gate on our own routes, the refresh, and the release."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gate import __version__
from gate.replay.server import Replay, serve
from tests.action.act import Machine, Run, checkout
from tests.action.routes import drift, recordings

pytestmark = pytest.mark.slow
KEY = "sk-engine-key-0001"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    scratch = tmp_path_factory.mktemp("act")
    return Machine(scratch, checkout(tmp_path_factory.mktemp("swapgate")))


def test_contract_gate(machine: Machine) -> None:
    found = machine.run(machine.action, ".github/workflows/contract-gate.yml", "push")
    assert found.jobs == {"gate": "success"}, found.log
    assert (found.outputs["faithful"]["verdict"], found.outputs["drifting"]["verdict"]) == ("pass", "drift")
    # two uses in one job, and the artifact of neither replaces the other's
    names = sorted(path.name for path in found.artifacts.iterdir())
    assert len(names) == 2
    assert names[1] == f"{names[0]}-2"
    assert all((found.artifacts / name / "gate.json").is_file() for name in names)


def refresh(machine: Machine, mutate: bool) -> Run:
    replay = Replay(recordings(), speed=20.0, vary=3, mutate=drift if mutate else None)
    with serve(replay) as base:
        return machine.run(
            machine.action,
            ".github/workflows/refresh-goldens.yml",
            "schedule",
            {"schedule": "17 4 * * 1"},
            secrets={"SWAPGATE_ENGINE_KEY": KEY},
            variables={"SWAPGATE_ENGINE_URL": base},
        )


def test_refresh_without_a_change_proposes_nothing(machine: Machine) -> None:
    found = refresh(machine, mutate=False)
    assert found.jobs["record"] == "success", found.log
    assert found.outputs["gate"]["goldens-changed"] == "0"
    assert list(found.artifacts.iterdir()) == []


def test_refresh_proposes_the_change_in_words(machine: Machine) -> None:
    found = refresh(machine, mutate=True)
    assert found.jobs == {"record": "success", "propose": "success"}, found.log
    body = (found.artifacts / "proposed" / "body.md").read_text()
    assert "## The contract changes in " in body
    assert "tool-forced-stream" in body
    files = (found.artifacts / "proposed" / "files.txt").read_text().splitlines()
    assert files
    assert all(file[3:].startswith("golden/") for file in files)
    assert KEY not in found.log + "".join(found.summaries) + body
    kept = [path for path in found.artifacts.rglob("*") if path.is_file()]
    assert [str(path) for path in kept if KEY.encode() in path.read_bytes()] == []


def test_release_publishes_what_it_built_and_moves_the_tag(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    (tmp_path / "gh").write_text(f'#!/bin/sh\necho "$*" >> "{calls}"\ncase "$*" in *PATCH*) exit 1 ;; esac\n', "utf-8")
    (tmp_path / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    payload = {"ref": f"refs/tags/v{__version__}"}
    found = machine.run(machine.action, ".github/workflows/release.yml", "push", payload)
    assert set(found.jobs.values()) == {"success"}, found.log
    published = sorted(path.name for path in (found.artifacts / "published").iterdir())
    assert published == [f"swapgate-{__version__}-py3-none-any.whl", f"swapgate-{__version__}.tar.gz"]
    assert published == sorted(path.name for path in (found.artifacts / "attested").iterdir())
    major = f"v{__version__.partition('.')[0]}"
    patched, created = (call for call in calls.read_text().splitlines() if call.startswith("api "))  # act asks gh too
    assert f"/git/refs/tags/{major} " in patched
    assert f"ref=refs/tags/{major} " in created


def test_release_refuses_a_tag_that_is_not_the_version(machine: Machine) -> None:
    found = machine.run(machine.action, ".github/workflows/release.yml", "push", {"ref": "refs/tags/v99.0.0"})
    assert found.jobs["build"] == "failure"
    assert list(found.artifacts.iterdir()) == []
