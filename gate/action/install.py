"""What the engine needs, in an environment of its own: the versions of a lock file, by hash.

The engine itself is the action's own checkout, so that the action's ref is the engine's version.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from gate.errors import GateError
from gate.text.safe import cut

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
SDK_LOCK = LOCK.with_name("requirements-sdk.lock")
"""The same and uv, which `mode: sdk` makes its environments with."""
# pip sees no key: what it installs is pinned, and still it need not know any
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "APPDATA")
# What a company's runner needs to reach its mirror: index, proxy and CA.
_PREFIXES = ("PIP_", "SSL_CERT_", "REQUESTS_CA_", "LOCALAPPDATA", "XDG_")


def environment(temp: Path, environ: Mapping[str, str], lock: Path = LOCK) -> Path:
    """The Python to run the engine with; a second use in a job finds it there. Raises GateError with pip's words."""
    # By Python and lock file: another version of either needs an environment of its own.
    folder = temp / f"swapgate-{hashlib.sha256(sys.version.encode() + lock.read_bytes()).hexdigest()[:16]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"
    if not ready.is_file():
        # An installation that was cancelled leaves a folder without `ready`.
        shutil.rmtree(folder, ignore_errors=True)
        clean = {name: value for name, value in environ.items() if _harmless(name)}
        _run([sys.executable, "-I", "-m", "venv", str(folder)], clean)
        # wheels only: nothing of theirs runs while it is installed
        pip = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        # --require-hashes: a package that was replaced on the index is refused. --no-deps: nothing outside of the lock.
        _run([*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)], clean)
        ready.touch()
    return python


def _harmless(name: str) -> bool:
    upper = name.upper()
    return upper in _ENVIRONMENT or upper.startswith(_PREFIXES) or upper.endswith("_PROXY")


def _run(command: list[str], environ: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 (our own arguments, no shell)
        command, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        output = done.stdout.decode("utf-8", "replace").strip()
        fix = "put actions/setup-python before this step" if "venv" in command else "look at pip's words; try again"
        raise GateError(f"the engine can't be installed: {cut(output[-3000:], 3000)}", fix=fix)
