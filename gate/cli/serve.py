"""`gate serve [GOLDEN]`: an OpenAI-compatible server over recorded exchanges, with faults."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import click

from gate import __version__
from gate.cli._address import listening_at
from gate.cli._lines import Lines
from gate.cli._policy import config_option, golden_folder
from gate.errors import CassetteError
from gate.model import Exchange
from gate.redact.scrub import Scrubber
from gate.replay import fault_file, page
from gate.replay.log import Log
from gate.replay.service import Service
from gate.replay.serving import Server, base_url, listen
from gate.store.sides import load_side
from gate.text.safe import line


@click.command(name="serve")
@click.argument("golden", type=click.Path(path_type=Path), required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1; 0, the default, takes a free one."
)
@click.option(
    "--listen", "address", metavar="HOST:PORT", help="Another address than 127.0.0.1; whoever reaches it is served."
)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    metavar="FACTOR",
    help="Divides the recorded times; 2 is twice as fast.",
)
@click.option("--no-delay", is_flag=True, help="Plays without waiting. Faults of time still take theirs.")
@click.option(
    "--faults",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="faults.yaml: which faults happen, to what, at which attempt.",
)
@click.option(
    "--log",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep every exchange as cassettes, scrubbed.",
)
@click.option("--quiet", "-q", is_flag=True, help="No line for each request.")
@config_option
def command(
    golden: Path | None,
    port: int,
    address: str | None,
    speed: float,
    no_delay: bool,
    faults: Path | None,
    folder: Path | None,
    quiet: bool,
    config: Path | None,
) -> int:
    """Serve what was recorded, until SIGINT or SIGTERM.

    The first line on standard output is the base_url; all else goes to standard error.
    """
    source = golden or golden_folder(config)
    side = load_side(source)
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(source), fix="record goldens first: gate record")
    rules = fault_file.load(faults, side.exchanges) if faults else ()
    listener = listen(*listening_at(address, port))
    service = Service(side.exchanges, speed=0 if no_delay else speed, rules=rules)
    service.page = page.html(base_url(listener), service.recordings.all, rules)
    # The log's thread must hand the interpreter back at once: by default a chunk may be 5 ms late while it scrubs.
    sys.setswitchinterval(0.0002)
    scrubber = Scrubber()
    with Lines() as lines:
        server = Server(service, note=lines.note)
        with _logged(folder, server, lines.note) as log:
            server.listeners += [log] * bool(folder) + [
                lambda exchange: lines.put(partial(_line, exchange, scrubber))
            ] * (not quiet)
            asyncio.run(_serve(server, listener))
    return 0


async def _serve(server: Server, listener: socket.socket) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    await server.run(listener, lambda: click.echo(base_url(listener)), stopped)


@contextlib.contextmanager
def _logged(folder: Path | None, server: Server, note: Callable[[str], None]) -> Iterator[Callable[[Exchange], None]]:
    if folder is None:
        yield lambda _: None
        return
    facts = {"route": "serve", "date": date.today().isoformat(), "gate": __version__}
    log = Log(folder, Scrubber(), facts, note, lambda: server.under_way > 0)
    try:
        yield log.add
    finally:
        log.close()


def _line(exchange: Exchange, scrubber: Scrubber) -> str:
    """One line for a request."""
    status = exchange.response.status if exchange.response else exchange.ending
    path = scrubber.url(exchange.request.url)
    return line(f"{status}  {exchange.scenario}  {exchange.request.method} {path}  {exchange.detail}".strip())
