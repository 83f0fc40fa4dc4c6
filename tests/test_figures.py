"""What the HTML report works out before it draws: timelines and their labels, latency strips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gate.model import Area, Ending, Exhibit, Mark, Timing
from gate.model.exhibits import Forwarded
from gate.reports.html import render
from gate.reports.page import contents
from gate.reports.page.axis import ticks
from gate.reports.page.labels import Note, apart, within
from gate.reports.page.strips import strips
from gate.reports.page.timeline import Row, Timeline, timeline
from gate.reports.words.durations import duration
from tests.report_samples import PASSING, finding, result
from tests.test_html import exhibit

# -- timelines ----------------------------------------------------------------------------------


def drawn(*samples: Exhibit) -> Timeline:
    found = timeline(samples)
    assert found
    return found


def rows(*samples: Exhibit) -> tuple[Row, ...]:
    return drawn(*samples).rows


def test_an_even_stream_is_an_even_row() -> None:
    (row,) = rows(exhibit())
    assert row.bars == (("text", "".join(f"M{x} 46V33" for x in (167.5, 332.5, 502.5, 667.5, 832.5, 997.5))),)
    assert (row.start, row.end, row.bursts, row.pauses, row.labels, row.broken) == (16.67, 100.0, (), (), (), None)
    assert (
        row.facts == "first token 100 ms · 6 events in 6 reads over 500 ms · longest gap 100 ms · complete after 600 ms"
    )


def test_a_buffered_stream_is_one_tower_after_a_long_wait() -> None:
    held = exhibit("candidate", marks=(Mark("role", 590.0), Mark("text", 590.0, 40), Mark("done", 590.0)))
    golden, candidate = rows(exhibit(), held)
    assert golden.labels == ()
    assert [note.text for note in candidate.labels] == ["nothing for 590 ms"]
    assert [note.text for note in candidate.bursts] == ["×42"]
    assert len({path.split("V")[0].split()[0] for _, path in candidate.bars}) == 1


def test_gaps_and_cuts_are_named() -> None:
    stalled = replace(exhibit(), marks=(*exhibit().marks, Mark("text", 5600.0)), ending=Ending.CUT)
    (row,) = rows(stalled)
    assert [(note.text, note.width) for note in row.pauses] == [("5.0 s gap", 89.29)]
    assert row.labels == row.pauses
    assert row.broken == Note(100.0, "✕ cut")
    assert rows(replace(stalled, ending=Ending.CANCELLED))[0].broken is None


def test_without_times_events_stand_in_order() -> None:
    untimed = replace(
        exhibit(), marks=(Mark("role", None), Mark("text", None, 3), Mark("done", None)), timing=Timing(), reads=0
    )
    found = drawn(untimed, exhibit("candidate"))
    assert (found.timed, found.ticks) == (False, ())
    assert found.rows[0].facts == "5 events · complete"
    assert found.rows[0].first is None


def test_the_sample_with_texts_stands_for_its_side() -> None:
    found = drawn(exhibit(response=()), exhibit(sample=1), exhibit("candidate"))
    assert [(row.side, row.title) for row in found.rows] == [("golden", "sample 2"), ("candidate", "sample 1")]
    assert [row.title for row in found.others] == ["sample 1"]


def test_no_picture_without_a_stream() -> None:
    assert timeline((exhibit(form="json"),)) is None
    assert drawn(exhibit(marks=())).rows == ()
    odd = exhibit(
        marks=(Mark("text", float("nan")), Mark("text", float("inf")), Mark("text", -1.0)),
        timing=Timing(total=float("nan")),
    )
    assert rows(odd)[0].end == 0.0


# -- both hops of a gateway ---------------------------------------------------------------------


def refused(at_ms: float, status: int = 429, ending: Ending = Ending.COMPLETE) -> Forwarded:
    return Forwarded(at_ms, at_ms + 1, status, ending, "status-429", (Mark("bytes", at_ms + 0.5),))


def behind(*calls: Forwarded, **more: object) -> Exhibit:
    """A client's plain request, answered after 4.3 s, and what reached the upstream meanwhile (measured: LiteLLM 1.108)."""
    late = exhibit("candidate", form="json", status=429, marks=(Mark("bytes", 4294.0),), timing=Timing(total=4295.0))
    return replace(late, forwarded=calls, **more)  # type: ignore[arg-type]


def test_the_requests_of_a_gateway_stand_below_its_client() -> None:
    at_once = exhibit(form="json", status=429, marks=(Mark("bytes", 1.0),), timing=Timing(total=1.0))
    found = drawn(at_once, behind(refused(27.0), refused(1585.0), refused(3196.0)))
    _, client, upstream = found.rows
    assert (client.facts, [note.text for note in client.labels]) == (
        "status 429 · complete after 4.3 s",
        ["nothing for 4.3 s"],
    )
    assert (upstream.side, upstream.title) == ("upstream", "behind the candidate")
    assert upstream.facts == "3 requests within 3.2 s · 429, 429, 429 · status-429"
    assert [(post.at, post.text) for post in upstream.posts] == [(0.63, "429"), (36.9, "429"), (74.41, "429")]
    assert [note.text for note in upstream.labels] == ["1.6 s", "1.6 s"]
    assert (upstream.start, upstream.end, upstream.broken) == (0.63, 74.44, None)
    assert upstream.bars == (("bytes", "M7.5 46V33M367.5 46V33M742.5 46V33"),)
    assert (found.hops, found.kinds) == (True, ("bytes",))


def test_requests_too_close_for_words_keep_their_strokes() -> None:
    upstream = rows(behind(refused(20.0), refused(21.0), refused(22.0)))[1]
    assert [post.text for post in upstream.posts] == ["429", "", ""]
    assert upstream.pauses == ()


def test_an_upstream_that_broke_off_says_so() -> None:
    cut = rows(behind(refused(20.0, 200, Ending.CUT)))[1]
    assert (cut.facts, cut.broken) == ("1 request · 200 cut · status-429", Note(0.49, "✕ cut"))
    assert rows(behind(refused(20.0, 200, Ending.CANCELLED)))[1].broken is None
    reset = rows(behind(refused(20.0, 0, Ending.RESET)))[1]
    assert (reset.posts, reset.broken) == ((Note(0.47, ""),), Note(0.49, "✕ reset")), "said once"
    later = replace(refused(20.0, 200, Ending.CUT), end_ms=4000.0)
    assert [post.text for post in rows(behind(later))[1].posts] == ["200 cut"]


def test_a_client_without_an_answer_and_an_upstream_that_was_never_asked() -> None:
    client, upstream = rows(behind(status=0, marks=(), ending=Ending.RESET))
    assert (client.facts, client.start, client.broken) == (
        "no answer · reset after 4.3 s",
        100.0,
        Note(100.0, "✕ reset"),
    )
    assert (upstream.facts, upstream.posts, upstream.bars, upstream.end) == ("nothing reached it", (), (), 0.0)


def test_what_has_no_times_has_no_second_hop() -> None:
    found = drawn(behind(refused(20.0), marks=(Mark("bytes", None),), timing=Timing()))
    assert ([row.side for row in found.rows], found.hops) == (["candidate"], False)


@pytest.mark.parametrize(
    ("area", "path", "ending", "shown"),
    [
        ("request", "request", Ending.COMPLETE, True),
        ("request", "headers.retry-after", Ending.COMPLETE, True),
        ("request", "headers.x-request-id", Ending.COMPLETE, False),
        ("stream", "error", Ending.CUT, True),  # the upstream was cut, and the client got an error event
        ("stream", "error", Ending.COMPLETE, False),
        ("latency", "timing.error", Ending.COMPLETE, True),
        ("errors", "error.type", Ending.COMPLETE, False),
    ],
)
def test_both_hops_stand_with_findings_about_their_times(area: Area, path: str, ending: Ending, shown: bool) -> None:
    one = finding("request-retried", area, scenario="chat-stream", path=path)
    report = replace(PASSING, findings=(one,), exhibits=(behind(refused(20.0, ending=ending)),))
    known = contents.links(report)
    assert bool(contents.pictures(contents.parts(report, known), known)) is shown
    text = render(report)
    assert "at the client and at the upstream of the gateway" in text
    assert text.count('class="post"') == 1 + shown


@pytest.mark.parametrize(
    ("text", "width", "room"),
    [("5.0 s gap", 89.0, ""), ("5.0 s gap", 15.0, "roomy"), ("5.0 s gap", 7.0, "roomiest"), ("5.0 s gap", 5.0, None)],
)
def test_words_about_a_pause_are_no_wider_than_it(text: str, width: float, room: str | None) -> None:
    wanted = [] if room is None else [Note(40.0, text, width, room)]
    assert list(within([Note(40.0, text, width)])) == wanted


@pytest.mark.parametrize(
    ("places", "taken", "rooms"),
    [
        ([10.0, 50.0, 90.0], None, {10.0: "", 50.0: "", 90.0: ""}),
        ([50.0, 54.0], None, {50.0: "", 54.0: "roomy"}),
        ([50.0, 52.5], None, {50.0: "", 52.5: "roomiest"}),
        ([50.0, 50.5, 90.0], None, {50.0: "", 90.0: ""}),
        ([95.0], 96.0, {}),
        ([59.0, 61.0], None, {59.0: "", 61.0: ""}),  # one stands behind its place, the other before it
    ],
)
def test_words_that_would_touch_give_way(places: list[float], taken: float | None, rooms: Mapping[float, str]) -> None:
    notes = [Note(at, "×42") for at in places]
    found = apart(notes, [] if taken is None else [Note(taken, "✕ reset")])
    assert {note.at: note.room for note in found} == rooms


@pytest.mark.parametrize(
    ("ms", "text"),
    [(None, "–"), (float("nan"), "–"), (0.0, "0 ms"), (0.14, "0.14 ms"), (9.0, "9 ms"), (31.4, "31 ms"), (999.0, "999 ms"), (2400.0, "2.4 s"), (180_000.0, "180 s")],
)  # fmt: skip
def test_durations(ms: float | None, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("whole", "last", "count"), [(0.5, "0.5 ms", 6), (749, "600 ms", 4), (3800, "3.0 s", 4), (180_000, "150 s", 4)]
)
def test_the_scale_has_round_numbers(whole: float, last: str, count: int) -> None:
    found = ticks(whole)
    assert found[0].at == 0.0
    assert len(found) <= 7
    assert all(0 <= tick.at <= 100 for tick in found)
    assert (found[-1].text, len(found)) == (last, count)


# -- figures ------------------------------------------------------------------------------------


def test_strips_compare_medians() -> None:
    slow = exhibit("candidate", timing=Timing(first_token=400.0, total=600.0))
    first, gap, total = strips((exhibit(), slow), result("chat-stream"))
    assert [(rug.side, rug.words, rug.p50) for rug in first.rugs] == [
        ("golden", ("100 ms",), 100.0),
        ("candidate", ("400 ms",), 400.0),
    ]
    assert (first.change, first.slower) == ("×4", True)
    assert ([rug.words for rug in gap.rugs], gap.change) == ([("100 ms", "100 ms")], "")
    assert (total.change, total.slower) == ("×1", False)


@pytest.mark.parametrize(
    ("golden", "candidate", "change", "slow"),
    [
        (100.0, 400.0, "×4", True),
        (100.0, 149.0, "×1.5", False),
        (10.0, 59.0, "×5.9", False),  # 49 ms are the network's weather, however many times that is
        (10.0, 60.0, "×6", True),
        (400.0, 20.0, "÷20", False),
        (102.0, 100.0, "×1", False),
        (1.0, 5000.0, "×>999", True),
        (0.0, 100.0, "", True),
    ],
)
def test_changes_of_a_median(golden: float, candidate: float, change: str, slow: bool) -> None:
    both = (exhibit(timing=Timing(total=golden)), exhibit("candidate", timing=Timing(total=candidate)))
    *_, total = strips(both, result("chat-stream"))
    assert (total.change, total.slower) == (change, slow)
