"""The newest run of `make gateways`: what its rules found is what its bytes show, and the page says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests import gateways_page
from tests.gateways_page import became
from tests.real.facts import FAILURES, LIMITED, STREAMS, TRACED
from tests.real.gateways import MATRIX
from tests.real.matrix import FILES, REPEATED, UPGRADES, newest

FOUND = newest()
RAN: Mapping[str, Mapping[str, Any]] = {n: one for n, one in FOUND["gateways"].items() if "facts" in one}
UPGRADED: Mapping[str, Mapping[str, Any]] = {n: one for n, one in FOUND["upgrades"].items() if "facts" in one}
PLAIN, STREAM = "chat", "chat-stream"


def told(one: Mapping[str, Any], rule: str, scenario: str, path: str | None = None) -> bool:
    """Whether a finding of this rule was made there, of whatever severity."""
    return any(
        found["rule"] == rule and scenario in found["scenarios"] and path in (None, found["path"])
        for found in one["findings"]
    )


def grave(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [found for found in one["findings"] if found["severity"] != "info"]


# -- the file and the page ----------------------------------------------------------------------


def test_the_page_says_what_the_file_says() -> None:
    text = gateways_page.PAGE.read_text("utf-8")
    assert text == gateways_page.page(text, FOUND), "run python -m tests.gateways_page"
    assert {found[1] for found in gateways_page.TABLES.findall(text)} == set(gateways_page.tables(FOUND))


def test_the_file_has_the_whole_matrix() -> None:
    assert set(FOUND["gateways"]) == set(MATRIX) == set(RAN)
    assert set(FOUND["upgrades"]) == {f"{old} → {new}" for old, new in UPGRADES} == set(UPGRADED)
    assert (FILES / f"{FOUND['date']}.json").exists()
    assert all(one["crashes"] == 0 for one in (*RAN.values(), *UPGRADED.values()))


@pytest.mark.parametrize("name", ["haproxy", "nginx-unbuffered"])
def test_what_passes_everything_on_is_silent(name: str) -> None:
    assert RAN[name]["grave"] == [0] * REPEATED.get(name, 1)
    assert RAN[name]["facts"]["body"] == "same bytes"


def test_a_version_against_itself_is_silent() -> None:
    same = [name for name, one in UPGRADED.items() if len(set(one["versions"])) == 1]
    assert same
    assert [grave(UPGRADED[name]) for name in same] == [[] for _ in same]


# -- what the bytes show, and what the rules said of it -------------------------------------------

Claim = tuple[str, bool, bool]
"""What it is about, whether the bytes show it, and whether a rule said so."""


def requests(one: Mapping[str, Any]) -> Iterator[Claim]:
    facts = one["facts"]
    for name in TRACED:
        where = "chat@headers"
        yield name, name in facts["headers lost"], told(one, "request-header-lost", where, f"headers.{name}")
    yield "query", facts["query lost"], told(one, "request-query-lost", "chat@query", "query.api-version")
    roles = facts["roles"][:1] not in ([], ["developer"])
    yield "role", roles, told(one, "request-role-changed", "chat@history", "messages[0].role")
    yield "order", facts["body"] != "same bytes", told(one, "request-json-rewritten", PLAIN)
    usage = facts["include_usage false"] is not False
    yield "usage", usage, told(one, "request-stream-changed", "chat-stream@no-usage", "stream_options.include_usage")
    for scenario, paths in facts["dropped"].items():
        for path in paths:
            yield f"{path} dropped", True, changed(one, scenario, path)
    for scenario, paths in facts["added"].items():
        for path in set(paths) - {"stream"}:  # false, which is what it means to leave it out
            yield f"{path} added", True, changed(one, scenario, path)
    for found in one["findings"]:
        if found["rule"] in ("request-field-dropped", "request-field-added"):
            kind = found["rule"].rpartition("-")[2]
            for scenario in set(found["scenarios"]) & (set(facts["dropped"]) | {"chat", "chat@parameters", STREAM}):
                yield f"{found['path']} {kind}", found["path"] in facts[kind].get(scenario, []), True
    for scenario, status in facts["refused"].items():
        if status >= 400:
            yield f"{scenario} refused", True, told(one, "request-not-sent", scenario) or scenario.startswith("error-")


def changed(one: Mapping[str, Any], scenario: str, path: str) -> bool:
    """A rule of the area request said so, of the path or of what it lies in."""
    return any(
        found["rule"].startswith("request-")
        and scenario in found["scenarios"]
        and path.startswith(found["path"] or "-")
        for found in one["findings"]
    )


def failures(one: Mapping[str, Any]) -> Iterator[Claim]:
    facts = one["facts"]
    for scenario in FAILURES:
        yield scenario, facts["failures"][scenario]["posts"] > 1, told(one, "request-retried", scenario)
    limited = facts["failures"][LIMITED]
    lost = limited["status"] == 429 and not limited["retry-after"]  # lm-proxy makes it a 502
    yield "Retry-After", lost, told(one, "retry-after-absent", LIMITED)
    hasty = limited["posts"] > 1 and limited["within_ms"] / (limited["posts"] - 1) < 900
    yield "too soon", hasty, told(one, "retry-after-ignored", LIMITED)
    refused = not facts["afterwards"]["posts"]
    yield "breaker", refused, told(one, "request-not-sent", "chat@afterwards")


def streams(one: Mapping[str, Any]) -> Iterator[Claim]:
    facts = one["facts"]
    for scenario in STREAMS[:3]:
        seen = facts["streams"][scenario]
        yield f"{scenario}: error", seen["error"], told(one, "stream-error", scenario)
        whole = seen["ending"] == "complete" and not seen["error"]
        hidden = whole if scenario != "chat-stream@no-finish" else bool(seen["finish"] or seen["done"])
        yield f"{scenario}: hidden", hidden, told(one, "cut-hidden", scenario)
    late = facts["streams"]["chat-stream@falling-gaps"]["spread_ms"] < 100
    yield "buffered", late, told(one, "stream-buffered", "chat-stream@falling-gaps")
    yield "cancel", facts["cancel"] == "never told", told(one, "cancel-not-passed", "chat-stream@cancel")
    yield "usage", facts["usage chunk"] == "beside a choice", told(one, "usage-place", "chat-stream-usage")


@pytest.mark.parametrize("claims", [requests, failures, streams])
@pytest.mark.parametrize("name", RAN)
def test_rules_and_bytes_agree(name: str, claims: Callable[[Mapping[str, Any]], Iterator[Claim]]) -> None:
    differing = [claim for claim in claims(RAN[name]) if claim[1] != claim[2]]
    assert differing == [], "(about, in the bytes, in the findings)"


def upgrade(one: Mapping[str, Any]) -> Iterator[Claim]:
    """What the new version does and the old did not: the rest is what its users live with already."""
    old, new = one["facts"]["old"], one["facts"]["new"]
    for scenario in (*FAILURES, "chat@afterwards"):
        posts = [side["failures"].get(scenario, side["afterwards"])["posts"] for side in (old, new)]
        yield f"{scenario}: retried", posts[1] > max(1, posts[0]), told(one, "request-retried", scenario)
    for name in TRACED:
        lost = name in new["headers lost"] and name not in old["headers lost"]
        yield name, lost, told(one, "request-header-lost", "chat@headers", f"headers.{name}")
    for kind in ("dropped", "added"):
        for scenario in {*old[kind], *new[kind], "chat@parameters", "chat@tools"}:
            more = set(new[kind].get(scenario, ())) - set(old[kind].get(scenario, ()))
            for path in more:
                yield f"{path} {kind}", True, changed(one, scenario, path)
    usage = new["include_usage false"] != old["include_usage false"]
    yield "usage", usage, told(one, "request-stream-changed", "chat-stream@no-usage", "stream_options.include_usage")
    for scenario in STREAMS[:2]:
        errors = [side["streams"][scenario]["error"] for side in (old, new)]
        yield f"{scenario}: error", errors == [False, True], told(one, "stream-error", scenario)
    for scenario in FAILURES:
        types = [side["failures"][scenario]["error"] for side in (old, new)]
        yield f"{scenario}: type", types[0] != types[1], told(one, "error-type-changed", scenario)


@pytest.mark.parametrize("name", UPGRADED)
def test_rules_and_bytes_agree_on_an_upgrade(name: str) -> None:
    differing = [claim for claim in upgrade(UPGRADED[name]) if claim[1] != claim[2]]
    assert differing == [], "(about, in the bytes, in the findings)"


# -- what was measured by hand before there was a check -------------------------------------------


def facts(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = RAN[name]["facts"]
    return found


LITELLM = [name for name in RAN if name.startswith("litellm")]


@pytest.mark.parametrize("name", LITELLM)
def test_litellm_rewrites_requests_and_asks_three_times(name: str) -> None:
    known = facts(name)
    assert "metadata" in known["dropped"]["chat@parameters"]
    assert known["roles"][0] == "system"
    assert {"idempotency-key", "traceparent", "x-request-id", "x-client-request-id"} <= set(known["headers lost"])
    limited = known["failures"][LIMITED]
    # by hand 7.6 s, with Retry-After: 2
    assert (limited["posts"], limited["status"]) == (3, 429)
    assert 2000 < limited["after_ms"] < 8000


def test_vllm_router_drops_strict_adds_fields_and_asks_five_times() -> None:
    known = facts("vllm-router")
    assert known["dropped"]["chat@tools"] == ["tools[0].function.strict"]
    # eleven were counted by hand; this version adds ten, whatever was asked
    assert len(known["added"]["chat"]) == 10
    assert known["failures"][LIMITED]["posts"] == 5
    assert known["failures"][LIMITED]["within_ms"] < 600


def test_smg_asks_five_times_then_its_breaker_refuses() -> None:
    known = facts("smg")
    assert known["failures"][LIMITED]["posts"] == 5
    assert known["afterwards"] == {"posts": 0, "status": 503}


def test_portkey_asks_once() -> None:
    assert {facts("portkey")["failures"][name]["posts"] for name in FAILURES} == {1}


def test_upgrades_of_litellm() -> None:
    cut = {name: became(facts(name)["streams"]["chat-stream@cut-after-3"]) for name in LITELLM}
    assert cut["litellm-1.74"] == "`stop` and `[DONE]` made up"
    assert cut["litellm"] == "an error event, status 200"
    options = {name: facts(name)["added"].get(STREAM) for name in LITELLM}
    assert (options["litellm-1.74"], options["litellm"]) == (None, ["stream_options"])
    upgraded = UPGRADED["litellm-1.74 → litellm"]
    assert told(upgraded, "request-stream-changed", STREAM, "stream_options")
    assert told(upgraded, "stream-error", "chat-stream@cut-after-3")
