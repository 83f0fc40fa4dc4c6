"""Moderations: https://platform.openai.com/docs/api-reference/moderations"""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Answer, Endpoint, Json


def read(body: Json) -> Answer:
    """The body itself; it has no choices."""
    return Answer(body, usage=member(body, "usage"), model=member(body, "model"), id=member(body, "id"))


ENDPOINT = Endpoint(name="moderations", path="moderations", schema="moderations", read=read, method="POST")
