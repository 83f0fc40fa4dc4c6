"""error.param no longer names the parameter."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import is_text, word
from gate.rules.errors._failures import compared, is_null, listed
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """For the same status: missing, another name, or not a text."""
    for pair, param, _, same in compared(comparison, "param"):
        usual = list(filter(is_text, same))
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
)
