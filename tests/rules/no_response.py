"""no-response: connections that bring nothing."""

from __future__ import annotations

from gate.model import Ending
from tests.rules_table import Row, completion, none, plain, refusal

CASES = (
    Row(
        "T27: the upstream resets the connection on this request alone",
        plain(completion()),
        none(Ending.RESET, "connection reset by peer"),
        ("breaking status",),
    ),
    Row(
        "issue 2: refused where the golden answers with an error",
        refusal(400),
        none(Ending.UNREACHABLE, "connection refused"),
        ("breaking status",),
    ),
    Row("the golden has no response either", none(Ending.RESET), none(Ending.UNREACHABLE)),
    Row("hung up by the scenario", plain(completion()), none(Ending.CANCELLED)),
)
