"""Area embeddings: vectors in another encoding, width or order, and requests for them that are refused."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Sequence
from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, twin
from tests.catalogue.exchanges import edited, patched
from tests.rules_table import EMBED, embedded, plain

TEXTS = ["river", "lake", "sea"]


def vector(seed: int, width: int = 8, noise: float = 0.0) -> list[float]:
    """A vector of length 1."""
    raw = [math.sin(seed * 37 + i * (seed + 2)) + noise * math.cos(i) for i in range(width)]
    size = math.sqrt(sum(x * x for x in raw))
    return [x / size for x in raw]


def encoded(numbers: Sequence[float], form: str = "<f") -> str:
    """The numbers as base64."""
    return base64.b64encode(struct.pack(f"{form[0]}{len(numbers)}{form[1]}", *numbers)).decode()


def batch(*seeds: int, width: int = 8, noise: float = 0.0, **request: Any) -> Exchange:
    """Vectors for three texts."""
    return embedded(*(vector(s, width, noise) for s in seeds or (1, 2, 3)), ask=TEXTS, **request)


def texts(*vectors: str) -> Exchange:
    """The same, in base64."""
    return embedded(*vectors, ask=TEXTS, encoding_format="base64")


def refused(status: int, message: str, ask: Any = TEXTS, **request: Any) -> Exchange:
    """A refusal."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    return plain(body, {"model": "m", "input": ask, **request}, status=status, url=EMBED)


BASE64 = texts(*(encoded(vector(s)) for s in (1, 2, 3)))
MANY = [f"text {i}" for i in range(20)]
GOLDEN_MANY = embedded(*(vector(i) for i in range(20)), ask=MANY)

CASES: tuple[Case, ...] = (
    breaking("EM01", "lists for base64", BASE64, embedded(*(vector(s) for s in (1, 2, 3)), ask=TEXTS, encoding_format="base64")),
    breaking("EM01", "only the last item", BASE64, patched(BASE64, "data.2.embedding", vector(3))),
    breaking("EM01", "base64 for floats", batch(encoding_format="float"), embedded(*(encoded(vector(s)) for s in (1, 2, 3)), ask=TEXTS, encoding_format="float")),
    twin("EM01", "floats for floats", batch(encoding_format="float"), batch(encoding_format="float", noise=1e-4)),
    breaking("EM03", "dimensions ignored", batch(width=4, dimensions=4), batch(width=8, dimensions=4)),
    breaking("EM03", "another model", batch(), batch(width=12)),
    breaking("EM03", "base64 of another width", BASE64, texts(*(encoded(vector(s, 16)) for s in (1, 2, 3)))),
    breaking("EM03", "one item of another width", batch(), patched(batch(), "data.1.embedding", vector(2, 6))),
    breaking("EM03", "float16 in base64 reads as half the width", BASE64, texts(*(encoded(vector(s), "<e") for s in (1, 2, 3)))),
    twin("EM03", "slightly other values", batch(), batch(noise=0.003)),
    breaking("EM04", "refused", batch(width=4, dimensions=4), refused(400, "This model does not support specifying dimensions.", dimensions=4)),
    breaking("EM04", "422 with detail", batch(width=4, dimensions=4), plain({"detail": [{"loc": ["body", "dimensions"], "msg": "Extra inputs are not permitted"}]}, {"model": "m", "input": TEXTS, "dimensions": 4}, status=422, url=EMBED)),
    twin("EM04", "refused by both", refused(400, "dimensions: no", dimensions=4), refused(400, "dimensions unsupported", dimensions=4)),
    breaking("EM05", "400", BASE64, refused(400, "UnsupportedParamsError: Setting {'encoding_format': 'base64'} is not supported by ollama", encoding_format="base64")),
    breaking("EM05", "500", BASE64, refused(500, "UnsupportedParamsError: encoding_format", encoding_format="base64")),
    twin("EM05", "both", *(refused(400, m, encoding_format="base64") for m in ("a", "b"))),
    breaking("EM07", "10 at most", GOLDEN_MANY, refused(400, "batch size is invalid, it should not be larger than 10.: input.contents", MANY)),
    breaking("EM07", "only the first ten come", GOLDEN_MANY, embedded(*(vector(i) for i in range(10)), ask=MANY)),
    twin("EM07", "both", *(refused(400, m, MANY) for m in ("batch size", "batch size is invalid"))),
    risky("EM08", "500", GOLDEN_MANY, refused(500, "llama_decode returned -1", MANY)),
    twin("EM08", "503 at times", GOLDEN_MANY, [refused(503, "overloaded", MANY), GOLDEN_MANY]),
    breaking("EM09", "a cap on tokens", GOLDEN_MANY, refused(400, "Requested 340000 tokens, max 300000 tokens per request", MANY)),
    twin("EM09", "both", *(refused(400, m, MANY) for m in ("max 300000 tokens", "max 250000 tokens"))),
    breaking("EM10", "indexes of a sub-batch", batch(), patched(batch(), "data.2.index", 0)),
    breaking("EM10", "permuted, without indexes", batch(), edited(batch(3, 1, 2), lambda d: [i.pop("index") for i in d["data"]] and None)),
    breaking("EM10", "permuted under right indexes", batch(), batch(2, 1, 3)),
    breaking("EM10", "reversed with its indexes", batch(), edited(batch(), lambda d: d["data"].reverse())),
    breaking("EM10", "base64, permuted", BASE64, texts(*(encoded(vector(s)) for s in (1, 3, 2)))),
    breaking("EM10", "indexes as texts", batch(), edited(batch(), lambda d: [i.update(index=str(i["index"])) for i in d["data"]] and None)),
    breaking("EM10", "indexes from 1", batch(), edited(batch(), lambda d: [i.update(index=i["index"] + 1) for i in d["data"]] and None)),
    twin("EM10", "noise and further fields", batch(), edited(batch(noise=0.002), lambda d: [i.update(truncated=False) for i in d["data"]] and None)),
)  # fmt: skip
