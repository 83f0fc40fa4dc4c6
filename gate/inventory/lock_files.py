"""Which LLM SDKs and HTTP clients a repository has locked: part of the facts that a golden is recorded with.

An SDK upgrade alone can change what an application sees (SD01, SD02), so these versions stand beside the goldens.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

# chosen: lock files of large monorepos have some MB.
MAX_BYTES = 32 * 1024 * 1024
# chosen: more than a monorepo locks; the facts of a golden must stay readable.
MAX_FILES = 100
# chosen: `apps/web/package-lock.json` and one level more; deeper are copies in build folders.
MAX_DEPTH = 3
MAX_NESTING = 100  # of dependencies inside dependencies (package-lock.json of npm 6)

# SDKs first, then what carries them: HTTP clients, SSE parsers, and the JSON parser and tokenizer of openai-python
# (SD02, SD03, SD04, SD07).
_PYPI = """
    openai openai-agents litellm anthropic mistralai groq google-genai google-generativeai azure-ai-inference cohere
    langchain langchain-core langchain-openai langchain-anthropic llama-index-llms-openai instructor pydantic-ai
    pydantic-ai-slim dspy haystack-ai semantic-kernel autogen-ext crewai smolagents
    httpx httpcore httpx-sse h11 h2 aiohttp requests urllib3 sseclient-py jiter tiktoken
"""
# The same for JavaScript: SDKs, then fetch implementations and SSE parsers (SD03).
_NPM = """
    openai @openai/agents ai @ai-sdk/openai @ai-sdk/openai-compatible @ai-sdk/azure @ai-sdk/provider-utils
    @anthropic-ai/sdk @azure/openai @mistralai/mistralai groq-sdk @langchain/core @langchain/openai langchain
    llamaindex undici node-fetch cross-fetch axios got ky eventsource-parser eventsource
"""
PYPI, NPM = frozenset(_PYPI.split()), frozenset(_NPM.split())

Found = Iterator[tuple[str, str]]

# Installed packages bring lock files of their own, which lock nothing here.
SKIPPED = {"node_modules", "site-packages", "vendor", "dist", "build", "__pycache__", "venv"}
# Versions become facts in reports: anything else in a lock file (a URL, a path, a text) is left out.
_VERSION = re.compile(r"v?[0-9][0-9A-Za-z.+!_-]{0,63}")
# PEP 508 with `==` or `===`; a range locks nothing.
_REQUIREMENT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;,#\\]+)", re.MULTILINE)
# `  openai@4.0.0:`, `  '@ai-sdk/openai@1.0.0(zod@3.0.0)':`, and `  /openai/4.0.0:` of older pnpm
_PNPM = re.compile(r"^ {2}['\"]?/?((?:@[\w.-]+/)?[\w.-]+)[@/]([0-9][0-9A-Za-z.+-]{0,63})(?:[(_]|['\"]?:)", re.MULTILINE)
# `openai@^4.0.0, openai@^4.1.0:` or `"openai@npm:^4.0.0":`, then `  version "4.2.0"` or `  version: 4.2.0`
_YARN = re.compile(r'^"?((?:@[\w.-]+/)?[\w.-]+)@[^\n]{0,2000}:\n {2}version:? "?([^"\s]+)', re.MULTILINE)


def versions(root: Path) -> dict[str, str]:
    """`{"npm:openai": "6.1.0", "pypi:httpx": "0.27.2, 0.28.1"}`: sorted, several versions joined.

    Reads the lock files of `root` and folders up to three levels below. What can't be read counts as absent.
    """
    locked_versions: dict[str, set[str]] = {}
    for key, version, _ in locked(root):
        # monorepos lock several versions at once, and an application may load any of them
        locked_versions.setdefault(key, set()).add(version)
    return {key: ", ".join(sorted(locked_versions[key])) for key in sorted(locked_versions)}


def locked(root: Path) -> Iterator[tuple[str, str, Path]]:
    """(`pypi:openai`, its version, the lock file that says so), as `versions` reads them."""
    for path, read in _lock_files(root):
        yield from ((key, version, path) for key, version in _of(path, read))


def pins(path: Path) -> list[tuple[str, str]]:
    """(`pypi:openai`, its version) of one lock file; none where it is no lock file, or can't be read."""
    read = _reader(path.name)
    return list(_of(path, read)) if read else []


def _of(path: Path, read: Callable[[str], Found]) -> Found:
    for key, version in _known(bounded(path), read):
        yield key, version.removeprefix("v")


def _reader(name: str) -> Callable[[str], Found] | None:
    return next((reader for pattern, reader in _READERS.items() if fnmatch(name, pattern)), None)


def _lock_files(root: Path) -> Iterator[tuple[Path, Callable[[str], Found]]]:
    count = 0
    for folder, inner, names in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        inner[:] = sorted(d for d in inner if depth < MAX_DEPTH and d not in SKIPPED and not d.startswith("."))
        for name in sorted(names):
            read = _reader(name)
            if read and count < MAX_FILES:
                count += 1
                yield Path(folder, name), read


def bounded(path: Path) -> str:
    """The text of a file; empty where it can't be read, is no regular file, or beyond MAX_BYTES."""
    try:
        # `is_file`: reading a FIFO of that name would block for ever.
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return ""
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _known(text: str, read: Callable[[str], Found]) -> Found:
    """The packages of interest that a reader finds, as `ecosystem:name`; none in a malformed file."""
    # OpenAI's SDK is called `openai` in both worlds
    npm = read in (_package_lock, _pnpm_lock, _yarn_lock)
    wanted, prefix = (NPM, "npm") if npm else (PYPI, "pypi")
    try:
        packages = list(read(text))
    except (ValueError, RecursionError):
        return
    for name, version in packages:
        # https://packaging.python.org/specifications/name-normalization/
        plain = name if npm else re.sub(r"[-_.]+", "-", name).lower()
        if plain in wanted and _VERSION.fullmatch(version):
            yield f"{prefix}:{plain}", version


# -- readers: text of a lock file → (name, version); ValueError for what is no such file ----------


def _toml_lock(text: str) -> Found:
    yield from _named(tomllib.loads(text).get("package"))


def _named(entries: Any) -> Found:
    for entry in entries if isinstance(entries, list) else []:
        name, version = _text(entry, "name"), _text(entry, "version")
        if name and version:
            yield name, version


def _text(entry: Any, key: str) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _table(value: Any, key: str) -> dict[str, Any]:
    table = value.get(key) if isinstance(value, dict) else None
    return table if isinstance(table, dict) else {}


def _pipfile_lock(text: str) -> Found:
    lock = json.loads(text)
    # Pipenv's names for what an application needs and what its tests need.
    for section in ("default", "develop"):
        for name, entry in _table(lock, section).items():
            yield name, _text(entry, "version").lstrip("=")


def _requirements(text: str) -> Found:
    for match in _REQUIREMENT.finditer(text):
        yield match[1], match[2]


def _package_lock(text: str) -> Found:
    lock = json.loads(text)
    for place, entry in _table(lock, "packages").items():
        name = place.rpartition("node_modules/")[2]
        yield _text(entry, "name") or name, _text(entry, "version")
    if "packages" not in _keys(lock):  # npm 6; npm 7 and 8 write both forms
        yield from _nested(lock, MAX_NESTING)


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def _nested(value: Any, depth: int) -> Found:
    for name, entry in _table(value, "dependencies").items():
        yield name, _text(entry, "version")
        if depth:
            yield from _nested(entry, depth - 1)


def _pnpm_lock(text: str) -> Found:
    for match in _PNPM.finditer(text):
        yield match[1], match[2]


def _yarn_lock(text: str) -> Found:
    for match in _YARN.finditer(text.replace("\r\n", "\n")):
        yield match[1], match[2]


_READERS: dict[str, Callable[[str], Found]] = {
    "uv.lock": _toml_lock,
    "poetry.lock": _toml_lock,
    "pdm.lock": _toml_lock,
    "pylock*.toml": lambda text: _named(tomllib.loads(text).get("packages")),
    "Pipfile.lock": _pipfile_lock,
    "requirements*.txt": _requirements,
    "requirements*.lock": _requirements,
    "package-lock.json": _package_lock,
    "npm-shrinkwrap.json": _package_lock,
    "pnpm-lock.yaml": _pnpm_lock,
    "yarn.lock": _yarn_lock,
}

PATTERNS = tuple(_READERS)
"""Names of the lock files that can be read."""
