"""Log probabilities that were asked for are missing, or lack what each entry must have (S23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Field, Observation, Rule, Severity
from gate.observe.answer import choices, comparable, finished, numbered
from gate.observe.request import asked
from gate.rules.schema._fields import first
from gate.wire.paths import name
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """All of them gone is breaking; entries without top_logprobs, or with null for a number, as the schema says."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        # unasked they are optional, and null or absent mean the same (B20)
        like = comparable(golden, found) if asked(found, "logprobs") else []
        if not like:
            continue
        lost = [
            path for path in _filled(like[0]) if all(path in _filled(g) for g in like) and path not in _filled(found)
        ]
        if lost and finished(found) and any(choice.text for choice in choices(found)):
            place = first(found, lost[0])
            yield Drift(
                path=place.path,
                message="logprobs were asked for and are missing",
                golden="an object",
                candidate="none",
                sample=sample,
            )
        # a golden whose entries are as incomplete has clients that cope
        excused = {(indexless(v.path), v.keyword) for g in like for v in g.violations}
        for v in found.violations:
            if "logprobs." in v.path and (indexless(v.path), v.keyword) not in excused:
                message = f"{name(v.path)} {v.detail}"
                yield Drift(
                    path=v.path,
                    message=message,
                    golden="complete entries",
                    candidate=show(v.value, 80),
                    sample=sample,
                    severity=v.severity,
                    frame=v.frame,
                )


def _filled(found: Observation) -> list[str]:
    return [path for path, field in found.final_shape.items() if _says(path, field)]


def _says(path: str, field: Field) -> bool:
    """The object is there, and so is its list of tokens (chat: content, legacy: tokens)."""
    kind = "object" if path.endswith(".logprobs") else "array" if path.endswith(_TOKENS) else ""
    return kind in field.types and field.seen > field.empty


_TOKENS = (".logprobs.content", ".logprobs.tokens")


RULE = Rule(
    id="logprobs-incomplete",
    area="schema",
    severity=Severity.BREAKING,
    summary="log probabilities are missing or incomplete although the request asks for them",
    who_breaks="scoring and token viewers index logprobs.content and top_logprobs without a check",
    hint="choose a provider that supports logprobs, or stop asking for them",
    check=check,
)
