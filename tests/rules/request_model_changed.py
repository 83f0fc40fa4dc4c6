"""request-model-changed: the upstream is asked for another model."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK

CASES = (
    changed("RQ06: an alias, or a fallback", sent(model="gpt-4o"), sent(model="gpt-4o-mini"), "risky model"),
    changed("RQ06: no model at all", ASK, {"messages": ASK["messages"]}, "risky model"),
    changed("RQ06, benign twin: a provider's prefix", sent(model="openai/gpt-4o"), sent(model="gpt-4o"), "info model"),
    changed("RQ06, benign twin: the same name", ASK, ASK),
    upgraded("the old gateway asked for it too", sent(model="a"), sent(model="b"), sent(model="b")),
)
