"""parameter-not-echoed: parameters that a response repeats."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

ASK = {**r.ASK, "metadata": {"job": "17"}}


def said(request: Any = ASK, **top: Any) -> Exchange:
    return r.whole(r.response(**top), request)


JSON = {"format": {"type": "json_object"}}

PLAIN = {"format": {"type": "text"}, "verbosity": "low"}

CASES = (
    Row(
        "RS24: metadata is lost (Blaizzy/mlx-vlm 1046)",
        said(metadata={"job": "17"}),
        said(metadata={}),
        ("info metadata",),
    ),
    Row("RS24, benign twin: it is kept", said(metadata={"job": "17"}), said(metadata={"job": "17"})),
    Row("no metadata in the request", said(r.ASK, metadata={}), said(r.ASK)),
    *(
        Row(
            f"{key} is not repeated",
            said({**r.ASK, key: value}, **{key: value}),
            said({**r.ASK, key: value}),
            (f"info {key}",),
        )
        for key, value in (
            ("max_tool_calls", 3),
            ("max_output_tokens", 640),
            ("truncation", "auto"),
            ("prompt_cache_key", "a"),
            ("safety_identifier", "a"),
            ("user", "a"),
            ("service_tier", "default"),
            ("instructions", "Be brief."),
            ("temperature", 0.2),
            ("top_p", 0.5),
            ("top_logprobs", 2),
            ("reasoning", {"effort": "low"}),
            ("background", True),
        )
    ),
    Row(
        "whether tools may be called side by side",
        said({**r.ASK, "parallel_tool_calls": False}, parallel_tool_calls=False),
        said({**r.ASK, "parallel_tool_calls": False}),
        ("info parallel_tool_calls",),
        ("risky response-field-lost parallel_tool_calls",),
    ),
    Row(
        "an object comes back with its defaults",
        said({**r.ASK, "text": JSON}, text={**JSON, "verbosity": "medium"}),
        said({**r.ASK, "text": JSON}, text={**JSON, "verbosity": "low"}),
    ),
    Row(
        "RS24: the format of the text",
        said({**r.ASK, "text": PLAIN}, text={**PLAIN, "verbosity": "low"}),
        said({**r.ASK, "text": PLAIN}, text={"format": {"type": "text"}}),
        ("info text",),
    ),
    Row(
        "RS24: tool_choice is that of another request",
        said({**r.ASK, "tool_choice": "none"}, tool_choice="none"),
        said({**r.ASK, "tool_choice": "none"}, tool_choice="auto"),
        ("info tool_choice",),
    ),
)
