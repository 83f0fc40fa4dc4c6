"""request-header-added: the upstream gets headers that the client did not send."""

from __future__ import annotations

from tests.rules._gateway import call, carried, golden, through
from tests.rules_table import Row

ADDED = through(call(headers={"x-forwarded-for": "10.0.0.7"}))

CASES = (
    carried("RQ14: the client's address", {}, {"x-forwarded-for": "10.0.0.7"}, "info headers.x-forwarded-for"),
    carried("RQ14, benign twin: the same headers", {"x-team": "a"}, {"x-team": "a"}),
    carried(
        "what belongs to the connection, and the gateway's key",
        {},
        {"host": "b", "via": "1.1 a", "authorization": "Bearer ****"},
    ),
    Row("the old gateway added it too", ADDED, ADDED),
    Row("nothing reached the upstream", golden(), through(), also=("breaking request-not-sent request",)),
    *(carried(f"{name} is a key", {}, {name: "sk-2"}) for name in ("api-key", "x-api-key")),
)
