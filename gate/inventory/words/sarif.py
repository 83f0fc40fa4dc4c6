"""A scan as SARIF 2.1.0: assumptions and remarks as results at their lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; GitHub takes 25,000 results of a run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import quote

from gate import __version__
from gate.inventory.assumptions import kinds
from gate.inventory.model import Assumption, Remark, Scan
from gate.inventory.remarks import KINDS
from gate.model import Json
from gate.text.safe import line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST = 25_000


def render(scan: Scan) -> str:
    """ASCII JSON with one run."""
    rules = list(_rules())
    order = {rule["id"]: number for number, rule in enumerate(rules)}
    found: list[Assumption | Remark] = [*scan.assumptions, *scan.remarks]
    run = {
        "tool": {"driver": {"name": "swapgate", "version": __version__, "rules": rules}},
        # beside the alerts of `gate check`, which has a category of its own for each route
        "automationDetails": {"id": "scan/"},
        "invocations": [
            {
                "executionSuccessful": not scan.unread,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": f"not read: {line(name)}: {line(reason)}"}}
                    for name, reason in scan.unread
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, order[one.id]) for one in found[:_MOST]],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1).replace("##", "#\\u0023") + "\n"


def _rules() -> Iterator[dict[str, Json]]:
    for kind, _ in kinds().values():
        help_ = f"{kind.fix}\n\nknown drifts: {', '.join(kind.drifts)}"
        yield {
            "id": kind.id,
            "shortDescription": {"text": kind.summary},
            "help": {"text": help_},
            "defaultConfiguration": {"level": "warning"},
        }
    for id_, summary in KINDS.items():
        yield {"id": id_, "shortDescription": {"text": summary}, "defaultConfiguration": {"level": "note"}}


def _result(one: Assumption | Remark, index: int) -> Json:
    mark = hashlib.sha256(f"{one.id} {one.place.file} {one.message}".encode("utf-8", "replace")).hexdigest()[:16]
    return {
        "ruleId": one.id,
        "ruleIndex": index,
        "level": one.level if isinstance(one, Assumption) else "note",
        "message": {"text": line(one.message, 600)},
        "locations": [
            {
                "physicalLocation": {
                    # %SRCROOT%: relative to the root of the checkout, as GitHub wants it
                    "artifactLocation": {"uri": quote(one.place.file, errors="replace"), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": max(1, one.place.line)},
                }
            }
        ],
        "partialFingerprints": {"swapgate/scan/v1": mark},
    }
