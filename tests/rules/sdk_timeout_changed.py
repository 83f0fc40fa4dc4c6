"""sdk-timeout-changed: the timeout that a request names."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, post, seen


def waits(timeout: str) -> Exchange:
    """A call whose request names this read timeout."""
    return seen(posts=(post("/v1/chat/completions", {}, x_stainless_read_timeout=timeout),))


SILENT = seen(posts=(post("/v1/chat/completions", {}),))
CASES = (
    Row(
        "openai-python names the 600 s of its default; a minute is short",
        waits("600"),
        waits("60"),
        ("risky request.timeout",),
    ),
    Row("ten times as long, a worker is stuck", waits("600"), waits("6000"), ("risky request.timeout",)),
    Row("twin: LiteLLM writes the same as 600.0", waits("600"), waits("600.0")),
    Row("openai-node does not say", waits("600"), SILENT),
    Row("it says so now", SILENT, waits("600")),
    Row("no number", waits("600"), waits("NOT_GIVEN")),
    Row("no request", seen(), seen()),
)
