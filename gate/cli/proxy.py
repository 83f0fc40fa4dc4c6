"""`gate proxy [-- CMD …]`: a recording proxy in front of a route; what passes becomes goldens and a suite."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

from gate.cli._lines import Lines
from gate.cli._policy import config_option, optional_config
from gate.config import gate_yaml
from gate.errors import ConfigError
from gate.inventory.lock_files import versions
from gate.model import Config, Json, Limits, Route
from gate.proxy.server import Proxy, Recorder, passing
from gate.proxy.upstream import Upstream
from gate.replay.serving import listen
from gate.run.facts import facts
from gate.run.preflight import check_base_url
from gate.store.sides import nearby
from gate.text.nearest import suggest
from gate.text.plural import count
from gate.text.safe import line

_BASE_URL = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
_LOOPBACK = "127.0.0.1,localhost"


@dataclass
class _Told:
    """What the recorder said."""

    lines: Lines
    quiet: bool
    summary: dict[str, Any] = field(default_factory=dict)

    def __call__(self, said: Mapping[str, Any]) -> None:
        self.summary = said.get("summary", self.summary)
        if "note" in said:
            self.lines.note(line(said["note"], 600))
        if "told" in said and not self.quiet:
            self.lines.put(said["told"])


@click.command(name="proxy", context_settings={"allow_interspersed_args": False})
@click.argument("command", metavar="[-- CMD …]", nargs=-1, type=click.UNPROCESSED)
@config_option
@click.option("--route", default="baseline", show_default=True, help="The route of gate.yaml that is recorded.")
@click.option("--upstream", metavar="URL", help="The base_url to record, instead of a route's.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1; 0, the default, takes a free one."
)
@click.option("--golden", type=click.Path(path_type=Path), metavar="DIR", help="Where goldens go; those of gate.yaml.")
@click.option(
    "--suite", type=click.Path(path_type=Path), metavar="DIR", help="Where scenarios go; `suite` beside gate.yaml."
)
@click.option(
    "--mode",
    type=click.Choice(["once", "all"]),
    default="once",
    show_default=True,
    help="once: requests without a golden; all: goldens are replaced.",
)
@click.option("--quiet", "-q", is_flag=True, help="No line for each request.")
def command(
    command: tuple[str, ...],
    config: Path | None,
    route: str,
    upstream: str | None,
    port: int,
    golden: Path | None,
    suite: Path | None,
    mode: str,
    quiet: bool,
) -> int:
    """Pass requests on to a route, and record what passes as goldens and a suite.

    Without a command it runs until SIGINT or SIGTERM; the first line on standard output is its base_url. With one it
    runs it, with OPENAI_BASE_URL and OPENAI_API_BASE set to itself, and exits with its code unless recording failed.
    """
    loaded = optional_config(config)
    chosen = _route(loaded, route, upstream)
    root = Path(loaded.root) if loaded else Path()
    goldens = golden or nearby(root / (loaded.golden if loaded else "golden"))
    scenarios = suite or nearby(root / "suite")
    far = Upstream(chosen.base_url, chosen.timeouts.connect)
    key = os.environ.get(chosen.api_key_env or "")
    listener = listen(port)
    # Threads of ours must hand the interpreter back at once: by default a chunk may be 5 ms late for them.
    sys.setswitchinterval(0.0002)
    with Lines() as lines:
        told = _Told(lines, quiet or bool(command))
        recorder = Recorder(_settings(loaded, chosen, far, goldens, scenarios, root, mode, key), told)
        with contextlib.closing(recorder), passing(Proxy(far, recorder.tape.put, lines.note), listener):
            base_url = f"http://127.0.0.1:{listener.getsockname()[1]}{far.path}"
            code = _run(command, base_url, key) if command else _serve(base_url)
    if hint := _unnamed(loaded, scenarios):
        _say(hint)
    failed = recorder.failed or not told.summary or bool(recorder.tape.lost)
    return _end(told.summary, recorder.tape.lost, failed, code, goldens, scenarios, bool(command))


def _route(config: Config | None, name: str, upstream: str | None) -> Route:
    """The route that is recorded. Raises ConfigError."""
    if upstream is None and config is None:
        raise ConfigError("there is no gate.yaml", fix="name the route's base_url with --upstream, or run `gate init`")
    known = config.routes if config else {}
    if upstream is None and name not in known:
        raise ConfigError(f"there is no route {name}", where="gate.yaml: routes", fix=suggest(name, known))
    if upstream is None:
        return check_base_url(gate_yaml.resolve(known[name], os.environ))[0]
    # where gate.yaml has the route, its models still say which names are roles
    route = known.get(name, Route(name, upstream))
    return check_base_url(Route(name, upstream, route.api_key_env, route.models))[0]


def _settings(
    config: Config | None,
    route: Route,
    far: Upstream,
    golden: Path,
    suite: Path,
    root: Path,
    mode: str,
    key: str | None,
) -> dict[str, Json]:
    known = facts(route, (), date.today().isoformat(), versions(root), secrets.token_hex(6))
    limits = config.limits if config else Limits()
    return {
        "origin": far.origin,
        "max_body": limits.max_body,
        "max_run": limits.max_run,
        "redact": list(config.redact if config else ()),
        "secrets": [value for value in (key, os.environ.get("OPENAI_API_KEY")) if value],
        "place": {
            "golden": str(golden.absolute()),
            "suite": str(suite.absolute()),
            "apart": str((root / ".gate" / "proxy").absolute()),
            "base_url": route.base_url,
            "models": dict(route.models),
            "facts": known,
            "again": mode == "all",
        },
    }


# -- running ------------------------------------------------------------------------------------


def _serve(base_url: str) -> int:
    """Until SIGINT or SIGTERM."""
    waiting, ended = socket.socketpair()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.send(b"x"))
    click.echo(base_url)
    sys.stdout.flush()
    waiting.recv(1)
    return 0


def _run(command: Sequence[str], base_url: str, key: str | None) -> int:
    """The exit code of a command that is told where the proxy is; 128 and the number of the signal that ended it."""
    environ = {**os.environ, **dict.fromkeys(_BASE_URL, base_url)}
    if key and not environ.get("OPENAI_API_KEY"):  # CI systems hand out missing secrets as empty variables
        environ["OPENAI_API_KEY"] = key
    for name in ("NO_PROXY", "no_proxy"):  # what is set for the internet is not for us
        environ[name] = ",".join(filter(None, (environ.get(name), _LOOPBACK)))
    try:
        process = subprocess.Popen(list(command), env=environ)  # noqa: S603 (the user's own command)
    except OSError as error:
        fix = "what follows -- is run as it stands, without a shell"
        raise ConfigError(f"can't run {line(command[0])}: {error.strerror}", fix=fix) from error
    with _passed_on(process):
        code = process.wait()
    return 128 - code if code < 0 else code


@contextlib.contextmanager
def _passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Signals are the command's: Ctrl-C reaches it by itself, a request to end is passed on."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.terminate()),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- the end ------------------------------------------------------------------------------------


def _end(
    summary: Mapping[str, Any],
    lost: int,
    failed: bool,
    code: int,
    golden: Path,
    suite: Path,
    ran: bool,
) -> int:
    """Says what was recorded; the exit code."""
    goldens, there, apart = summary.get("goldens", []), summary.get("there", []), summary.get("apart", {})
    calls, lost = summary.get("calls", 0), lost + summary.get("lost", 0)
    _say(f"recorded {count(len(goldens), 'scenario')} from {count(calls, 'call')}: {golden} and {suite}")
    for name in goldens:
        _say(f"  {name}")
    if there:
        _say(f"  {count(len(there), 'golden')} stand already; --mode all records them again")
    for name, why in sorted(apart.items()):
        _say(f"  kept apart  .gate/proxy/{name}: {line(why, 300)}")
    if failed or lost:
        _say(f"error: recording failed, {count(lost, 'call')} not kept" if lost else "error: recording failed")
        return 2
    if summary.get("route_failed"):
        _say("error: the route did not answer a request that has no golden; look at it and run this again")
        return 3
    if ran and not calls and code == 0:
        _say("error: no call came through the proxy\n  fix: let your code take its base_url from OPENAI_BASE_URL")
        return 2
    return code


def _unnamed(config: Config | None, suite: Path) -> str:
    """What is left to do before `gate check` runs the scenarios; "" where gate.yaml names them."""
    if config is None:
        return f"to judge other routes by them: `gate init`, and in gate.yaml `suite: [{suite}]`"
    named = {Path(config.root, name).resolve() for name in config.suite}
    return "" if suite.resolve() in named else f"gate.yaml does not name them yet: add {suite} to `suite`"


def _say(words: str) -> None:
    click.echo(words, err=True)
