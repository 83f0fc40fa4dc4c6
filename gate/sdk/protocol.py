"""The lines that a driver writes, held to the schema of the protocol: a team's own driver learns where it breaks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from gate.text.safe import cut

SCHEMA = Path(__file__).with_name("protocol.schema.json")


def breach(kind: Literal["hello", "transcript"], said: Mapping[str, Any]) -> str:
    """Where and how a line breaks the protocol; empty where it keeps to it."""
    error = best_match(_validator(kind).iter_errors(said))
    if error is None:
        return ""
    return f"its {kind} breaks the protocol at {error.json_path}: {cut(error.message, 160)}"


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{kind}"})
