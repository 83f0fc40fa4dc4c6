"""How a route names parameters: its `map`, and names learned from rejections, by endpoint and model role.

A chat model may require `max_completion_tokens` where legacy completions on the same route only accept `max_tokens`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gate.model import Step
from gate.observe.refusal import Rejection

Place = tuple[str, str]
"""An endpoint, and a model role there ("" without one)."""

# https://platform.openai.com/docs/api-reference/completions has neither
_CHAT_ONLY = frozenset({"max_completion_tokens", "reasoning_effort"})


@dataclass(frozen=True, slots=True)
class ParameterNames:
    """`learned` is filled during a run; a name that maps to None is not sent."""

    map: Mapping[str, str] = field(default_factory=dict)
    learned: dict[Place, dict[str, str | None]] = field(default_factory=dict)

    def of(self, step: Step) -> Mapping[str, str | None]:
        """Parameter → name to send, for one step."""
        # Legacy completions refuse what only chat knows, so a `map` made for chat must not reach them.
        own = {name: new for name, new in self.map.items() if step.endpoint != "completions" or new not in _CHAT_ONLY}
        return {**own, **self.taught(step)}

    def taught(self, step: Step) -> Mapping[str, str | None]:
        """Names learned from rejections of such steps; a step without a role uses those of its endpoint."""
        if step.model:
            return self.learned.get(_place(step), {})
        return {
            k: v for (endpoint, _), known in self.learned.items() if endpoint == step.endpoint for k, v in known.items()
        }

    def adopt(self, step: Step, rejection: Rejection) -> None:
        """Stores the new name for the rejected parameter, and for all that were renamed to it."""
        learned = self.learned.setdefault(_place(step), {})
        for name, other in self.of(step).items():
            if other == rejection.parameter:
                learned[name] = rejection.replacement
        learned[rejection.parameter] = rejection.replacement


def _place(step: Step) -> Place:
    return step.endpoint, step.model or ""
