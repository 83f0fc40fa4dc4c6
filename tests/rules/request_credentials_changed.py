"""request-credentials-changed: the key that reaches the upstream is none, or invented."""

from __future__ import annotations

from tests.rules._gateway import call, carried, golden, through
from tests.rules_table import Row

DUMMY = {"authorization": "Bearer sk-gate-0000"}
OWN = {"authorization": "Bearer ****************"}
WORD = through(call(headers={"authorization": "Bearer undefined"}), headers=DUMMY)

CASES = (
    carried(
        "RQ15: Bearer undefined (immersive-translate 2465)",
        DUMMY,
        {"authorization": "Bearer undefined"},
        "breaking headers.authorization",
    ),
    carried(
        "RQ15: a scheme without a key (openai/openai-python 961)",
        DUMMY,
        {"authorization": "Bearer "},
        "breaking headers.authorization",
    ),
    carried("RQ15: no key at all", DUMMY, {}, "risky headers.authorization"),
    carried("the client's own key is passed on", DUMMY, DUMMY, "info headers.authorization"),
    carried("RQ15, benign twin: the gateway's own key", DUMMY, OWN),
    carried("RQ15, benign twin: in another header", DUMMY, {"api-key": "********"}),
    carried("neither has one", {}, {}),
    Row("the old gateway did the same", WORD, WORD),
    Row("nothing reached the upstream", golden(), through(headers=DUMMY), also=("breaking request-not-sent request",)),
    carried("Azure's header", {"api-key": "sk-gate-0000"}, {}, "risky headers.authorization"),
    carried("Anthropic's header", {"x-api-key": "sk-gate-0000"}, {}, "risky headers.authorization"),
)
