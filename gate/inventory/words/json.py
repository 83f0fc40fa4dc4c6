"""A scan as JSON, by `scan.schema.json`."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict

from gate.inventory.assumptions import kinds
from gate.inventory.model import Assumption, Call, Client, Package, Place, Remark, Scan, Service
from gate.model import Json


def render(scan: Scan) -> str:
    """ASCII JSON, in the order of the source."""
    reads: dict[str, list[str]] = defaultdict(list)
    for path, place in scan.reads:
        reads[path].append(str(place))
    document = {
        "scan_version": 1,
        "files": scan.files,
        "lines": scan.lines,
        "services": [_service(service) for service in scan.services],
        "assumptions": [_assumption(one) for one in scan.assumptions],
        "remarks": [_flat(one) for one in scan.remarks],
        "reads": reads,
        "unread": dict(scan.unread),
        "draft": {name: list(value) for name, value in dataclasses.asdict(scan.draft).items()},
    }
    # a path may hold bytes that are no text; `##[command]` is executed by a runner that prints the file
    return json.dumps(document, indent=1).replace("##", "#\\u0023") + "\n"


def _service(service: Service) -> Json:
    return {
        "folder": service.folder,
        "manifests": list(service.manifests),
        "packages": [{**_flat(one), "pinned": one.pinned} for one in service.packages],
        "clients": [_flat(one) for one in service.clients],
        "calls": [_flat(one) for one in service.calls],
    }


def _assumption(one: Assumption) -> Json:
    kind = kinds()[one.id][0]
    return {**_flat(one), "fix": kind.fix, "drifts": list(kind.drifts)}


def _flat(one: Assumption | Call | Client | Package | Remark) -> dict[str, Json]:
    """All fields, with `file` and `line` for the place."""
    fields: dict[str, Json] = dataclasses.asdict(one)
    fields.pop("key_env", None)  # for `gate init` alone
    place: Place = one.place
    del fields["place"]
    return {**fields, "file": place.file, "line": place.line}
