"""Recorded answers of real routes go through the scrubber byte for byte where they hold no secret."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

from gate.redact.scrub import Scrubber
from gate.store.cassette import load
from tests.canaries import answer, exchange

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
SCRUBBER = Scrubber()
GOLDENS = sorted([*ROOT.glob("golden/*/cassette.yaml"), *ROOT.glob("examples/**/cassette.yaml")])

HOLDERS = (
    b"matz@", b"john.doe@example.com", b"john@example.com", b"(555) 123-4567", b"555) 123-4567",
    b"API key provided: ", b"Your api key: ", b'"radiance', b'"mellon', b"GITHUB_MCP_TOKEN",
)  # fmt: skip
"""What a body of the corpus holds where it is changed: people, their numbers, echoes of keys, passwords of a story."""


_PIECE = re.compile(rb'"(?:content|arguments|delta|text)": ?"((?:[^"\\]|\\.)*)"')


def known(body: bytes) -> bool:
    """Whether a body, or what its stream spells, holds one of these."""
    read = body + b"".join(match[1] for match in _PIECE.finditer(body)).replace(b"\\", b"")
    return any(holder in read for holder in HOLDERS)


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: file.parent.name)
def test_goldens_stay_byte_for_byte(file: Path) -> None:
    for stored in load(file).exchanges:
        assert SCRUBBER.scrub(stored) == stored
        assert SCRUBBER.remains(stored) == []


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
def test_the_corpus_stays_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CORPUS))
    monkeypatch.delitem(sys.modules, "corpus", raising=False)
    corpus = importlib.import_module("corpus")

    answers = corpus.load_exchanges().values()
    bodies = [*(corpus.request_bytes(one) or b"" for one in answers), *map(corpus.response_bytes, answers)]
    changed = [body for body in bodies if answer(SCRUBBER.scrub(exchange(response=body))) != body]
    assert [body[:200] for body in changed if not known(body)] == []
    assert len(changed) < 80  # of 4,368
