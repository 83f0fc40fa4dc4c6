"""The list of files: https://platform.openai.com/docs/api-reference/files/list"""

from __future__ import annotations

from gate.model import Answer, Endpoint

ENDPOINT = Endpoint(name="files", path="files", schema="files", read=Answer, method="GET")
