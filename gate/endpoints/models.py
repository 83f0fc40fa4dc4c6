"""The list of models: https://platform.openai.com/docs/api-reference/models/list"""

from __future__ import annotations

from gate.endpoints import read_whole
from gate.model import Endpoint

ENDPOINT = Endpoint(name="models", path="models", schema="models", read=read_whole, method="GET", results="data")
