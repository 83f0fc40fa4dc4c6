"""`gate scan` on open packages as their registries have them: every call site that reading them by hand finds, and no other.

By hand: `grep -nE "\\.create\\(|completion\\(|embedding\\(|fetch\\w*\\(|/v1/|/chat/completions"` over all source of a package, and a
look at each line. What is found there and is no call of such an API: tables of a database (`db["responses"].create` in llm), a model
in the same process (`create_chat_completion` of llama.cpp in bertopic), and the conversation of a website behind a proxy
(`backend-api/conversation` in chatgpt).
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.inventory.scan import scan

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Package:
    """A package, the folder in it that is scanned, and `file:line endpoint streaming` of each call, as read by hand."""

    name: str
    sha256: str
    folder: str
    calls: tuple[str, ...]
    fragile: tuple[str, ...]


LLM = "llm/default_plugins/openai_models.py"
PACKAGES = [
    Package(
        "shell-gpt==1.5.1",
        "f7bf429e289d878e8094adf9826dec1d28f3c69438a0d85446bc043e4f052b83",
        "",
        # `completion = client.chat.completions.create`, or that of LiteLLM
        ("sgpt/handlers/handler.py:117 chat.completions yes",),
        # calls that come under `stop` are dropped; the look at `chunk.choices` is there
        ("sgpt/handlers/handler.py:149 finish-reason-single",),
    ),
    Package(
        "llm==0.36",
        "801263d046854d15e3f45ee8da5024c23c313d129f67c7c93961649c531bb050",
        "",
        (
            f"{LLM}:509 embeddings no",
            f"{LLM}:868 models no",
            f"{LLM}:1431 chat.completions yes",
            f"{LLM}:1484 chat.completions no",
            f"{LLM}:1549 chat.completions yes",
            f"{LLM}:1600 chat.completions no",
            f"{LLM}:2542 responses yes",
            f"{LLM}:2667 responses no",
            f"{LLM}:2789 responses yes",
            f"{LLM}:2916 responses no",
            f"{LLM}:2988 completions yes",
            f"{LLM}:3007 completions no",
        ),
        # of the plain completion; in the loops a test of `chunk.choices` stands before
        (f"{LLM}:3014 choices-unchecked",),
    ),
    Package(
        "bertopic==0.17.4",
        "0dbe7ee22c18fb76efe7f4fbf3a14b51c1e67d9fccc569e3f81e75b8f32646d1",
        "",
        (
            "bertopic/backend/_openai.py:73 embeddings no",
            "bertopic/backend/_openai.py:82 embeddings no",
            "bertopic/representation/_litellm.py:139 chat.completions either",
            "bertopic/representation/_openai.py:228 chat.completions either",
        ),
        (
            "bertopic/representation/_litellm.py:140 choices-unchecked",
            "bertopic/representation/_openai.py:233 choices-unchecked",
        ),
    ),
    Package(
        "npm:chatgpt-md-translator@1.9.1",
        "638b123c9b649f4cba9bae5559d7200b0855b93db8d41f9a1c553e96d745fe27",
        "package",
        ("lib/api.js:33 chat.completions yes",),
        (),  # `choices[0].delta` stands in a try that goes on with the next line
    ),
    Package(
        "npm:chatgpt@5.2.5",
        "1472ef1b37103e4ce1e2d7a0beefb13a764a4d685cf0f8f7b6b10985a664e336",
        "package/build",
        # `stream` is an option of the caller
        ("index.js:259 chat.completions either", "index.js:298 chat.completions either"),
        (),
    ),
]


def fetched(package: Package, folder: Path) -> Path:
    """The package's files, unpacked; nothing of it is run."""
    if package.name.startswith("npm:"):
        command = ["npm", "pack", "--silent", "--ignore-scripts", package.name.removeprefix("npm:")]
    else:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", package.name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    (archive,) = folder.iterdir()
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == package.sha256
    target = folder / "unpacked"
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
    return target / package.folder


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_its_call_sites_are_found(package: Package, tmp_path: Path) -> None:
    found = scan(fetched(package, tmp_path))
    calls = [call for call in found.calls if not call.in_tests]
    assert tuple(f"{call.place} {call.endpoint} {call.streaming}" for call in calls) == package.calls
    assert tuple(f"{one.place} {one.id}" for one in found.assumptions) == package.fragile
    assert found.unread == ()
