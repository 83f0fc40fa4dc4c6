"""error-slower: hidden retries."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange
from tests.rules_table import Row, completion, plain, refusal


def after(ms: float | None, status: int = 404) -> Exchange:
    """A failure that took so long."""
    return refusal(status, total_ms=ms)


CASES = (
    Row(
        "LA07: LiteLLM tries three times before it passes a 404 on",
        after(12),
        after(7100),
        ("risky timing.error",),
    ),
    Row("every sample of it", [after(12), after(900)], [after(7100), after(4700)], ("risky timing.error",)),
    Row(
        "the status is another one as well",
        after(12),
        after(2300, 502),
        ("risky timing.error",),
        ("breaking client-error-as-server-error status",),
    ),
    Row("LA07, benign twin, B35: across an ocean", after(40), after(700)),
    Row("one slow sample of three is noise", after(12), [after(15), after(7100), after(14)]),
    Row("a golden that takes its time", [after(12), after(2000)], after(7100)),
    Row("a success takes as long as it takes", plain(completion(), total_ms=12), plain(completion(), total_ms=9000)),
    Row("a cassette without times", after(None), after(7100)),
    Row(
        "a failure that was cut", after(12), replace(after(7100), ending=Ending.RESET), (), ("breaking body-cut body",)
    ),
    Row("just less than a second later", after(12), after(1011)),
    Row("just a second later", after(12), after(1013), ("risky timing.error",)),
    Row("just less than five times slower", after(400), after(1990)),
    Row("just five times slower", after(400), after(2010), ("risky timing.error",)),
)
