"""Embeddings, as numbers or base64: https://platform.openai.com/docs/api-reference/embeddings"""

from __future__ import annotations

from gate.endpoints import _fields, member, members
from gate.model import Answer, Endpoint, Json


def read(body: Json) -> Answer:
    """The vectors in the order of `data`, as they came."""
    # as they came, not sorted by index: clients that zip texts and vectors read them so (EM10)
    vectors = tuple(member(item, "embedding") for item in members(body, "data"))
    return Answer(body, usage=member(body, "usage"), model=member(body, "model"), vectors=vectors)


ENDPOINT = Endpoint(name="embeddings", path="embeddings", schema="embeddings", read=read, fields=_fields.EMBEDDING)
