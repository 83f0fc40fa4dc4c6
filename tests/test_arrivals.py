"""When events came, side by side: what `gate explain` prints for a finding of latency, and what the page aligns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gate.explain.arrivals import MOST, Row, arrivals, rows, table
from gate.model import Line
from gate.observe.exchange import observe
from tests.rules_table import HELLO, completion, plain, stream


def lines(kinds: str, gaps: Sequence[float] = ()) -> list[Line]:
    """`r t3 f`: a role, three texts, a finish."""
    names = {"r": "role", "t": "text", "f": "finish", "u": "usage"}
    keys = [names[word[0]] for word in kinds.split() for _ in range(int(word[1:] or 1))]
    return [Line(key, "", gap_ms=gap) for key, gap in zip(keys, [*gaps, *[1.0] * len(keys)], strict=False)]


def told(found: Sequence[Row]) -> list[str]:
    return [
        f"{row.key} +{row.left_out}"
        if row.left_out
        else f"{row.key} {'g' * bool(row.golden)}{'c' * bool(row.candidate)}"
        for row in found
    ]


@pytest.mark.parametrize(
    ("golden", "candidate", "wanted"),
    [
        ("r t f", "r t f", ["role gc", "text gc", "finish gc"]),
        ("r t f u", "r t f", ["role gc", "text gc", "finish gc", "usage g"]),
        ("t f", "r t f", ["role c", "text gc", "finish gc"]),
        ("t2", "t3", ["text gc", "text gc", "text c"]),
        ("t7", "t7", ["text gc"] * 7),
        ("", "t", ["text c"]),
        ("", "", []),
    ],
)
def test_events_correspond_by_what_they_do(golden: str, candidate: str, wanted: list[str]) -> None:
    assert told(rows(lines(golden), lines(candidate))) == wanted


@pytest.mark.parametrize(
    ("slowest", "wanted"),
    [
        (10, ["text gc"] * 3 + ["text +7", "text gc", "text +7"] + ["text gc"] * 2),
        (3, ["text gc"] * 4 + ["text +14"] + ["text gc"] * 2),
        (17, ["text gc"] * 3 + ["text +14"] + ["text gc"] * 3),
    ],
)
def test_of_a_long_run_the_longest_wait_stays(slowest: int, wanted: list[str]) -> None:
    late = [900.0 if n == slowest else 1.0 for n in range(20)]
    assert told(rows(lines("t20"), lines("t20", late))) == wanted


def test_the_table_of_a_stream() -> None:
    """A proxy held the stream back as a whole (LA01)."""
    golden = stream(*HELLO, at=(310.0, 320.0, 331.4, 340.0, 341.0), connect_ms=12.0, total_ms=342.0)
    candidate = stream(*HELLO, at=(900.0, 900.0, 900.1, 900.2, 900.2), total_ms=901.0)
    assert table(golden, candidate) == [
        "when it came, in ms after the request was sent:",
        "                      golden                   candidate",
        "  connection              12",
        "  first byte             310                         900",
        "  first token            320                         900",
        "  whole answer           342                         901",
        "",
        "  event               golden      waited       candidate      waited",
        "  role                   310                         900",
        "  text                   320          10             900           0",
        "  text                   331          11             900         0.1",
        "  finish                 340         8.6             900         0.1",
        "  done                   341         1.0             900           0",
    ]  # fmt: skip
    assert max(map(len, table(golden, candidate))) < 80


def test_a_plain_answer_has_times_without_events() -> None:
    slow = plain(completion(), first_byte_ms=2000.0, total_ms=2001.0)
    assert table(plain(completion()), slow)[2:] == [
        "  first byte                                       2,000",
        "  whole answer                                     2,001",
    ]


def test_events_without_times_and_too_many() -> None:
    untimed = arrivals(observe(stream(*HELLO)))
    assert [(one.key, one.at_ms, one.gap_ms) for one in untimed[:2]] == [("role", None, None), ("text", None, None)]
    assert len(table(stream(*HELLO), stream(*HELLO))) == 2
    endless = stream(*[HELLO[1]] * (MOST + 3), at=(1.0,) * MOST)
    assert len(arrivals(observe(endless))) == MOST
    assert "  … 4994 more text events" in table(endless, endless)


def test_what_only_one_side_has() -> None:
    found = table(stream(*HELLO, at=(1.0,) * 5), plain(completion()))
    assert [text.split() for text in found if text.startswith("  finish")] == [["finish", "1.0", "0", "-"]]
