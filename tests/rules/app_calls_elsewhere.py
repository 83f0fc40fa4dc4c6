"""app-calls-elsewhere: hosts besides the base_url."""

from __future__ import annotations

from tests.rules._app import ran
from tests.rules_table import Row, seen

CASES = (
    Row(
        "an SDK asks its own host while it is imported (SD05)",
        ran("Paris."),
        ran("Paris.", outside=("raw.githubusercontent.com:443",)),
        ("risky outside",),
    ),
    Row("the run on the goldens calls it too", ran("a", outside=("h:443",)), ran("a", outside=("h:443",))),
    Row("nothing else is called", ran("a"), ran("a")),
    Row("an SDK, not an application", seen(), seen(outside=("h:443",)), (), ("breaking sdk-calls-elsewhere outside",)),
)
