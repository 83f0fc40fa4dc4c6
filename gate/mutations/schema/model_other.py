"""The model that answers is another than the one asked for: costs are computed for the wrong one."""

from __future__ import annotations

import re
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, heads
from gate.mutations._edit import CHAT, COMPLETIONS, RESPONSES, asked, every, in_docs, put
from gate.mutations._noise import snapshot

_DATED = re.compile(r"-\d[\d-]*")


def _apply(exchange: Exchange) -> Exchange | None:
    wanted, said = asked(exchange, "model"), answer(exchange).model
    rest = said.removeprefix(wanted) if isinstance(wanted, str) and isinstance(said, str) and wanted else ""
    # the very name, or a dated snapshot of it (B04)
    echoed = said == wanted or (rest != said and bool(_DATED.fullmatch(rest)))
    return in_docs(exchange, lambda doc: every(heads(doc), _renamed), CHAT, COMPLETIONS, RESPONSES) if echoed else None


def _renamed(head: dict[str, Any]) -> bool:
    return "model" in head and put(head, "model", "internal/backend-7")


MUTATION = Mutation(
    id="model-other",
    drifts=("S25",),
    area="schema",
    severity=Severity.RISKY,
    summary="another model than the one asked for",
    apply=_apply,
    twin=snapshot,
    exercised_by=("chat", "chat-stream"),
)
