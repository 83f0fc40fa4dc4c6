"""Real gateways as routes of a hermetic check, each installed from its registry into the cache of `servers`."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.servers import UnavailableError, folder, installed

_SECONDS = 600  # of an install; npm and apt take seconds, LiteLLM half a minute
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Installed:
    """The command of a gateway, with `{port}`, and the version that its own package names."""

    command: Sequence[str]
    version: str


@dataclass(frozen=True)
class Gateway:
    """How a gateway is installed, started, and known to be ready. `files` lie in the folder where it is started."""

    install: Callable[[], Installed]
    ready: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


# -- from PyPI ----------------------------------------------------------------------------------


def litellm(version: str | None, *options: str) -> Installed:
    """LiteLLM's proxy; None is today's newest."""
    home = installed((f"litellm[proxy]=={version}" if version else "litellm[proxy]",), *options)
    quiet = ["LITELLM_LOCAL_MODEL_COST_MAP=True", "LITELLM_TELEMETRY=False", "NO_DOCS=True"]
    where = ["--config", "litellm.yaml", "--host", "127.0.0.1", "--port", "{port}", "--num_workers", "1"]
    return Installed(["env", *quiet, str(home / "bin" / "litellm"), *where], _of_wheel(home, "litellm"))


def vllm_router() -> Installed:
    home = installed(("vllm-router==0.1.17",))
    where = '--port $GATE_PORT --prometheus-port $((GATE_PORT - 1000)) --worker-urls "${GATE_UPSTREAM%/v1}"'
    script = f'exec "$0" --host 127.0.0.1 {where} --policy round_robin --worker-startup-timeout-secs 60'
    return Installed(["sh", "-c", script, str(home / "bin" / "vllm-router")], _of_wheel(home, "vllm_router"))


def smg() -> Installed:
    home = installed(("smg==1.13.0",))
    where = '--port $GATE_PORT --prometheus-port $((GATE_PORT - 1000)) --worker-urls "${GATE_UPSTREAM%/v1}"'
    script = f'exec "$0" launch --host 127.0.0.1 {where} --backend openai'
    return Installed(["sh", "-c", script, str(home / "bin" / "smg")], _of_wheel(home, "smg"))


def lm_proxy() -> Installed:
    home = installed(("lm-proxy",))
    script = 'sed "s#UPSTREAM#$GATE_UPSTREAM#; s#PORT#$GATE_PORT#; s#KEY#$GATE_KEY#" lm-proxy.toml > run.toml'
    command = ["sh", "-c", f'{script} && exec "$0" --config run.toml', str(home / "bin" / "lm-proxy")]
    return Installed(command, _of_wheel(home, "lm_proxy"))


def _of_wheel(home: Path, package: str) -> str:
    """The version of an installed wheel: its `.dist-info` folder names it."""
    found = [path.name for path in home.glob(f"lib/python*/site-packages/{package}-*.dist-info")]
    if len(found) != 1:
        raise UnavailableError(f"{package} is not in {home}")
    return found[0].removeprefix(f"{package}-").removesuffix(".dist-info")


# -- from npm and Debian ------------------------------------------------------------------------


def portkey() -> Installed:
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
    program = home / "node_modules/@portkey-ai/gateway"
    version: str = json.loads((program / "package.json").read_text("utf-8"))["version"]
    start = ["node", str(program / "build/start-server.js"), "--port={port}", "--headless"]
    return Installed(["env", "TRUSTED_CUSTOM_HOSTS=127.0.0.1,localhost", *start], version)


def nginx() -> Installed:
    program = _debian("nginx", "nginx-common") / "usr/sbin/nginx"
    script = (
        'sed "s#UPSTREAM#${GATE_UPSTREAM%/v1}#; s#PORT#$GATE_PORT#" nginx.conf > run.conf && exec "$0" -p . -c run.conf'
    )
    return Installed(["sh", "-c", script, str(program)], _of_deb("nginx"))


def haproxy() -> Installed:
    home = _debian("haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")
    libraries = next(home.glob("usr/lib/*-linux-gnu"))
    script = (
        'u=${GATE_UPSTREAM#http://}; sed "s#UPSTREAM#${u%/v1}#; s#PORT#$GATE_PORT#" haproxy.cfg > run.cfg'
        f' && LD_LIBRARY_PATH={libraries} exec "$0" -db -f run.cfg'
    )
    return Installed(["sh", "-c", script, str(home / "usr/sbin/haproxy")], _of_deb("haproxy"))


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


def _of_deb(package: str) -> str:
    """The upstream's version in a file name such as `nginx_1.22.1-9+deb12u7_amd64.deb`."""
    names = [path.name for path in (folder() / f"debian-{package}").glob(f"{package}_*.deb")]
    found = re.match(rf"{package}_([\d.]+)", names[0]) if names else None
    if found is None:
        raise UnavailableError(f"{package} has no version")
    return found[1]


def _run(*command: str, cwd: Path) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{command[0]}: {error}") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise UnavailableError(f"{' '.join(command)}: {last}")


# -- their configuration ------------------------------------------------------------------------

_LITELLM = """\
model_list:
  - model_name: smollm2-135m-instruct
    litellm_params: {model: openai/smollm2-135m-instruct, api_base: os.environ/GATE_UPSTREAM, api_key: key-of-the-gateway}
general_settings: {master_key: os.environ/GATE_KEY}
litellm_settings: {telemetry: false}
"""
# chat_mode: it takes every model with "instruct" in its name for one of /v1/completions, and ours has
_LM_PROXY = """\
host = "127.0.0.1"
port = PORT
[connections.up]
api_type = "openai"
api_base = "UPSTREAM"
api_key = "key-of-the-gateway"
chat_mode = true
[routing]
"*" = "up.*"
[groups.default]
api_keys = ["KEY"]
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


def _litellm(version: str | None, *options: str) -> Gateway:
    start = functools.partial(litellm, version, *options)
    return Gateway(start, "/health/liveliness", files={"litellm.yaml": _LITELLM})


GATEWAYS: Mapping[str, Gateway] = {
    "haproxy": Gateway(haproxy, files={"haproxy.cfg": _HAPROXY}),
    "nginx": Gateway(nginx, files={"nginx.conf": _NGINX.format(more="")}),
    "nginx-unbuffered": Gateway(nginx, files={"nginx.conf": _NGINX.format(more=_UNBUFFERED)}),
    "portkey": Gateway(portkey, "/", {"x-portkey-provider": "openai", "x-portkey-custom-host": "{upstream}"}),
    "smg": Gateway(smg, "/health"),
    "vllm-router": Gateway(vllm_router, "/health"),
    "litellm": _litellm("1.103.0", "--constraint", str(_HERE / "litellm.txt")),
}
"""One of each, of a version that is pinned: the cells of `make test-all`."""

MATRIX: Mapping[str, Gateway] = {
    **{name: gateway for name, gateway in GATEWAYS.items() if name != "litellm"},
    "lm-proxy": Gateway(lm_proxy, files={"lm-proxy.toml": _LM_PROXY}),
    "litellm-1.74": _litellm("1.74.0"),
    "litellm-1.93": _litellm("1.93.0"),
    "litellm-1.98": _litellm("1.98.0"),
    "litellm": _litellm(None),
}
"""What `make gateways` runs: versions of LiteLLM that people upgrade from, and what a registry has today."""
