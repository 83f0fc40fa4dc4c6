"""swapgate itself, as a team uses it: `gate record` on the golden route, `gate check` on the candidate.

The requests of a case are a scenario of the team's own. All settings are the defaults, but two samples are recorded.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from gate.cli import run
from gate.endpoints import for_url

AT_ONCE = 4
_RANK = ("info", "risky", "breaking")

Line = Mapping[str, Any]


def main() -> None:
    """Records each golden once, then checks every candidate."""
    lines = [json.loads(line) for line in sys.stdin]
    with tempfile.TemporaryDirectory(prefix="swapgate-drifts-") as folder, ProcessPoolExecutor(AT_ONCE) as pool:
        os.environ["BENCH_KEY"] = "bench-key-0001"
        root = Path(folder)
        goldens = {line["golden"]: line for line in lines}
        refused = dict(zip(goldens, pool.map(_recorded, goldens.values(), [root] * len(goldens)), strict=True))
        asked = [line for line in lines if not refused[line["golden"]]]
        for line in lines:
            if why := refused[line["golden"]]:
                print(json.dumps({"name": line["name"], "said": "not asked", "why": why}), flush=True)
        for line, (said, why) in zip(asked, pool.map(_checked, asked, [root] * len(asked)), strict=True):
            print(json.dumps({"name": line["name"], "said": said, "why": why}), flush=True)


def _recorded(line: Line, root: Path) -> str:
    """Why the golden could not be recorded; "" where it was."""
    place = _place(line, root)
    place.mkdir()
    models = {"chat": _model(line)}
    route = {"api_key_env": "BENCH_KEY", "models": models}
    routes = {"baseline": {"base_url": line["golden"], **route}, "candidate": {"base_url": line["golden"], **route}}
    config = {"version": 1, "suite": ["ours.yaml"], "routes": routes, "samples": {"record": 2}}
    (place / "gate.yaml").write_text(yaml.safe_dump(config), "utf-8")
    code, printed = 0, ""
    # a stream that ends in an error is a golden of the group errors alone
    for group in ("text", "errors"):
        (place / "ours.yaml").write_text(yaml.safe_dump(_scenario(line, group)), "utf-8")
        code, printed = _gate(place, "record")
        if code == 0:
            return ""
    return f"gate record: {code}: {printed}"


def _checked(line: Line, root: Path) -> tuple[str, str]:
    """What `gate check` says of a candidate. Incomplete fails a build, but has no grade."""
    place = _place(line, root)
    report = root / f"{os.getpid()}.json"
    report.unlink(missing_ok=True)
    save = root / f"{os.getpid()}-saved"
    code, printed = _gate(
        place, "check", "--base-url", line["candidate"], "--report", f"json:{report}", "--save", str(save)
    )
    if code == 2 or not report.exists():
        return "not asked", f"gate check: {code}: {printed}"
    found = json.loads(report.read_text("utf-8"))
    worst = max((_RANK.index(f["severity"]) for f in found["findings"] if f["outcome"] == "enforced"), default=0)
    rules = sorted({f["rule"] for f in found["findings"] if _RANK.index(f["severity"]) == worst})
    if code == 3 and worst < 2:
        return "alarm", f"incomplete: {found.get('reason') or ', '.join(rules)}"
    return ("accepts", "risky", "breaking")[worst], ", ".join(rules)


def _place(line: Line, root: Path) -> Path:
    return root / hashlib.sha256(line["golden"].encode()).hexdigest()[:16]


def _gate(place: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and the last line that was printed, in this process: starting one takes longer than a check."""
    printed = io.StringIO()
    os.chdir(place)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = run([*arguments])
    return code, (printed.getvalue().strip().splitlines() or [""])[-1]


def _scenario(line: Line, group: str) -> dict[str, Any]:
    return {"id": "ours", "group": group, "steps": list(_steps(line))}


def _steps(line: Line) -> Iterator[dict[str, Any]]:
    for request in line["requests"]:
        endpoint = for_url(f"https://host.test/v1{request['path']}", request["method"])
        step: dict[str, Any] = {"endpoint": endpoint.name, "method": request["method"]}
        if request["path"].strip("/") != endpoint.path:
            step["path"] = request["path"]
        body = _document(request["body"])
        if isinstance(body, dict):
            step |= {"body": {key: value for key, value in body.items() if key != "model"}}
            step |= {"model": "chat"} if "model" in body else {}
        elif request["body"] is not None:
            step |= {"raw": request["body"], "headers": {"content-type": request["media"]}}
        if request["status"]:
            step["expect"] = {"status": request["status"]}
        yield step


def _model(line: Line) -> str:
    bodies = [_document(request["body"]) for request in line["requests"]]
    return next((body["model"] for body in bodies if isinstance(body, dict) and "model" in body), "m")


def _document(body: str | None) -> Any:
    try:
        return json.loads(body or "null")
    except ValueError:
        return None


if __name__ == "__main__":
    main()
