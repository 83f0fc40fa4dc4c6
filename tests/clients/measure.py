"""`make clients`: every known drift and its twin through the drivers of real SDK versions → docs/clients.json.

It needs the registries, and Node for its SDKs; nothing is sent to a provider. Minutes. With ids of drifts as arguments
only these are asked, and the rows of all others stay.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from gate.judge.pairing import observed
from gate.model import Effect, Exchange, Samples, Transcript
from gate.observe.alignment import aligned
from gate.observe.clients import effects
from gate.sdk.clients import Client, prepared, transcripts
from gate.sdk.versions import version_of
from tests.clients.plan import Played, plan
from tests.clients.table import Entry, Table, table, written

# Two majors of each official SDK, and the frameworks that most applications stand on; with the Node that one wants.
VERSIONS: Mapping[str, str] = {
    "openai==2.54.0": "",
    "openai==3.57.0": "",
    "npm:openai@6.49.0": "",
    "npm:openai@7.59.0": "22",
    "langchain-openai==1.7.4": "",
    "litellm==1.110.2": "",
    "npm:ai@6.0.326": "",
    "npm:ai@7.0.173": "22",
    "npm:@langchain/openai@1.6.0": "",
}
_Made = Mapping[str, tuple[Transcript, ...]]


def main(only: Sequence[str] = ()) -> None:
    """Ask every client, and write the table."""
    chosen = [one for one in plan() if not only or one.mutation.id in only]
    asked = prepared([version_of(text) for text in VERSIONS], {text: node for text, node in VERSIONS.items() if node})
    for note in asked.notes:
        raise SystemExit(note)
    felt = {client.name: _felt(client, chosen) for client in asked.clients}
    names = sorted(felt)
    known = table().rows if only else {}
    asked_now = {
        one.name: Entry(*(tuple(felt[name][one.name, side] for name in names) for side in SIDES)) for one in chosen
    }
    rows = {**known, **asked_now}
    nodes = {version_of(text).label: node for text, node in VERSIONS.items() if node}
    written(Table(date.today(), tuple(names), nodes, rows))


SIDES = ("drift", "twin")


def _felt(client: Client, chosen: Sequence[Played]) -> dict[tuple[str, str], Effect | None]:
    """What one client did with each drift and each twin; None where it is not asked."""
    start = time.monotonic()
    made = transcripts(client, _answers(chosen))
    print(f"{client.name}: {len(made)} answers in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return {(one.name, side): _effect(one, side, made) for one in chosen for side in SIDES}


def _answers(played: Sequence[Played]) -> dict[str, Exchange]:
    """All that is replayed, by name; a golden once."""
    answers: dict[str, Exchange] = {}
    for one in played:
        answers[f"golden {one.scenario}"] = one.golden
        answers[f"drift {one.name}"] = one.drift
        if one.twin is not None and one.twin.response is not None:
            answers[f"twin {one.name}"] = one.twin
    return answers


def _effect(one: Played, side: str, made: _Made) -> Effect | None:
    seen, changed = made.get(f"golden {one.scenario}", ()), one.drift if side == "drift" else one.twin
    if changed is None:
        return None
    golden = replace(one.golden, transcripts=seen)
    candidate = replace(changed, transcripts=made.get(f"{side} {one.name}", ()), sample=0)
    pair = aligned(Samples(observed([golden])), Samples(observed([candidate])))
    # a twin may say the same in other words; with the drift the golden's words are due
    found = effects(pair, exact=side == "drift")
    return found[0] if found else None


if __name__ == "__main__":
    main(sys.argv[1:])
