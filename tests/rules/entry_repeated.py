"""entry-repeated: lists of models and files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, plain


def got(path: str, body: Any, status: int = 200) -> Exchange:
    exchange = plain(body, {}, url=f"/v1/{path}", status=status)
    return replace(exchange, request=replace(exchange.request, method="GET", body=b""))


def models(*ids: Any) -> Exchange:
    entries = [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in ids]
    return got("models", {"object": "list", "data": entries})


def files(*ids: str) -> Exchange:
    entry = {"object": "file", "bytes": 1, "created_at": 1, "filename": "a.txt", "purpose": "batch"}
    return got("files", {"object": "list", "data": [{"id": name, **entry} for name in ids]})


CASES = (
    Row("S65: a model of two providers", models("a", "b"), models("a", "b", "a"), ("risky data[2].id",)),
    Row("S65: a file", files("file-1"), files("file-1", "file-1"), ("risky data[1].id",)),
    Row("S65, benign twin: other models", models("a", "b"), models("c", "b", "d")),
    Row("they differ by case", models("a", "b"), models("a", "A")),
    Row("the golden has one twice", models("a", "a"), models("b", "b")),
    Row("no names", models("a", "b"), models(1, 1), also=("breaking field-type-changed data[0].id",)),
)
