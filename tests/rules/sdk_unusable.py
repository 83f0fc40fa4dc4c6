"""sdk-unusable: the version does not install, import or start."""

from __future__ import annotations

from tests.rules_table import Row, seen

BROKEN = seen(outcome="unusable", detail="it does not start: ImportError: cannot import name 'ResponseTextConfig'")

CASES = (
    Row(
        "openai 1.99.2 breaks an import of openai-agents (openai/openai-agents-python#1395)",
        seen(),
        BROKEN,
        ("breaking start",),
    ),
    Row("neither could be used", BROKEN, BROKEN),
    Row("the version before could not be used", BROKEN, seen()),
)
