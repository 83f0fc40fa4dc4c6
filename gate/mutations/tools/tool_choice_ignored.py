"""`tool_choice: required` has no effect: the model says that it will call the function, and does not."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import asked
from gate.mutations.tools._uncalled import uncalled


def _apply(exchange: Exchange) -> Exchange | None:
    choice = asked(exchange, "tool_choice")
    forced = choice == "required" or isinstance(choice, dict)
    return uncalled(exchange, lambda name, _: f"I'll call {name} now.") if forced else None


def _twin(exchange: Exchange) -> Exchange | None:
    """The model may choose, and talks (B26)."""
    free = asked(exchange, "tool_choice") in (None, "auto")
    return uncalled(exchange, lambda *_: "Paris is mild today.") if free else None


MUTATION = Mutation(
    id="tool-choice-ignored",
    drifts=("TL19",),
    area="tools",
    severity=Severity.BREAKING,
    summary="a demanded tool call does not come",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced", "tool-forced-stream", "tool-named"),
)
