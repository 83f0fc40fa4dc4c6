"""Which rules report differences at a path, so that one cause has one headline.

A rule about fields in general asks `owner`, and is silent where a more specific rule reports the difference. Adding
such a specific rule is one row here; no other rule changes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from gate.wire.paths import untyped
from gate.wire.shape import indexless

Kind = Literal["missing", "null", "type", "added", "value"]
"""How a field differs: it is gone, null, of another JSON type, new, or has a value that the API does not allow."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One row. `pattern` is searched for in paths such as `choices[].message.tool_calls[].id` (every index is `[]`).

    `owned_by` are areas or rule ids. `kind` restricts the row to one kind of difference; None: all kinds.
    """

    pattern: str
    owned_by: tuple[str, ...]
    why: str
    kind: Kind | None = None


_USAGE = ("usage-missing", "usage-chunk-missing", "usage-incomplete")

OWNERS = (
    Owner(r"tool_calls\[", ("tools",), "id, type, name, index and arguments of a call are judged together"),
    Owner(r"\.finish_reason\Z", ("stream",), "whether it comes, when, how often and with which value"),
    Owner(r"data\[\]\.(embedding(\[\])?|index)\Z", ("embeddings",), "vectors are judged as vectors, in their order"),
    Owner(r"sequence_number\Z", ("sequence-number",), "it must count up by one over the whole stream"),
    Owner(r"logprobs[.\[]", ("logprobs-incomplete",), "entries are optional unless the request asks for them (B20)"),
    Owner(
        r"\A(b64_json|audio|partial_image_b64)\Z",
        ("base64-broken",),
        "an event without its sound or image is told there",
        kind="missing",
    ),
    Owner(r"(\A|\.)usage\Z|usage\.", _USAGE, "a lost count and a lost usage are one headline", kind="missing"),
    Owner(r"usage\Z", _USAGE, "a usage that is null is a usage that is missing", kind="null"),
)


@functools.lru_cache(4096)
def owner(path: str, kind: Kind | None = None) -> Owner | None:
    """The row that owns a path, for differences of one kind; without `kind` only rows that own all kinds."""
    plain = indexless(untyped(path))
    rows = (row for row in OWNERS if row.kind in (None, kind))
    return next((row for row in rows if re.search(row.pattern, plain)), None)
