"""field-added: what no golden sample has."""

from __future__ import annotations

from typing import Any

from tests.rules_table import HELLO, USAGE, Row, chunk, completion, plain, stream


def filtered(severity: str) -> dict[str, Any]:
    """A completion from Azure."""
    return completion(choices=[{**completion()["choices"][0], "content_filter_results": {"hate": severity}}])


CASES = (
    Row(
        "S27: Groq adds fields in two places (vllm-project/semantic-router 3813)",
        plain(completion()),
        plain(completion(x_groq={"id": "req_1"}, usage_breakdown={}, usage={**USAGE, "queue_time": 0.09})),
        ("info body", "info usage"),
    ),
    Row(
        "S29: an empty function_call on the last chunk (CangShui/workbuddy-gateway 3)",
        stream(*HELLO),
        stream(*HELLO[:-1], chunk({"function_call": {"name": "", "arguments": ""}}, "stop")),
        ("breaking choices[0].delta.function_call",),
    ),
    Row(
        "S29 where the golden has null there",
        plain(completion({"function_call": None})),
        plain(completion({"function_call": {"name": "", "arguments": ""}})),
        ("risky choices[0].message.function_call",),
    ),
    Row("a field that was null gets a value", plain(completion(provider=None)), plain(completion(provider="a"))),
    Row(
        "S32: Azure adds filter annotations (elastic/elasticsearch 114715)",
        plain(completion()),
        plain(filtered("safe")),
        ("info choices[]",),
    ),
    Row("S32, benign twin: a severity changes", plain(filtered("safe")), plain(filtered("low"))),
    Row(
        "S29, benign twin: function_call is null",
        plain(completion()),
        plain(completion({"function_call": None})),
    ),
    Row(
        "B18, B20: optional fields of the API appear",
        plain(completion()),
        plain(completion({"annotations": [], "audio": None}, system_fingerprint="fp_1", service_tier="default")),
    ),
    Row(
        "a list that is not empty this time",
        plain(completion(citations=[])),
        plain(completion(citations=["https://a.test"])),
    ),
)
