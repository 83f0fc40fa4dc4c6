"""Real gateways between our goldens and the suite: what each does, as findings, and again in the upstream's raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gate.store.sides import load_side
from tests.real.facts import LIMITED, TRACED, facts
from tests.real.gateways import GATEWAYS
from tests.real.hermetic import check, diff, project
from tests.real.servers import UnavailableError

pytestmark = [pytest.mark.slow, pytest.mark.alone]

SCENARIOS = ("chat", "chat-stream", "chat-stream-usage", "models", "error-bad-key", "error-malformed-json")
HEADERS = {("request-header-lost", "chat@headers", f"headers.{name}") for name in TRACED}
HIDDEN = {("cut-hidden", f"chat-stream@{fault}", "body") for fault in ("cut-after-3", "reset-after-3")}

# (rule, scenario, path) of what each must be told of, at risky or above
TOLD: Mapping[str, set[tuple[str, str, str]]] = {
    "haproxy": set(),
    "nginx": {
        ("cut-hidden", "chat-stream@cut-after-3", "body"),
        ("stream-buffered", "chat-stream@falling-gaps", "timing.spread"),
    },
    "nginx-unbuffered": set(),
    "portkey": HEADERS | HIDDEN | {("request-query-lost", "chat@query", "query.api-version")},
    "smg": HEADERS
    | {
        ("request-retried", LIMITED, "request"),
        ("retry-after-ignored", LIMITED, "headers.retry-after"),
        ("retry-after-absent", LIMITED, "headers.retry-after"),
        ("request-not-sent", "chat@afterwards", "request"),
    },
    "vllm-router": {
        ("request-field-dropped", "chat@tools", "tools[0].function.strict"),
        ("request-field-added", "chat", "skip_special_tokens"),
        ("request-retried", LIMITED, "request"),
        ("retry-after-ignored", LIMITED, "headers.retry-after"),
        ("request-not-sent", "chat@afterwards", "request"),
    },
    "litellm": HEADERS
    | {
        ("request-field-dropped", "chat@parameters", "metadata"),
        ("request-role-changed", "chat@history", "messages[0].role"),
        ("request-retried", LIMITED, "request"),
        ("request-retried", "chat@status-500", "request"),
        ("request-stream-changed", "chat-stream@no-usage", "stream_options.include_usage"),
        ("stream-error", "chat-stream@cut-after-3", "error"),
    },
}
# (rule, scenario) that would be an invention
NEVER: Mapping[str, set[tuple[str, str]]] = {
    # it waits 1.4 s and more, where the upstream wants 1 s
    "litellm": {("retry-after-ignored", LIMITED)},
    "portkey": {("request-retried", LIMITED), ("request-role-changed", "chat@history")},
}
# upstream requests for one 429
REQUESTS = {"haproxy": 1, "nginx": 1, "nginx-unbuffered": 1, "portkey": 1, "smg": 5, "vllm-router": 5, "litellm": 3}
SILENT = ("haproxy", "nginx-unbuffered")  # pass everything on: nothing at risky or above


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_real_gateway(name: str, tmp_path: Path) -> None:
    try:
        project(tmp_path, {name: GATEWAYS[name]}, SCENARIOS)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    report = check(tmp_path, name)
    found = {(f["rule"], f["scenario"], f["path"]) for f in report["findings"] if f["severity"] != "info"}
    assert TOLD[name] - found == set(), "not told"
    assert {(rule, scenario) for rule, scenario, _ in found} & NEVER.get(name, set()) == set()
    assert report["crashes"] == []
    if name in SILENT:
        assert found == set()
    known = facts(load_side(tmp_path / ".gate" / name).exchanges)
    assert known["failures"][LIMITED]["posts"] == REQUESTS[name]
    if name in BYTES:
        BYTES[name](known)
    assert diff(tmp_path, "golden", f".gate/{name}")["findings"] == report["findings"]


# -- the raw bytes of both sides ----------------------------------------------------------------

Facts = Mapping[str, Any]


def of_litellm(known: Facts) -> None:
    assert "metadata" in known["dropped"]["chat@parameters"]
    assert "seed" not in known["dropped"]["chat@parameters"]
    assert known["roles"][0] == "system"
    assert set(TRACED) <= set(known["headers lost"])
    assert known["include_usage false"] is True
    assert known["failures"][LIMITED]["within_ms"] > 2000


def of_vllm_router(known: Facts) -> None:
    assert known["dropped"]["chat@tools"] == ["tools[0].function.strict"]
    assert len(known["added"]["chat"]) >= 10
    assert known["failures"][LIMITED]["within_ms"] < 2000


def of_smg(known: Facts) -> None:
    assert known["afterwards"] == {"posts": 0, "status": 503}
    assert not known["failures"][LIMITED]["retry-after"]
    assert known["failures"][LIMITED]["within_ms"] < 2000


def of_portkey(known: Facts) -> None:
    assert set(TRACED) <= set(known["headers lost"])
    assert known["query lost"]
    assert known["streams"]["chat-stream@cut-after-3"]["ending"] == "complete"


def of_haproxy(known: Facts) -> None:
    assert (known["headers lost"], known["body"], known["cancel"]) == ([], "same bytes", "told")
    assert known["dropped"] == known["added"] == known["refused"] == {}


BYTES: Mapping[str, Callable[[Facts], None]] = {
    "litellm": of_litellm,
    "vllm-router": of_vllm_router,
    "smg": of_smg,
    "portkey": of_portkey,
    "haproxy": of_haproxy,
}
