"""What a run or a folder has no room for in memory lies on the disk, and nothing else changes by that."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench import memory
from gate.errors import CassetteError
from gate.judge import observations
from gate.judge.report import judge
from gate.model import Chunk, Exchange, Limits, Policy, Response
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.run import holding
from gate.store import spool
from gate.store.sides import load_side
from gate.store.spool import Spool, is_kept
from gate.store.texts import Texts
from tests.loopback import Call
from tests.rules_table import HELLO, completion, plain, stream
from tests.stored import NO_ANSWER, answer
from tests.test_runner import go, scenario

BIG = replace(answer(b"x" * 5_000), chunks=tuple(Chunk(number / 8, 50) for number in range(100)))


def test_what_is_on_the_disk_reads_like_any_other() -> None:
    kept = Spool(room=0).keep(BIG)
    assert is_kept(kept)
    assert kept.response
    assert BIG.response
    assert (kept.response.status, kept.response.headers) == (BIG.response.status, BIG.response.headers)
    assert kept.response.body == BIG.response.body
    assert (tuple(kept.chunks), len(kept.chunks)) == (BIG.chunks, 100)
    assert (kept.chunks[0], kept.chunks[-1:]) == (BIG.chunks[0], BIG.chunks[-1:])
    marked = replace(kept, outage=True)
    assert marked.outage
    assert is_kept(marked)
    assert marked.response
    assert marked.response.body == BIG.response.body
    assert replace(kept.response, reason="Fine").body == BIG.response.body  # this one is in memory


def test_small_answers_and_the_first_large_ones_stay_in_memory() -> None:
    disk = Spool(room=20_000)
    first, second = disk.keep(BIG), disk.keep(BIG)
    assert first is BIG
    assert is_kept(second)
    assert disk.keep(second) is second
    assert disk.keep(NO_ANSWER) is NO_ANSWER
    assert disk.keep(tiny := answer(b"{}")) is tiny


def test_the_file_has_no_name_and_is_gone_with_its_last_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = Spool(room=0).keep(BIG)
    assert is_kept(kept)
    assert not [*tmp_path.iterdir()]


def test_no_place_for_it_is_an_error_with_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(CassetteError, match=r"gone.*can't write|can't write.*gone"):
        Spool(room=0).keep(BIG)


def test_texts_are_made_when_they_are_asked_for() -> None:
    made: list[str] = []
    texts = Texts()
    texts.add("a.yaml", lambda: made.append("a") or "A")  # type: ignore[func-returns-value]
    both = texts.with_texts({"b.yaml": "B"}, "below/")
    assert [*both] == ["a.yaml", "below/b.yaml"]
    assert len(both) == 2
    assert not made
    assert dict(both) == {"a.yaml": "A", "below/b.yaml": "B"}
    assert made == ["a"]


# -- a run --------------------------------------------------------------------------------------


def test_a_run_without_room_goes_to_the_disk_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "ROOM", 10_000)
    secret = "sk-proj-" + "a1B2" * 12

    async def large(call: Call) -> None:
        await call.reply(200, b'{"choices": [], "key": "%s", "pad": "%s"}' % (secret.encode(), b"x" * 6_000))

    names = [scenario(name) for name in "abcdefgh"]
    result, _ = go(large, names, scrub=Scrubber().scrub, max_concurrency=2)
    sent = [exchange for run in result.runs.values() for exchange in run.exchanges]
    assert len(sent) == 8
    assert all(run.state == "ok" for run in result.runs.values())
    on_disk = [exchange for exchange in sent if is_kept(exchange)]
    assert len(on_disk) >= 6
    assert not [e for e in on_disk if e.response and secret.encode() in e.response.body]
    unbounded, _ = go(large, names)
    assert not [e for run in unbounded.runs.values() for e in run.exchanges if is_kept(e)]


def test_a_run_that_is_cut_off_by_its_bytes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "ROOM", 1_000)

    async def large(call: Call) -> None:
        await call.reply(200, b'{"choices": [], "pad": "%s"}' % (b"x" * 40_000))

    limits = Limits(max_run=100_000)
    result, _ = go(large, [scenario(name) for name in "abcdef"], scrub=Scrubber().scrub, limits=limits)
    assert [run.state for run in result.runs.values()].count("not-run") >= 3


# -- the judge ----------------------------------------------------------------------------------


def test_a_folder_without_room_is_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_side(Path("golden"), honour_states=True)
    monkeypatch.setattr(spool.Spool.__init__, "__defaults__", (0,))
    small = load_side(Path("golden"), honour_states=True)
    assert sum(is_kept(e) for group in small.exchanges.values() for e in group) > 20
    day, drifted = date(2026, 11, 22), _drifted(whole)
    assert judge(small, drifted, Policy(), day) == judge(whole, drifted, Policy(), day)


def _drifted(side: Side) -> Side:
    """The same with every `stop` as another word, and one scenario gone."""
    names = sorted(side.exchanges)[1:]
    return replace(side, exchanges={name: tuple(map(_ended, side.exchanges[name])) for name in names})


def _ended(exchange: Exchange) -> Exchange:
    body = exchange.response.body.replace(b'"stop"', b'"halt"') if exchange.response else b""
    return replace(exchange, response=replace(exchange.response or Response(200), body=body))


@pytest.mark.parametrize("room", [0, 900, 10**9])
def test_what_is_kept_of_observations_changes_no_report(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    goldens = {"chat": (plain(completion()),), "chat-stream": (stream(*HELLO),), "other": (plain(completion()),)}
    candidates = {**goldens, "chat-stream": (stream(*HELLO[:-1]),)}
    twins = {"chat": "chat-stream", "chat-stream": "chat"}
    day = date(2026, 11, 22)
    expected = judge(Side(goldens, twins=twins), Side(candidates), Policy(), day)
    monkeypatch.setattr(observations, "ROOM", room)
    assert judge(Side(goldens, twins=twins), Side(candidates), Policy(), day) == expected
    assert {finding.scenario for finding in expected.findings} == {"chat-stream"}


# -- the whole ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_check_of_200_mb_takes_less_than_300_mb_of_memory(tmp_path: Path) -> None:
    # R8: the same run took 450 MB when all of it was held; `python -m bench` has the one of 500 MB
    figure = memory.run(tmp_path, images=28)
    assert figure.fine, figure.measured
