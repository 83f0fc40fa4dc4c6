"""response-usage-details: details of the usage of a response."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

FULL = {**r.USAGE, "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}


def spent(**changes: Any) -> Exchange:
    return r.whole(r.response(usage={**FULL, **changes}))


def streamed(**changes: Any) -> Exchange:
    return r.told(r.events(usage={**FULL, **changes}))


CASES = (
    Row(
        "RS17: an object without its count (router-for-me/CLIProxyAPI 4985)",
        spent(),
        spent(output_tokens_details={}),
        ("breaking usage.output_tokens_details.reasoning_tokens",),
    ),
    Row(
        "RS17: no details at all",
        spent(),
        r.whole(r.response(usage=r.USAGE)),
        (
            "risky usage.input_tokens_details",
            "risky usage.output_tokens_details",
        ),
    ),
    Row(
        "RS17: null, streamed", streamed(), streamed(output_tokens_details=None), ("risky usage.output_tokens_details",)
    ),
    Row(
        "RS17: the count is null",
        spent(),
        spent(output_tokens_details={"reasoning_tokens": None}),
        ("breaking usage.output_tokens_details.reasoning_tokens",),
    ),
    Row("RS17, benign twin: other counts", spent(), spent(output_tokens_details={"reasoning_tokens": 2})),
    Row("the golden has none either", r.whole(r.response()), r.whole(r.response())),
    Row(
        "no usage is another drift",
        spent(),
        r.whole(r.response(usage=None)),
        also=("breaking usage-missing usage",),
    ),
)
