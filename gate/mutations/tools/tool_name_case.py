"""The function's name comes in another case: no tool has that name."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import functions
from gate.mutations._edit import CHAT, RESPONSES, every, in_docs, put
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(functions(doc), _titled), CHAT, RESPONSES)


def _titled(function: dict[str, Any]) -> bool:
    name = function["name"]
    return isinstance(name, str) and put(function, "name", name.upper() if name.istitle() else name.title())


MUTATION = Mutation(
    id="tool-name-case",
    drifts=("TL09",),
    area="tools",
    severity=Severity.BREAKING,
    summary="the function's name is in another case",
    apply=_apply,
    twin=again,
    exercised_by=("tool-forced", "tool-forced-stream", "responses-tool"),
)
