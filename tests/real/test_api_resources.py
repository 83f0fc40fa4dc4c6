"""openai-python's own tests of its API resources, from its source distribution, against `gate serve`.

They read the address of their mock server from TEST_API_BASE_URL. One recording for each operation and form answers
them; what the tests send beside the few words of each recording must not matter. The numbers stand in docs/serve.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gate.store.sides import load_side
from tests.real.api_recordings import ROWS, contradicted, written
from tests.real.servers import UnavailableError, folder, installed
from tests.test_serve import running

pytestmark = pytest.mark.slow

SDK = "2.54.0"
# what its tests import, at the versions of 2026-11
BESIDE = ("pytest==9.2.0", "pytest-asyncio==1.5.0", "respx==0.23.1", "rich==15.0.0", "httpx2==2.16.2")
OURS = (
    "chat/test_completions.py", "test_responses.py", "responses", "test_completions.py", "test_embeddings.py",
    "test_models.py", "test_moderations.py", "test_images.py", "audio",
)  # fmt: skip

PASSED, REQUESTS = 633, 560
_MOCKED = "skipped by the tests themselves: respx, which answers them, can't stand in for aiohttp"
_SPEECH = ("method_create", "method_create_with_all_params", "raw_response_create", "streaming_response_create")
NOT_PASSED: Mapping[str, str] = {
    f"tests.api_resources.audio.test_speech.TestAsyncSpeech.test_{name}[aiohttp]": _MOCKED for name in _SPEECH
}
"""Test → why it does not pass."""

CONTRADICTED: Mapping[str, list[str]] = {
    # the SDK's model of a chunk names five roles, the first is `developer`; the API sends `assistant`
    "chat.completion.chunk": ['choices[0].delta.role: must be one of ["assistant", null]'],
}
"""What our schemas call breaking in what is right by the SDK's models."""


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        home = installed((f"openai[aiohttp]=={SDK}", *BESIDE))
    except UnavailableError as reason:
        pytest.skip(str(reason))
    return home / "bin" / "python"


@pytest.fixture(scope="module")
def source() -> Path:
    """The source distribution, unpacked."""
    home = folder() / f"openai-{SDK}-source"
    if not (home / ".ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "openai"]
        done = subprocess.run([*download, f"openai=={SDK}"], cwd=home, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"can't download the source of openai {SDK}: {done.stderr.strip().splitlines()[-1:]}")
        with tarfile.open(home / f"openai-{SDK}.tar.gz") as archive:
            archive.extractall(home, filter="data")
        (home / ".ready").touch()
    return home / f"openai-{SDK}"


def outcomes(python: Path, source: Path, base: str, report: Path) -> dict[str, str]:
    """Test → `passed`, or what became of it."""
    options = ["-q", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:logging", "--tb=line"]
    tests = [f"tests/api_resources/{name}" for name in OURS]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PYTHON"))}
    environ |= {"TEST_API_BASE_URL": base, "NO_PROXY": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(python), "-m", "pytest", *options, f"--junit-xml={report}", *tests]
    done = subprocess.run(command, cwd=source, env=environ, capture_output=True, text=True, timeout=300)
    assert report.exists(), done.stdout + done.stderr
    cases = ElementTree.parse(report).getroot().iter("testcase")
    return {f"{case.get('classname')}.{case.get('name')}": _outcome(case) for case in cases}


def _outcome(case: ElementTree.Element) -> str:
    return next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")


def test_they_pass_but_for_what_is_named(python: Path, source: Path, tmp_path: Path) -> None:
    written(tmp_path / "golden", python)
    log = tmp_path / "log"
    with running(str(tmp_path / "golden"), "--no-delay", "--quiet", "--log", str(log)) as served:
        found = outcomes(python, source, served.base, tmp_path / "report.xml")
        assert served.end()[0] == 0
    assert {name for name, outcome in found.items() if outcome != "passed"} == set(NOT_PASSED)
    asked = {name: len(exchanges) for name, exchanges in load_side(log).exchanges.items()}
    assert set(asked) == {row.name for row in ROWS}  # each recording was needed, and none was missed
    assert (Counter(found.values())["passed"], sum(asked.values())) == (PASSED, REQUESTS)


def test_our_schemas_allow_what_the_models_of_the_sdk_do(python: Path) -> None:
    assert contradicted(python) == CONTRADICTED
