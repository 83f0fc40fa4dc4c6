"""moderation-categories-changed: another scheme."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, completion, plain


def moderated(*names: str) -> Exchange:
    result = {"flagged": False, "categories": dict.fromkeys(names, False), "category_scores": dict.fromkeys(names, 0.1)}
    body = {"id": "modr-1", "model": "m", "results": [result]}
    return plain(body, {"model": "m", "input": "a"}, url="/v1/moderations")


CASES = (
    Row(
        "Llama Guard's own names",
        moderated("hate", "violence"),
        moderated("S1", "S2"),
        ("risky results[0].categories",),
    ),
    Row("a category less", moderated("hate", "violence"), moderated("hate")),
    Row("a category more", moderated("hate"), moderated("hate", "illicit")),
    Row("no categories", moderated("hate"), moderated()),
    Row("not a moderation", plain(completion()), plain(completion())),
)
