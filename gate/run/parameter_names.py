"""What a route calls its parameters: its own `map`, and what its refusals taught, by endpoint and model role.

A chat model may want `max_completion_tokens` where the same route's legacy completions know `max_tokens` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gate.model import Step
from gate.observe.refusal import Rejection

Place = tuple[str, str]
"""An endpoint, and a model role there ("" without one)."""

# https://platform.openai.com/docs/api-reference/completions knows neither
_CHAT_ONLY = frozenset({"max_completion_tokens", "reasoning_effort"})


@dataclass(frozen=True, slots=True)
class ParameterNames:
    """`learned` is filled while a run goes on; a name that maps to None is left out."""

    map: Mapping[str, str] = field(default_factory=dict)
    learned: dict[Place, dict[str, str | None]] = field(default_factory=dict)

    def of(self, step: Step) -> Mapping[str, str | None]:
        """How the parameters of one step are written."""
        own = {name: new for name, new in self.map.items() if step.endpoint != "completions" or new not in _CHAT_ONLY}
        return {**own, **self.taught(step)}

    def taught(self, step: Step) -> Mapping[str, str | None]:
        """What refusals of such a step taught; one that names its model itself goes with its endpoint."""
        if step.model:
            return self.learned.get(_place(step), {})
        return {
            k: v for (endpoint, _), known in self.learned.items() if endpoint == step.endpoint for k, v in known.items()
        }

    def adopt(self, step: Step, rejection: Rejection) -> None:
        """From here on the parameter has its other name, and so has whatever was renamed to it."""
        learned = self.learned.setdefault(_place(step), {})
        for name, other in self.of(step).items():
            if other == rejection.parameter:
                learned[name] = rejection.replacement
        learned[rejection.parameter] = rejection.replacement


def _place(step: Step) -> Place:
    return step.endpoint, step.model or ""
