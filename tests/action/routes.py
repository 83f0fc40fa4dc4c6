"""Two embedded routes over this repository's goldens, for workflows: one faithful, one with the drifts of `gate demo`.

`python -m tests.action.routes FILE` writes the two base URLs and its own process id to FILE, as `name=value` lines for
GITHUB_OUTPUT, and serves until it is ended, or for ten minutes.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from gate.model import Exchange
from gate.mutations import DEMO, mutations
from gate.replay.server import Replay, serve
from gate.store import cassette
from gate.store.shipped import goldens

_SPEED = 20.0  # the recorded engine took its time


def drift(exchange: Exchange) -> Exchange:
    """The exchange with the demo's drift of its scenario, where it has one."""
    known = mutations()
    for name, scenario in DEMO:
        if exchange.scenario == scenario:
            return known[name].apply(exchange) or exchange
    return exchange


def recordings() -> list[Exchange]:
    """Everything that this repository has recorded."""
    return [exchange for path in cassette.scan(goldens()).values() for exchange in cassette.load(path).exchanges]


def main(file: Path) -> None:
    exchanges = recordings()
    with (
        serve(Replay(exchanges, speed=_SPEED, vary=1)) as faithful,
        serve(Replay(exchanges, speed=_SPEED, vary=2, mutate=drift)) as drifting,
    ):
        lines = (f"faithful={faithful}", f"drifting={drifting}", f"pid={os.getpid()}")
        with file.open("a", encoding="utf-8") as stream:
            stream.write("".join(f"{line}\n" for line in lines))
        time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
