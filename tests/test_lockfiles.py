"""Lock files as their tools write them (fragments of real ones), and files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.inventory.lock_files import MAX_BYTES, locked, versions

UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "openai"
version = "1.109.1"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "httpx" }]

[[package]]
name = "httpx"
version = "0.28.1"

[[package]]
name = "boto3"
version = "1.40.0"
"""
PIPFILE = json.dumps(
    {"default": {"openai": {"version": "==1.3.0"}, "x": 1}, "develop": {"requests": {"version": "==2.32.3"}}}
)
REQUIREMENTS = """\
# by pip-compile
openai==1.30.1 \\
    --hash=sha256:aaaa
httpx[http2] == 0.27.2 ; python_version >= "3.8"
LangChain_OpenAI===0.1.8
aiohttp>=3.9
requests==
"""
PACKAGE_LOCK = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "app", "version": "1.0.0"},
            "node_modules/openai": {"version": "6.1.0"},
            "node_modules/@ai-sdk/openai": {"version": "2.0.32"},
            "node_modules/ai/node_modules/openai": {"version": "4.104.0"},
            "node_modules/left-pad": {"version": "1.3.0"},
        },
    }
)
NPM_6 = json.dumps(
    {
        "lockfileVersion": 1,
        "dependencies": {"langchain": {"version": "0.1.0", "dependencies": {"openai": {"version": "4.2.0"}}}},
    }
)
PNPM_9 = """\
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      openai:
        specifier: ^6
        version: 6.1.0(zod@3.25.0)
packages:
  '@ai-sdk/openai@2.0.32':
    resolution: {integrity: sha512-x}
  openai@6.1.0:
    resolution: {integrity: sha512-x}
snapshots:
  openai@6.1.0(zod@3.25.0):
    optionalDependencies: {}
"""
PNPM_5 = """\
packages:
  /openai/4.2.0_zod@3.0.0:
    resolution: {integrity: sha512-x}
  /@ai-sdk/openai/0.0.9:
    dev: false
"""
PNPM_6 = "packages:\n\n  /undici@5.28.4:\n    resolution: {integrity: sha512-x}\n"
YARN_1 = """\
# yarn lockfile v1

openai@^4.0.0, openai@^4.1.0:
  version "4.104.0"
  resolved "https://registry.yarnpkg.com/openai/-/openai-4.104.0.tgz"

"@anthropic-ai/sdk@^0.30":
  version "0.30.1"
"""
YARN_4 = '__metadata:\n  version: 8\n\n"openai@npm:^6.0.0":\n  version: 6.1.0\n  resolution: "openai@npm:6.1.0"\n'

FILES = [
    ("uv.lock", UV, {"pypi:httpx": "0.28.1", "pypi:openai": "1.109.1"}),
    ("poetry.lock", UV, {"pypi:httpx": "0.28.1", "pypi:openai": "1.109.1"}),
    ("pdm.lock", UV, {"pypi:httpx": "0.28.1", "pypi:openai": "1.109.1"}),
    ("pylock.toml", '[[packages]]\nname = "openai"\nversion = "2.1.0"\n', {"pypi:openai": "2.1.0"}),
    ("Pipfile.lock", PIPFILE, {"pypi:openai": "1.3.0", "pypi:requests": "2.32.3"}),
    (
        "requirements-dev.txt",
        REQUIREMENTS,
        {"pypi:httpx": "0.27.2", "pypi:langchain-openai": "0.1.8", "pypi:openai": "1.30.1"},
    ),
    ("requirements.lock", "openai==1.0.0\n", {"pypi:openai": "1.0.0"}),
    ("package-lock.json", PACKAGE_LOCK, {"npm:@ai-sdk/openai": "2.0.32", "npm:openai": "4.104.0, 6.1.0"}),
    ("package-lock.json", NPM_6, {"npm:langchain": "0.1.0", "npm:openai": "4.2.0"}),
    ("pnpm-lock.yaml", PNPM_9, {"npm:@ai-sdk/openai": "2.0.32", "npm:openai": "6.1.0"}),
    ("pnpm-lock.yaml", PNPM_6, {"npm:undici": "5.28.4"}),
    ("pnpm-lock.yaml", PNPM_5, {"npm:@ai-sdk/openai": "0.0.9", "npm:openai": "4.2.0"}),
    ("yarn.lock", YARN_1, {"npm:@anthropic-ai/sdk": "0.30.1", "npm:openai": "4.104.0"}),
    ("yarn.lock", YARN_4, {"npm:openai": "6.1.0"}),
    ("yarn.lock", YARN_1.replace("\n", "\r\n"), {"npm:@anthropic-ai/sdk": "0.30.1", "npm:openai": "4.104.0"}),
]


@pytest.mark.parametrize(("name", "text", "found"), FILES, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(FILES)])
def test_every_kind_of_lock_file(tmp_path: Path, name: str, text: str, found: dict[str, str]) -> None:
    (tmp_path / name).write_bytes(text.encode())
    assert versions(tmp_path) == found
    assert list(versions(tmp_path)) == sorted(found)


def test_all_lock_files_of_a_repository_count_and_installed_packages_do_not(tmp_path: Path) -> None:
    for folder, text in [
        ("", "openai==1.0.0"),
        ("services/search", "openai==1.2.0"),
        ("node_modules/x", "openai==1.3.0"),
        (".venv", "openai==1.4.0"),
        ("a/b/c/d", "openai==1.5.0"),
    ]:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "requirements.txt").write_text(text)
    assert versions(tmp_path) == {"pypi:openai": "1.0.0, 1.2.0"}
    root, inner = tmp_path / "requirements.txt", tmp_path / "services/search/requirements.txt"
    assert list(locked(tmp_path)) == [("pypi:openai", "1.0.0", root), ("pypi:openai", "1.2.0", inner)]


GARBAGE = [
    b"",
    b"\x00\xff\xfe",
    b"[]",
    b"null",
    b'{"packages": [1], "dependencies": 3, "default": "x"}',
    b'{"packages": {"node_modules/openai": 7, "node_modules/ai": {"version": 5}}}',
    b'package = [1, {name = 2, version = "1.0"}]',
    b'package = {name = "openai"}',
    b"<html>",
    b"[" * 100_000,
    b'openai@^4:\n  version "\x1b[31m4"\n',
    b"openai==$(id)\n",
]


@pytest.mark.parametrize("content", GARBAGE, ids=lambda content: content[:20].decode("latin-1"))
def test_garbage_counts_as_absent(tmp_path: Path, content: bytes) -> None:
    for name, _, _ in FILES:
        (tmp_path / name).write_bytes(content)
    assert versions(tmp_path) == {}


def test_deeply_nested_dependencies_of_npm_6(tmp_path: Path) -> None:
    inner: dict[str, object] = {"version": "4.0.0"}
    for _ in range(150):
        inner = {"version": "4.0.0", "dependencies": {"openai": inner}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"dependencies": {"openai": inner}}))
    assert versions(tmp_path) == {"npm:openai": "4.0.0"}


def test_a_file_beyond_the_bound_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("openai==1.0.0\n" + "#" * MAX_BYTES)
    (tmp_path / "uv.lock").mkdir()
    assert versions(tmp_path) == {}


@pytest.mark.parametrize("name", ["pnpm-lock.yaml", "yarn.lock", "requirements.txt"])
@pytest.mark.parametrize("text", ["  a@1" + "x" * 500_000, "a@" * 200_000, "a@b\n" * 100_000, "a" * 500_000])
def test_long_lines_end(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert versions(tmp_path) == {}  # a pattern that backtracks would not come back
