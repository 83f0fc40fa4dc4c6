"""request-header-lost: a header that means something upstream is lost."""

from __future__ import annotations

from tests.rules._gateway import call, carried, through
from tests.rules_table import Row

TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
LOST = through(call(), headers=TRACE)

CASES = (
    carried("RQ13: traceparent ends at the gateway (BerriAI/litellm 4419)", TRACE, {}, "risky headers.traceparent"),
    carried("RQ13: the idempotency key", {"Idempotency-Key": "a"}, {}, "risky headers.idempotency-key"),
    carried(
        "RQ13: the gateway counts its own requests",
        {"x-request-id": "a"},
        {"x-request-id": "b"},
        "risky headers.x-request-id",
    ),
    carried("a team's own header (BerriAI/litellm 27410)", {"x-team": "a"}, {}, "info headers.x-team"),
    carried("RQ13, benign twin: it arrives in another case", {"Traceparent": "00-1"}, {"traceparent": "00-1"}),
    carried(
        "what belongs to the connection, and the key",
        {"host": "a", "accept": "b", "authorization": "Bearer ****"},
        {"host": "b", "authorization": "Bearer *"},
    ),
    Row("the old gateway lost it too", LOST, LOST),
    *(
        carried(f"{name} is acted on", {name: "a"}, {}, f"risky headers.{name}")
        for name in ("openai-organization", "openai-project", "openai-beta", "x-client-request-id", "tracestate")
    ),
    carried("the key of a proxy ends there", {"proxy-authorization": "a"}, {}),
    *(carried(f"{name} is a key", {name: "sk-1"}, {name: "sk-2"}) for name in ("api-key", "x-api-key")),
)
