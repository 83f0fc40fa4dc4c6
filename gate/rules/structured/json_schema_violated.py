"""The JSON answer breaks the schema of the request: a key is missing, extra, or of another type (SO07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import shown
from gate.observe.breaches import Breach, breaches, read
from gate.observe.request import output as demand
from gate.rules.structured._asked import Output, complies, outputs
from gate.wire.shape import show

_TWICE = "twice"  # not a keyword of JSON Schema: most parsers keep the last value, serde refuses the text


def check(comparison: Comparison) -> Iterator[Drift]:
    """Breaches that no golden sample has. Without `strict`, values and extra keys are the model's to choose."""
    broken = [(pair, *breach) for pair in comparison.pairs for breach in _breaches(pair.candidate)]
    if not broken or not comparison.once(complies):
        return
    excused = shown(comparison.golden, _keys)
    for pair, output, breach in broken:
        if breach.key not in excused:
            yield pair.drift(
                path=breach.below(output.path),
                message=_message(output, breach),
                golden=breach.detail,
                candidate=breach.evidence(output.value),
                severity=_severity(pair.candidate, breach),
            )


def _message(output: Output, breach: Breach) -> str:
    if not breach.path and isinstance(output.value, str) and isinstance(read(output.value).value, dict):
        return "the JSON answer was encoded twice: it is a text that holds JSON"
    return f"{breach.path or 'the JSON answer'} {breach.detail}"


def _severity(observation: Observation, breach: Breach) -> Severity:
    wanted = demand(observation)
    enforced = wanted is not None and wanted.strict and breach.keyword != _TWICE
    # SO07: a missing key or a wrong type fails typed clients; values and extra keys do only where `strict` promised
    # them
    return Severity.BREAKING if breach.of_shape or enforced else Severity.RISKY


def _keys(observation: Observation) -> list[tuple[str, str]]:
    return [breach.key for _, breach in _breaches(observation)]


def _breaches(observation: Observation) -> Iterator[tuple[Output, Breach]]:
    wanted = demand(observation)
    for output in outputs(observation) if wanted else ():
        if wanted and output.outcome == "json":
            yield from ((output, breach) for breach in breaches(wanted.schema, output.value))
            if output.twice:
                yield output, Breach("", _TWICE, f"has the key {show(output.twice, 60)} twice in one object", MISSING)


RULE = Rule(
    id="json-schema-violated",
    area="structured",
    severity=Severity.BREAKING,
    summary="the JSON answer breaks the schema of the request",
    who_breaks="typed clients (pydantic, Zod) reject the answer; others read a key that is missing",
    hint="use a server that enforces json_schema with strict; check that the gateway passes the schema on",
    check=check,
)
