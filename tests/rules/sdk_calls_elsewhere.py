"""sdk-calls-elsewhere: a host that the application did not name."""

from __future__ import annotations

from tests.rules_table import Row, seen

TRACED = seen(outside=("api.smith.test:443",))

CASES = (
    Row("traces are sent to a host of the framework's maker", seen(), TRACED, ("breaking outside",)),
    Row("it did so before", TRACED, TRACED),
    Row("it no longer does", TRACED, seen()),
)
