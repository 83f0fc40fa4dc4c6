"""A call that tool_choice demands does not come, or comes as the function_call of old (TL19)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Drift, Observation, Rule, Samples, Severity
from gate.questions import answered, asked, choices, forces_tool, numbered, tool_calls
from gate.rules.tools._calls import called, is_text, offers_tools
from gate.rules.tools._text import leak
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Prose for a demanded call; under `auto` only a route that never calls where the golden always does."""
    if not called(golden):
        return
    silent = [(n, c) for n, found in numbered(candidate) if (c := _uncalled(found)) is not None]
    always = all(map(tool_calls, golden))
    for sample, choice in silent:
        found = candidate[sample]
        if _legacy(found):
            message = "the call comes as function_call, which came before tool_calls"
            yield _drift(choice, message, "function_call", sample, Severity.BREAKING)
        elif always and forces_tool(found):
            message = f"tool_choice {show(asked(found, 'tool_choice'), 60)} brings no tool call"
            yield _drift(choice, message, choice.text, sample, Severity.BREAKING)
    # what a model does with auto is its own choice, unless it never does what the golden always does
    steady = always and min(len(golden), len(candidate)) > 1 and len(silent) == len(candidate)
    if steady and not forces_tool(candidate[0]) and not _legacy(candidate[0]):
        message = f"no call in {len(candidate)} samples; the golden calls in each of {len(golden)}"
        yield _drift(silent[0][1], message, silent[0][1].text, None, Severity.RISKY)


def _uncalled(found: Observation) -> Choice | None:
    """The choice that says something else than the call which tools were offered for."""
    if not (answered(found) and offers_tools(found)) or tool_calls(found) or leak(found):
        return None
    said = [c for c in choices(found) if not is_text(c.refusal) and c.finish != "content_filter"]
    # no text at the limit: the budget went into reasoning (S09)
    return next((c for c in said if c.text.strip() or c.finish not in ("length", "max_output_tokens")), None)


def _legacy(found: Observation) -> bool:
    name = found.final_shape.get("choices[].message.function_call.name")
    return name is not None and "string" in name.types and name.empty < name.seen and bool(asked(found, "tools"))


def _drift(choice: Choice, message: str, said: str, sample: int | None, severity: Severity) -> Drift:
    path = "output" if choice.path == "output" else f"{choice.path}.tool_calls"
    return Drift(path, message, "a tool call", show(said or choice.finish), sample, severity)


RULE = Rule(
    id="tool-call-missing",
    area="tools",
    severity=Severity.BREAKING,
    summary="no tool call where tool_choice demands one and the golden has it",
    who_breaks="extraction by a forced tool indexes tool_calls[0]; agents take the prose for the answer",
    hint="check that the gateway passes tools and tool_choice on; choose a server that enforces `required`",
    check=check,
)
