"""The list of models: https://platform.openai.com/docs/api-reference/models/list"""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Answer, Endpoint, Json


def read(body: Json) -> Answer:
    """The body itself; it has no choices."""
    return Answer(body, usage=member(body, "usage"), model=member(body, "model"), id=member(body, "id"))


ENDPOINT = Endpoint(name="models", path="models", schema="models", read=read, method="GET")
