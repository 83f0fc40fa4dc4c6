"""A team's repository with goldens, recorded once, and a runner's folder for temporary files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gate.replay.server import serve
from tests.action import runner
from tests.action.runner import KEY, seeded
from tests.provider import Provider
from tests.test_cli import gate

CONFIG = """\
version: 1
suite: [minimal]
samples: {record: 2, check: 1, confirm: 1}
routes:
  baseline:
    base_url: ${BASELINE_BASE_URL}
    api_key_env: BASELINE_API_KEY
    models: &models {chat: gpt-4o-mini, embedding: text-embedding-3-small}
  candidate:
    base_url: ${CANDIDATE_BASE_URL}
    api_key_env: CANDIDATE_API_KEY
    models: *models
"""


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false")
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-qm", "state")):
        subprocess.run(["git", *command], cwd=folder, check=True)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "gate.yaml").write_text(CONFIG)
    (folder / ".gitignore").write_text(".gate/\n")
    with pytest.MonkeyPatch.context() as patch, serve(Provider(seed=1)) as base:
        patch.chdir(folder)
        patch.setenv("BASELINE_API_KEY", KEY)
        patch.setenv("BASELINE_BASE_URL", base)
        result = gate("record")
        assert result.exit_code == 0, result.output
    commit(folder)
    return folder


@pytest.fixture
def team(recorded: Path, tmp_path: Path) -> Path:
    """A checkout of the team's repository."""
    return Path(shutil.copytree(recorded, tmp_path / "checkout"))


@pytest.fixture(params=["inside", pytest.param("started", marks=pytest.mark.slow)])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step in both ways: inside of this process for a fast answer, and as the runner starts it."""
    monkeypatch.setattr(runner, "START", [getattr(runner, request.param)])


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """RUNNER_TEMP."""
    folder = tmp_path / "temp"
    folder.mkdir()
    return seeded(folder)
