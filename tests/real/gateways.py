"""Real gateways as routes of a hermetic check, each installed from its registry into the cache of `servers`."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.servers import UnavailableError, folder, installed

_SECONDS = 600  # of an install; npm and apt take seconds, LiteLLM two minutes
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Gateway:
    """How a gateway is installed, started, and known to be ready. `files` lie in the folder where it is started."""

    install: Callable[[], Sequence[str]]
    ready: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def litellm() -> Sequence[str]:
    home = installed(("litellm[proxy]==1.103.0",), "--constraint", str(_HERE / "litellm.txt"))
    quiet = ["LITELLM_LOCAL_MODEL_COST_MAP=True", "LITELLM_TELEMETRY=False", "NO_DOCS=True"]
    options = ["--config", "litellm.yaml", "--host", "127.0.0.1", "--port", "{port}", "--num_workers", "1"]
    return ["env", *quiet, str(home / "bin" / "litellm"), *options]


def vllm_router() -> Sequence[str]:
    home = installed(("vllm-router==0.1.17",))
    where = '--port $GATE_PORT --prometheus-port $((GATE_PORT - 1000)) --worker-urls "${GATE_UPSTREAM%/v1}"'
    script = f'exec "$0" --host 127.0.0.1 {where} --policy round_robin --worker-startup-timeout-secs 60'
    return ["sh", "-c", script, str(home / "bin" / "vllm-router")]


def portkey() -> Sequence[str]:
    home = folder() / "portkey-1.15.2"
    if not (home / ".ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        # a later one answers 500 to every stream
        pinned = {"@hono/node-server": "1.14.1"}
        package = {"private": True, "dependencies": {"@portkey-ai/gateway": "1.15.2"}, "overrides": pinned}
        (home / "package.json").write_text(json.dumps(package))
        _run("npm", "install", "--no-audit", "--no-fund", cwd=home)
        (home / ".ready").touch()
    start = home / "node_modules/@portkey-ai/gateway/build/start-server.js"
    return ["env", "TRUSTED_CUSTOM_HOSTS=127.0.0.1,localhost", "node", str(start), "--port={port}", "--headless"]


def nginx() -> Sequence[str]:
    program = _debian("nginx", "nginx-common") / "usr/sbin/nginx"
    script = (
        'sed "s#UPSTREAM#${GATE_UPSTREAM%/v1}#; s#PORT#$GATE_PORT#" nginx.conf > run.conf && exec "$0" -p . -c run.conf'
    )
    return ["sh", "-c", script, str(program)]


def haproxy() -> Sequence[str]:
    home = _debian("haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")
    libraries = next(home.glob("usr/lib/*-linux-gnu"))
    script = (
        'u=${GATE_UPSTREAM#http://}; sed "s#UPSTREAM#${u%/v1}#; s#PORT#$GATE_PORT#" haproxy.cfg > run.cfg'
        f' && LD_LIBRARY_PATH={libraries} exec "$0" -db -f run.cfg'
    )
    return ["sh", "-c", script, str(home / "usr/sbin/haproxy")]


def _debian(*packages: str) -> Path:
    """The files of Debian packages, without installing them. Raises UnavailableError."""
    home = folder() / f"debian-{packages[0]}"
    if not (home / ".ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for package in packages:
            _run("apt-get", "download", "-q", package, cwd=home)
        for archive in home.glob("*.deb"):
            _run("dpkg", "-x", archive.name, ".", cwd=home)
        (home / ".ready").touch()
    return home


def _run(*command: str, cwd: Path) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{command[0]}: {error}") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise UnavailableError(f"{' '.join(command)}: {last}")


_LITELLM = """\
model_list:
  - model_name: smollm2-135m-instruct
    litellm_params: {model: openai/smollm2-135m-instruct, api_base: os.environ/GATE_UPSTREAM, api_key: key-of-the-gateway}
general_settings: {master_key: os.environ/GATE_KEY}
litellm_settings: {telemetry: false}
"""
_NGINX = """\
worker_processes 1; daemon off; pid nginx.pid; error_log error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass UPSTREAM; {more} }} }}
}}
"""
_UNBUFFERED = "proxy_http_version 1.1; proxy_set_header Connection ''; proxy_buffering off;"
_HAPROXY = """\
global
  maxconn 100
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend f
  bind 127.0.0.1:PORT
  default_backend b
backend b
  server s UPSTREAM
"""

GATEWAYS: Mapping[str, Gateway] = {
    "haproxy": Gateway(haproxy, files={"haproxy.cfg": _HAPROXY}),
    "nginx": Gateway(nginx, files={"nginx.conf": _NGINX.format(more="")}),
    "nginx-unbuffered": Gateway(nginx, files={"nginx.conf": _NGINX.format(more=_UNBUFFERED)}),
    "portkey": Gateway(portkey, "/", {"x-portkey-provider": "openai", "x-portkey-custom-host": "{upstream}"}),
    "vllm-router": Gateway(vllm_router, "/health"),
    "litellm": Gateway(litellm, "/health/liveliness", files={"litellm.yaml": _LITELLM}),
}
