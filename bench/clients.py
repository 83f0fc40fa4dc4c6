"""Whether SDKs feel a difference between two recordings of one request at one provider, where there is none:
`python -m bench.clients CORPUS VERSION…`.

CORPUS is that of `bench.accuracy`; a version is `openai==3.57.0`. Prints each effect that is felt, and counts.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.accuracy import exchange_of
from gate.judge.pairing import observed
from gate.model import Effect, Exchange, Samples, Transcript
from gate.observe.alignment import aligned
from gate.observe.clients import effects
from gate.sdk.clients import prepared, transcripts
from gate.sdk.versions import version_of

_Made = Mapping[str, tuple[Transcript, ...]]


def main(folder: str, versions: Sequence[str]) -> None:
    """Ask each version."""
    sys.path.insert(0, folder)
    corpus = importlib.import_module("corpus")
    exchanges, pairs = corpus.load_exchanges(folder), corpus.load_pairs(folder)
    same = [_sides(corpus, exchanges, pair) for pair in pairs if pair["kind"] == "same"]
    answers = {f"{side} {number}": pair[side == "candidate"] for number, pair in enumerate(same) for side in _SIDES}
    for client in prepared([version_of(text) for text in versions]).clients:
        found = list(_felt(same, transcripts(client, answers)))
        print(client.name, dict(Counter(effect.did for effect in found)))
        print(*(f"  {effect}" for effect in found if effect.did != "reads"), sep="\n")


_SIDES = ("golden", "candidate")


def _sides(corpus: Any, exchanges: Mapping[str, Any], pair: Mapping[str, Any]) -> tuple[Exchange, Exchange]:
    golden, candidate = exchanges[pair["golden"]], exchanges[pair["candidate"]]
    return exchange_of(corpus, golden), exchange_of(corpus, corpus.as_candidate(golden, candidate))


def _felt(same: Sequence[tuple[Exchange, Exchange]], made: _Made) -> Iterator[Effect]:
    for number, pair in enumerate(same):
        seen = [
            Samples(observed([replace(exchange, transcripts=made.get(f"{side} {number}", ()))]))
            for side, exchange in zip(_SIDES, pair, strict=True)
        ]
        yield from effects(aligned(seen[0], seen[1]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
