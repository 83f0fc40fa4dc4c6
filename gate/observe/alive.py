"""Names of events that only keep a connection open."""

from __future__ import annotations

import re

# Keep-alives as JSON, by type, object or name of the event: Anthropic's ping
# (https://docs.anthropic.com/en/docs/build-with-claude/streaming), and what gateways call theirs (T12)
_ALIVE = re.compile(r"(?:[\w.]+\.)?(?:keep[-_ ]?alive|ping|pong|heartbeat|noop)", re.IGNORECASE)


def keeps_alive(name: object) -> bool:
    """Whether an event of this name is none of an answer."""
    return isinstance(name, str) and _ALIVE.fullmatch(name) is not None
