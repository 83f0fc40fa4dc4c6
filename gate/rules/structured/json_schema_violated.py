"""The JSON answer breaks the schema of the request: a key is missing, too much, or of another type (SO07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity
from gate.observe import request as demands
from gate.observe.answer import numbered
from gate.observe.breaches import Breach, breaches
from gate.rules.structured._asked import Output, complies, outputs
from gate.wire.shape import indexless, show

_SHAPE = frozenset({"type", "required"})
_TWICE = "twice"  # no word of JSON Schema: most parsers keep the last, serde refuses the text


def check(comparison: Comparison) -> Iterator[Drift]:
    """Breaches that no golden sample shows. Without `strict`, values and extra keys are the model's to choose."""
    golden, candidate = comparison.golden, comparison.candidate
    found = [(n, o, b) for n, one in numbered(candidate) for o, b in _breaches(one)]
    if not found or not complies(golden):
        return
    excused = {_key(b) for g in golden for _, b in _breaches(g)}
    for sample, output, breach in found:
        if _key(breach) not in excused:
            asked = demands.output(candidate[sample])
            hard = breach.keyword in _SHAPE or (asked is not None and asked.strict and breach.keyword != _TWICE)
            message = f"{breach.path or 'the JSON answer'} {breach.detail}"
            mine = show(output.value if breach.value is MISSING else breach.value)
            severity = Severity.BREAKING if hard else Severity.RISKY
            yield Drift(
                path=breach.below(output.path),
                message=message,
                golden=breach.detail,
                candidate=mine,
                sample=sample,
                severity=severity,
            )


def _breaches(found: Observation) -> Iterator[tuple[Output, Breach]]:
    asked = demands.output(found)
    for output in outputs(found) if asked else ():
        if asked and output.outcome == "json":
            yield from ((output, breach) for breach in breaches(asked.schema, output.value))
            if output.twice:
                yield output, Breach("", _TWICE, f"has the key {show(output.twice, 60)} twice in one object", MISSING)


def _key(breach: Breach) -> tuple[str, str]:
    return indexless(breach.path), breach.keyword


RULE = Rule(
    id="json-schema-violated",
    area="structured",
    severity=Severity.BREAKING,
    summary="the JSON answer breaks the schema that the request gave",
    who_breaks="typed clients (pydantic, Zod) reject the answer; others read a key that is not there",
    hint="use a server that enforces json_schema with strict; check that the gateway passes the schema on",
    check=check,
)
