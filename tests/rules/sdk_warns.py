"""sdk-warns: a warning that is new."""

from __future__ import annotations

from tests.rules_table import Row, seen

WARNED = seen(warnings=("DeprecationWarning: use responses",))

CASES = (
    Row("the method is deprecated", seen(), WARNED, ("info warnings",)),
    Row("it was before", WARNED, WARNED),
    Row("the warning is gone", WARNED, seen()),
)
