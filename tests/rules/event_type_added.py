"""event-type-added: events that the API does not have."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

EVENTS = r.events()


def after(kind: str, *names: str) -> Exchange:
    extra = [{"type": name} for name in (kind, *names)]
    return r.told(r.renumbered([*EVENTS[:2], *extra, *EVENTS[2:]]))


CASES = (
    Row(
        "RS25: response.keep_alive (diegosouzapw/OmniRoute 14330)",
        r.told(EVENTS),
        after("response.keep_alive"),
        ("breaking events.keep_alive",),
    ),
    Row("RS25, benign twin: OpenAI's own keepalive", r.told(EVENTS), after("keepalive")),
    Row("OpenAI's own limits", r.told(EVENTS), after("rate_limits.updated"), ("info events.rate_limits.updated",)),
    Row("an event that the API may get", r.told(EVENTS), after("response.video.delta", "response.shell_call.running")),
    Row("the golden has it", after("response.keep_alive"), after("response.keep_alive")),
)
