"""Moderations: https://platform.openai.com/docs/api-reference/moderations"""

from __future__ import annotations

from gate.endpoints import _fields, read_whole
from gate.model import Endpoint

ENDPOINT = Endpoint(
    name="moderations",
    path="moderations",
    schema="moderations",
    read=read_whole,
    results="results",
    fields=_fields.MODERATION,
)
