"""Reports of others that the judge weighs in another way than the report does, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gate.model import Exchange, Severity
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, judge, stream


@dataclass(frozen=True)
class Contested:
    """`wanted` is what the report asks for, `worst` what the judge says; None: nothing."""

    report: str
    wanted: str
    worst: Severity | None
    reason: str
    golden: Exchange
    candidate: Exchange


NOTE = {"type": "url_citation", "start_index": 0, "end_index": 5, "url": "https://example.org/a", "title": "A"}


def cited(*notes: object) -> Exchange:
    """A stream whose finished text has these annotations."""
    said = r.message(content=[r.part(annotations=list(notes))])
    return r.told([{**e, "item": said} if e["type"].endswith("item.done") else e for e in r.events(output=[said])])


CONTESTED = (
    Contested(
        "blank lines between the events of a stream",
        "told",
        None,
        "a blank line dispatches an event only if data came before it, and nothing is there to read: "
        "https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation. SDKs that once "
        "dispatched on it did so behind an id alone, which comment-after-id of sse-comments tells",
        stream(*HELLO),
        stream(HELLO[0], b"\n\n\n", *HELLO[1:]),
    ),
    Contested(
        "no chunk of a stream has an id (spring-projects/spring-ai 6928)",
        "breaking",
        Severity.RISKY,
        "one chunk without an id is wanted as risky, and a client that fails without an id fails at the first one: all "
        "of them can weigh no more. openai-python and openai-node read the answer whole",
        stream(*HELLO),
        stream(*({key: value for key, value in chunk.items() if key != "id"} for chunk in HELLO)),
    ),
    Contested(
        "citations are gone from a stream (theopenco/llmgateway 2992)",
        "silent",
        Severity.RISKY,
        "the same loss in a plain answer is wanted as risky, and a reader of a stream sees as few sources",
        cited(NOTE),
        cited(),
    ),
)


@pytest.mark.parametrize("case", CONTESTED, ids=lambda case: case.report)
def test_the_judge_keeps_to_its_reason(case: Contested) -> None:
    found = judge(Row(case.report, case.golden, case.candidate))
    assert max((finding.severity for finding in found), default=None) == case.worst
