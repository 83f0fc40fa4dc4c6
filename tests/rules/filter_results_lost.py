"""filter-results-lost: annotations of Azure."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, completion, plain, stream

SAFE = {"hate": {"filtered": False, "severity": "safe"}}
CHOICE = completion()["choices"][0]


def filtered(results: object) -> dict[str, object]:
    return completion(choices=[{**CHOICE, "content_filter_results": results}])


def chunks(results: object) -> list[dict[str, object]]:
    return [{**c, "choices": [{**c["choices"][0], "content_filter_results": results}]} for c in HELLO]


CASES = (
    Row(
        "S45: from Azure to another route",
        plain(filtered(SAFE)),
        plain(completion()),
        ("risky choices[0].content_filter_results",),
    ),
    Row("S45: streamed", stream(*chunks(SAFE)), stream(*HELLO), ("risky choices[0].content_filter_results",)),
    Row("S45, benign twin: empty results (B33)", stream(*chunks(SAFE)), stream(*chunks({}))),
    Row("another severity", plain(filtered(SAFE)), plain(filtered({"hate": {"filtered": True, "severity": "high"}}))),
    Row("a route that adds them", plain(completion()), plain(filtered(SAFE))),
    *(
        Row(f"{key} alone", plain({**completion(), key: [SAFE]}), plain(completion()), (f"risky {key}",))
        for key in ("prompt_filter_results", "prompt_annotations")
    ),
)
