"""error.param no longer names the parameter."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import word
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import compared, is_null, is_word, listed
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Missing, whatever the status; for the same status another name, or not a text."""
    for pair, param, values, same in compared(comparison, "param"):
        usual = list(filter(is_word, values if is_null(param) and all(map(is_word, values)) else same))
        if usual and param not in usual:
            odd = not (is_null(param) or isinstance(param, str))
            yield pair.drift(
                path="error.param",
                message=f"error.param is {word(param)}" if odd else "error.param does not name the golden's parameter",
                golden=listed(usual),
                candidate=show(param, 80),
                # a param of another type may fail to decode, as a code does (ER01); another name only misleads
                severity=Severity.RISKY if odd else Severity.INFO,
            )


RULE = Rule(
    id="error-param-changed",
    area="errors",
    # ER20 has the only readers of `param` in the catalogue, and is info too
    severity=Severity.INFO,
    summary="error.param does not name the same parameter as the golden's error",
    who_breaks="forms that mark the wrong field; code that drops the named parameter and retries",
    hint="let the gateway pass param on from the upstream's error",
    check=check,
    where=has_failures,
)
