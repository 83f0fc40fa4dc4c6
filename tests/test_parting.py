"""Two texts as one: what differs is seen where it is, and nothing of either is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parting import parted

CHUNK = 'data: {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": '


@pytest.mark.parametrize(
    ("golden", "candidate", "lines"),
    [
        ("HTTP 200\n\n{}", "HTTP 200\n\n{}", [" HTTP 200", "", " {}"]),
        (f'{CHUNK}"stop"}}]}}', f"{CHUNK}null}}]}}", [f" {CHUNK}".rstrip(), '- "stop"', "+ null", " }]}"]),
        (f"{CHUNK}null}}]}}\n\ndata: [DONE]", f"{CHUNK}null}}]}}", [f" {CHUNK}null}}]}}", "-", "-data: [DONE]"]),
        (f"{CHUNK}null\n\nx", f"{CHUNK}null␍\n␍\nx", [f" {CHUNK}null", "-", "+␍", "+␍", " x"]),  # CRLF: T02
        ("ab 1 cd 2 ef 3", "gh 4 ij 5 kl 6", ["-ab 1 cd 2 ef 3", "+gh 4 ij 5 kl 6"]),  # two lines, no confetti
    ],
    ids=["alike", "in the middle of a line", "a line that is gone", "ends of lines", "nothing in common"],
)
def test_what_differs_is_marked_where_it_is(golden: str, candidate: str, lines: list[str]) -> None:
    assert parted(golden, candidate) == lines


_TEXT = st.text(st.sampled_from('ab"{}:, \\\n'), max_size=40)


@given(_TEXT, _TEXT)
def test_each_side_can_be_read_from_it(golden: str, candidate: str) -> None:
    lines = parted(golden, candidate)
    for text, mark in ((golden, "-"), (candidate, "+")):
        own = "".join(line[1:] for line in lines if line[:1] in ("", " ", mark))
        assert "".join(own.split()) == "".join(text.split())
