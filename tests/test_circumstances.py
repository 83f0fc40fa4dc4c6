"""What else changed beside the route, and what only looks so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gate.judge.caveats import changed_settings
from gate.observe.exchange import observe
from tests.rules_table import ASK, completion, plain


@pytest.mark.parametrize(
    ("golden", "candidate", "changed"),
    [
        ({"temperature": 0}, {"temperature": 0}, ()),
        ({"temperature": 0}, {"temperature": 1}, ("temperature",)),
        ({"temperature": 0}, {}, ("temperature",)),
        ({"max_tokens": 16}, {"max_completion_tokens": 16}, ()),  # the route's map
        ({"max_tokens": 16}, {"max_completion_tokens": 32}, ("max_completion_tokens", "max_tokens")),
        ({"model": "a"}, {"model": "b"}, ()),
        ({"messages": []}, {}, ()),
    ],
)
def test_settings(golden: Mapping[str, Any], candidate: Mapping[str, Any], changed: tuple[str, ...]) -> None:
    sides = tuple(observe(plain(completion(), {**ASK, **more})) for more in (golden, candidate))
    assert changed_settings([(sides[0], sides[1])]) == changed
