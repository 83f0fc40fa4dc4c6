"""The function's name stands on every part: clients that append call `get_weatherget_weather`."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, calling, calls, slot
from gate.mutations._edit import CHAT, every, in_docs, put, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    return _naming(exchange, None)


def _twin(exchange: Exchange) -> Exchange | None:
    """An empty name on later parts."""
    return _naming(exchange, "")


def _naming(exchange: Exchange, name: str | None) -> Exchange | None:
    known = {i: c.name for i, c in enumerate(answer(exchange).choices[0].tool_calls)} if calling(exchange) else {}

    def change(doc: Json) -> bool:
        later = [c for c in calls(doc) if isinstance(c.get("function"), dict) and not c["function"].get("name")]
        fitting = [c for c in later if isinstance(known.get(slot(c) or 0), str)]
        return every(fitting, lambda c: put(c["function"], "name", known[slot(c) or 0] if name is None else name))

    return in_docs(exchange, change, CHAT) if streamed(exchange) else None


MUTATION = Mutation(
    id="tool-name-repeated",
    drifts=("TL08",),
    area="tools",
    severity=Severity.BREAKING,
    summary="the function's name is repeated on every part",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced-stream",),
)
