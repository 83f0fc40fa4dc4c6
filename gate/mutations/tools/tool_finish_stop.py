"""finish_reason is `stop` although tools are called: loops that wait for `tool_calls` never run them."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calling, finish, finishing
from gate.mutations._edit import CHAT, asked, in_docs


def _apply(exchange: Exchange) -> Exchange | None:
    return None if isinstance(asked(exchange, "tool_choice"), dict) else _stopped(exchange)


def _twin(exchange: Exchange) -> Exchange | None:
    """A function demanded by name, which OpenAI itself ends with `stop` (B24)."""
    return _stopped(exchange) if isinstance(asked(exchange, "tool_choice"), dict) else None


def _stopped(exchange: Exchange) -> Exchange | None:
    fits = calling(exchange) and finish(exchange) == "tool_calls"
    return in_docs(exchange, finishing(lambda _: "stop"), CHAT) if fits else None


MUTATION = Mutation(
    id="tool-finish-stop",
    drifts=("TL16", "RS16"),
    area="tools",
    severity=Severity.BREAKING,
    summary="finish_reason stop although tools are called",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
