"""request-json-rewritten: the request says the same in other JSON."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK

PARTS = [{"type": "text", "text": "Hi"}]

CASES = (
    changed("RQ05: keys in another order (kubeai-project/kubeai 690)", ASK, dict(reversed(list(ASK.items()))), "info "),
    changed("RQ05: 0 becomes 0.0", sent(temperature=0), sent(temperature=0.0), "info temperature"),
    changed(
        "RQ05: a text becomes a part",
        ASK,
        sent(messages=[{"role": "user", "content": PARTS}]),
        "info messages[0].content",
    ),
    changed("RQ05, benign twin: other white space alone", ASK, ASK),
    changed("a field is lost, and the others keep their order", sent(seed=None), ASK),
    upgraded("the old gateway did the same", sent(temperature=0), sent(temperature=0.0), sent(temperature=0.0)),
)
