"""The answer's content is not the one that the upstream gave (RQ22)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Ending, Json, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.breaches import read
from gate.observe.scopes import has_passages
from gate.wire.shape import indexless, show

_SHOWN = 120


def check(comparison: Comparison) -> Iterator[Drift]:
    """Through a gateway whose upstream is seen: texts, refusals, names and arguments of calls, vectors, their order.
    How an answer is framed, and its ids, may differ; what the golden's gateway rewrites too is nothing new."""
    known = {indexless(path) for sample in comparison.golden for path, _, _ in _rewritten(sample)}
    for pair in comparison.pairs:
        for path, before, after in _rewritten(pair.candidate):
            if indexless(path) not in known:
                message = f"{path.rpartition('.')[2]} is another one than the upstream's"
                yield pair.drift(path=path, message=message, golden=before, candidate=after)


_Difference = tuple[str, str, str]
"""A path, and in words what the upstream sent there and what the client got."""


def _rewritten(client: Observation) -> Iterator[_Difference]:
    upstream = _answering(client)
    if upstream is None:
        return
    before, after = choices(upstream), choices(client)
    if len(before) != len(after):
        yield "choices", f"{len(before)} of them", f"{len(after)} of them"
    for here, there in zip(before, after, strict=False):
        for what, old, new in _parts(here, there):
            if old != new:
                yield f"{there.path}.{what}", show(old, _SHOWN), show(new, _SHOWN)
    vectors = [side.answer.vectors if side.answer else () for side in (upstream, client)]
    if vectors[0] != vectors[1] and len(vectors[0]) == len(vectors[1]):
        yield "data[].embedding", "the upstream's vectors", "other vectors"


def _answering(client: Observation) -> Observation | None:
    """The upstream's answer that the client got; None where either is not whole."""
    calls = client.passage.calls if client.passage else ()
    if not calls or calls[-1].sent.endpoint != client.endpoint:
        return None
    sides = (calls[-1].answer, client)
    whole = all(answered(side) and side.ending is Ending.COMPLETE for side in sides)
    return calls[-1].answer if whole else None


def _parts(here: Choice, there: Choice) -> Iterator[tuple[str, Json, Json]]:
    """(what, the upstream's value, the client's) of one choice."""
    yield "text", here.text, there.text
    if isinstance(here.refusal, str) and isinstance(there.refusal, str):
        yield "refusal", here.refusal, there.refusal
    if len(here.tool_calls) == len(there.tool_calls):  # what is lost is told by tool-call-count
        yield "tool_calls", _calls(here), _calls(there)


def _calls(choice: Choice) -> list[tuple[Json, Json]]:
    return [(call.name, _value(call.arguments)) for call in choice.tool_calls]


def _value(arguments: Json) -> Json:
    """Arguments by their value: white space and key order say nothing."""
    if not isinstance(arguments, str):
        return arguments
    text = read(arguments)
    return arguments if text.fault else text.value


RULE = Rule(
    id="answer-rewritten",
    area="schema",
    severity=Severity.BREAKING,
    summary="the gateway changes the content of an answer",
    who_breaks="everybody: users read, and tools run, something that the model did not say",
    hint="switch filters, guardrails and format conversions of the gateway off, or tolerate what is meant",
    check=check,
    where=has_passages,
)
