"""request-value-changed: a field has another value upstream."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded

CASES = (
    changed(
        "RQ04: a temperature is clamped (theopenco/llmgateway 3268)",
        sent(temperature=1.5),
        sent(temperature=1),
        "risky temperature",
    ),
    changed(
        "RQ04: a limit is lowered (BlockRunAI/Franklin 109)",
        sent(max_tokens=4096),
        sent(max_tokens=1024),
        "breaking max_tokens",
    ),
    changed("RQ04: a list of stops is cut", sent(stop=["a", "b"]), sent(stop=["a"]), "breaking stop"),
    changed("RQ04: true is no 1", sent(store=True), sent(store=1), "risky store"),
    changed("RQ04, benign twin: the same number otherwise written", sent(temperature=0), sent(temperature=0.0)),
    changed("RQ04, benign twin: the values stay", sent(logit_bias={"5": -1}), sent(logit_bias={"5": -1})),
    upgraded("the old gateway clamped it too", sent(temperature=1.5), sent(temperature=1), sent(temperature=1)),
)
