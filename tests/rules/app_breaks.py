"""app-breaks: what the team's own client did with a drift."""

from __future__ import annotations

from tests.rules._app import gave_up, ran
from tests.rules_table import Row, raises, seen

HANGS = ran(outcome="waiting")
CRASH = "exit status 1: TypeError: 'NoneType' object is not subscriptable"

CASES = (
    Row(
        "usage is missing, and the application adds it up (US01)",
        ran("Paris.", "12 tokens"),
        ran(outcome="exited", detail=CRASH),
        ("breaking end",),
    ),
    Row("the stream stalls, and no timeout is set (ER16)", ran("Paris."), HANGS, ("breaking end",)),
    Row("an empty answer is printed as one", ran("Paris."), ran(""), ("breaking output",)),
    Row("it prints something else", ran("Paris."), ran("Sorry, no answer."), ("risky output",)),
    Row("a 429 that passes ends it", ran("Paris."), gave_up(3, "rate limited", passes=True), ("risky end",)),
    Row("it says that there is no answer", ran("Paris."), gave_up(3, "the answer is empty"), ("info end",)),
    # silent
    Row("it survives", ran("Paris."), ran("Paris.")),
    Row("it did not work on the goldens either", HANGS, ran(outcome="exited", detail=CRASH)),
    Row("an SDK, not an application", seen(), raises("ValueError"), (), ("breaking sdk-raises error",)),
)
