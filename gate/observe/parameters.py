"""Which parameters of a request the route honoured, ignored or rejected, each with its evidence. Pure.

Contracts of scenarios of the group `params` list it under `params`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gate.endpoints import member
from gate.model import Json, Observation
from gate.observe.answer import answered, choices, tool_calls
from gate.observe.breaches import breaches, read
from gate.observe.refusal import REFUSES, blamed, root
from gate.observe.request import asked, output
from gate.observe.usage import reasoned, tokens, usage

Outcome = Literal["honoured", "ignored", "rejected", "accepted"]
"""`accepted`: the request succeeded, and no answer can show whether the parameter has an effect."""

# Parameters that any request may have; the others are what a scenario of the group probes.
# max_tokens and temperature are among them because nearly every scenario sends them to keep answers short and alike.
_BASICS = frozenset(
    {"model", "messages", "input", "prompt", "tools", "functions", "stream", "max_tokens", "temperature"}
)


@dataclass(frozen=True, slots=True)
class Probed:
    """One parameter of a request. `name` has its kind, where there are several: `tool_choice required`."""

    name: str
    outcome: Outcome
    evidence: str


def allowlist(samples: Sequence[Observation]) -> tuple[Probed, ...]:
    """The probed parameters of one step, in the order of the request; the outcome is found over all samples."""
    request = samples[0].request if samples else None
    names = [name for name in request if name not in _BASICS] if isinstance(request, dict) else []
    rejecting = [observation for observation in samples if observation.status in REFUSES]
    if rejecting:
        return tuple(_rejected(name, rejecting[0]) for name in _blamed(names, rejecting[0]))
    good = [observation for observation in samples if answered(observation)]
    return tuple(_probed(name, good) for name in names) if good else ()


def lines(samples: Sequence[Observation]) -> dict[str, Json]:
    """The allowlist as a contract has it: parameter → `outcome: evidence`."""
    return {probed.name: f"{probed.outcome}: {probed.evidence}" for probed in allowlist(samples)}


def _blamed(names: Sequence[str], observation: Observation) -> list[str]:
    """The parameters that the error names; all of them where it names none."""
    if (parameter := root(blamed(observation))) in names:
        return [parameter]
    # 183 recorded errors have 1,794 characters at most; FastAPI lists each wrong field, the first ones name it
    refusal = f"{member(observation.error, 'param')} {member(observation.error, 'message')} {observation.text[:2000]}"
    return [name for name in names if name in refusal] or list(names)


def _rejected(name: str, observation: Observation) -> Probed:
    # https://platform.openai.com/docs/guides/error-codes
    words = (member(observation.error, key) for key in ("code", "type"))
    reason = next((word[:60] for word in words if isinstance(word, str) and word), "")
    return Probed(_named(name, observation), "rejected", f"status {observation.status} {reason}".strip())


def _probed(name: str, samples: Sequence[Observation]) -> Probed:
    effect = _EFFECTS.get(name)
    shown = effect(samples) if effect else None
    if shown is None:
        return Probed(_named(name, samples[0]), "accepted", "no answer can show its effect")
    return Probed(_named(name, samples[0]), "honoured" if shown[0] else "ignored", shown[1])


def _named(name: str, observation: Observation) -> str:
    """The parameter, with its kind where there are several."""
    value = asked(observation, name)
    kind = value.get("type") if isinstance(value, dict) else value
    return f"{name} {kind}" if name in ("tool_choice", "response_format") and isinstance(kind, str) else name


# -- effects of single parameters ---------------------------------------------------------------

Effect = tuple[bool, str] | None
"""Whether the parameter is honoured, and what shows it; None where no answer can show it."""


def _seed(samples: Sequence[Observation]) -> Effect:
    # at temperature 0 answers are equal without any seed
    # one answer has nothing to be equal to
    if len(samples) < 2 or asked(samples[0], "temperature") == 0:
        return None
    alike = len({_text(observation) for observation in samples}) == 1
    return alike, "all answers are equal" if alike else "the answers differ"


def _logit_bias(samples: Sequence[Observation]) -> Effect:
    """A bias of 100 leaves one token to choose: the answer repeats it, whatever text it stands for."""
    bias = asked(samples[0], "logit_bias")
    # "values like -100 or 100 should result in a ban or exclusive selection of the relevant token":
    # https://platform.openai.com/docs/api-reference/chat/create#chat-create-logit_bias
    if not isinstance(bias, dict) or 100 not in bias.values():
        return None
    alone = all(_repeats(_text(observation)) for observation in samples)
    return alone, "the answer repeats one token" if alone else "the answer is an ordinary text"


def _repeats(text: str) -> bool:
    """Whether a text is one piece repeated at least four times."""
    short = "".join(text.split())
    # four times: "ha ha ha" is a text (a row), and a forced token goes on until max_tokens
    return any(short == short[:size] * (len(short) // size) for size in range(1, len(short) // 4 + 1))


def _parallel(samples: Sequence[Observation]) -> Effect:
    if asked(samples[0], "parallel_tool_calls") is not False:
        return None
    most = max(len(tool_calls(observation)) for observation in samples)
    return most == 1, "one call" if most == 1 else f"{most or 'no'} calls"


def _reasoning(samples: Sequence[Observation]) -> Effect:
    counts = [reasoned(observation) for observation in samples]
    shown = any(counts) or any(choice.reasoning for observation in samples for choice in choices(observation))
    if not shown and counts == [None] * len(counts):
        return None  # a usage without details shows nothing (US08)
    return shown, "tokens of reasoning are counted" if shown else "no tokens of reasoning are counted"


def _limit(samples: Sequence[Observation]) -> Effect:
    most = asked(samples[0], "max_completion_tokens")
    counts = [count for sample in samples if (count := tokens(usage(sample), "completion_tokens")) is not None]
    if type(most) is not int or len(counts) < len(samples):
        return None
    # no tolerance here: limit-ignored weighs how much of the excess is reasoning
    inside = max(counts) <= most
    return inside, "the answer ends at the limit or before" if inside else "the answer is longer than the limit"


def _usage(samples: Sequence[Observation]) -> Effect:
    came = all("usage" in observation.kinds for observation in samples)
    return came, "a usage chunk comes" if came else "no usage chunk comes"


def _format(samples: Sequence[Observation]) -> Effect:
    wanted = output(samples[0])
    if wanted is None:  # text
        return True, "the answer is a text"
    texts = [read(choice.text.strip()) for observation in samples for choice in choices(observation)]
    if any(text.fault for text in texts):
        return False, "the answer is no JSON"
    right = not any(breaches(wanted.schema, text.value) for text in texts)
    return right, "the answer follows the schema" if right else "the answer breaks the schema"


def _tool_choice(samples: Sequence[Observation]) -> Effect:
    wanted = asked(samples[0], "tool_choice")
    called = {str(call.name) for observation in samples for call in tool_calls(observation)}
    always = all(tool_calls(observation) for observation in samples)
    if isinstance(wanted, dict):
        right = always and called == {str(asked(samples[0], "tool_choice", "function", "name"))}
        return right, "only the named tool is called" if right else f"calls of {', '.join(sorted(called)) or 'no tool'}"
    if wanted == "required":
        return always, "a tool is called" if always else "no tool is called"
    if wanted == "none":
        return not called, "no tool is called" if not called else "a tool is called"
    return True, "a tool is called" if called else "no tool is called"


def _text(observation: Observation) -> str:
    return "\n".join(choice.text for choice in choices(observation))


_EFFECTS: Mapping[str, Callable[[Sequence[Observation]], Effect]] = {
    "seed": _seed,
    "logit_bias": _logit_bias,
    "parallel_tool_calls": _parallel,
    "reasoning_effort": _reasoning,
    "max_completion_tokens": _limit,
    "stream_options": _usage,
    "response_format": _format,
    "tool_choice": _tool_choice,
}
