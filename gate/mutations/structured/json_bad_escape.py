r"""Habits of Markdown inside JSON: `\*` is no escape, and JSON.parse throws."""

from __future__ import annotations

import re

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.structured._document import restated

_TEXT = re.compile(r'(:\s*")([^"\\])')


def _apply(exchange: Exchange) -> Exchange | None:
    return restated(exchange, lambda said: _TEXT.sub(r"\1\\*\2", said, count=1))


def _twin(exchange: Exchange) -> Exchange | None:
    """A letter written as an escape."""
    return restated(exchange, lambda said: _TEXT.sub(lambda m: f"{m[1]}\\u{ord(m[2]):04x}", said, count=1))


MUTATION = Mutation(
    id="json-bad-escape",
    drifts=("SO06",),
    area="structured",
    severity=Severity.RISKY,
    summary="escapes that JSON does not know",
    apply=_apply,
    twin=_twin,
    exercised_by=("json-schema", "json-schema-stream"),
)
