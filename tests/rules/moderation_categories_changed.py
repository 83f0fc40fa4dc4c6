"""moderation-categories-changed: another scheme."""

from __future__ import annotations

from collections.abc import Sequence

from gate.model import Exchange
from tests.rules_table import Row, completion, plain


def moderated(*names: str, scores: Sequence[str] = ()) -> Exchange:
    result = {
        "flagged": False,
        "categories": dict.fromkeys(names, False),
        "category_scores": dict.fromkeys(scores or names, 0.1),
    }
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
    Row("no categories", moderated("hate"), moderated(), ("risky results[0].categories",)),
    Row(
        "self_harm for self-harm",
        moderated("hate", "self-harm"),
        moderated("hate", "self_harm"),
        ("risky results[0].categories",),
    ),
    Row(
        "the scores alone are called otherwise",
        moderated("hate"),
        moderated("hate", scores=("Hate",)),
        ("risky results[0].category_scores",),
    ),
    Row(
        "an object in place of the list is field-type-changed's",
        moderated("hate"),
        plain({"id": "modr-1", "model": "m", "results": {}}, {"model": "m", "input": "a"}, url="/v1/moderations"),
        (),
        ("breaking field-type-changed results",),
    ),
    Row("not a moderation", plain(completion()), plain(completion())),
)
