"""Image generation: https://platform.openai.com/docs/api-reference/images"""

from __future__ import annotations

from gate.endpoints import _fields, read_whole
from gate.model import Endpoint

ENDPOINT = Endpoint(
    name="images",
    path="images/generations",
    schema="images",
    read=read_whole,
    fields=_fields.IMAGE,
)
