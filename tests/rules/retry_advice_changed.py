"""retry-advice-changed: x-should-retry."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, refusal


def failing(status: int, advice: str = "") -> Exchange:
    return refusal(status, headers={"x-should-retry": advice} if advice else {})


FIRES = ("risky headers.x-should-retry",)

CASES = (
    Row("ER34: a gateway forbids what SDKs retry", failing(429), failing(429, "false"), FIRES),
    Row("ER34: it drops the header that stopped them", failing(429, "false"), failing(429), FIRES),
    Row("ER34: it lets them repeat what can't succeed", failing(400), failing(400, "true"), FIRES),
    Row("a fault of the server", failing(500), failing(500, "false"), FIRES),
    Row("ER34, benign twin: the header says what SDKs do anyway", failing(429), failing(429, "true")),
    Row("and here as well", failing(400), failing(400, "false")),
    Row("SDKs know two words", failing(400), failing(400, "TRUE")),
    Row("a conflict is retried", failing(409), failing(409, "false"), FIRES),
    Row("a timeout is retried", failing(408), failing(408, "false"), FIRES),
    Row("just no fault of the server", failing(499), failing(499, "false")),
    Row("the golden says so in one sample", [failing(429), failing(429, "false")], failing(429, "false")),
    Row(
        "another status is told as such",
        failing(429),
        failing(400, "false"),
        also=("breaking client-error-changed status",),
    ),
)
