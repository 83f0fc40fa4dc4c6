"""`gate sdk` with real versions from the registries: red where an upgrade broke people, green where nothing did.

What fixed bytes can't show, and is in no row, is listed in docs/sdks.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.real.sdks import judged, told

pytestmark = pytest.mark.slow
needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="there is no Node.js here")


# -- nothing changed ----------------------------------------------------------------------------

SAME = (
    "openai==2.54.0",
    "openai==3.57.0",
    "langchain-openai==1.7.4",
    "litellm==1.110.2",
    "openai-agents==0.24.0",
    "pydantic-ai-slim==2.68.0",
    "npm:openai@6.49.0",
    "npm:ai@6.0.326",
    "npm:@ai-sdk/openai@2.0.0",
    "npm:@langchain/openai@1.6.0",
)


@needs_node
@pytest.mark.parametrize("version", SAME)
def test_a_version_against_itself_is_silent(version: str) -> None:
    report = judged(version, version)
    assert [f"{f.rule} {f.scenario} {f.path}" for f in report.findings] == []
    assert {result.status for result in report.scenarios} == {"pass"}


# -- what broke people --------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """An upgrade that broke its users: what must be told, of which goldens."""

    why: str
    before: str
    after: str
    scenarios: tuple[str, ...]
    told: Mapping[str, set[str]]
    faults: bool = True
    node: str | None = None
    unbroken: str = ""  # a version that upgrades from `before` without harm
    more: bool = field(default=False)  # whether other rules tell more


BROKEN = (
    Broken(
        "a cut stream raises the SDK's own exception, not the HTTP client's (openai/openai-python#3811)",
        "openai==2.54.0",
        "openai==3.57.0",
        ("chat-stream", "error-bad-key"),
        {
            "sdk-exception-changed": {
                "chat-stream!cut-after-3 error.class",
                "chat-stream!reset-after-3 error.class",
                "chat-stream!stall-after-3 error.class",
                "error-bad-key error.code",
            }
        },
        unbroken="openai==2.53.0",
        more=True,
    ),
    Broken(
        "a 429 with Retry-After: 70 is waited for: one request where three were (openai/openai-python#3555)",
        "openai==2.30.0",
        "openai==2.54.0",
        ("chat",),
        {
            "sdk-retries-changed": {f"chat!status-429+retry-after-{long} requests" for long in (70, 86400)},
            "sdk-hangs": {"chat!status-429+retry-after-70 end"},
        },
        unbroken="openai==2.31.0",
    ),
    Broken(
        "httpx 0.28 takes no `proxies` any more: openai before 1.55.3 does not start with it (openai/openai-python#1903)",
        "openai==1.54.0 httpx==0.27.2",
        "openai==1.54.0 httpx==0.28.0",
        ("chat",),
        {"sdk-unusable": {"chat start"}},
        faults=False,
        unbroken="openai==1.66.3 httpx==0.27.2",
    ),
    Broken(
        "openai 1.99.2 makes a class a union, and the Agents SDK calls it (openai/openai-agents-python#1417, #1395)",
        "openai-agents==0.2.4 openai==1.99.1",
        "openai-agents==0.2.4 openai==1.99.2",
        ("chat", "tool-roundtrip"),
        {"sdk-raises": {"tool-roundtrip error"}, "sdk-retries-changed": {"tool-roundtrip requests"}},
        faults=False,
        unbroken="openai-agents==0.2.4 openai==1.99.0",
    ),
    Broken(
        "openai 2.45 wants a field more in the counts that the Agents SDK makes (openai/openai-agents-python#3772)",
        "openai-agents==0.17.8 openai==2.44.0",
        "openai-agents==0.17.8 openai==2.45.0",
        ("chat", "chat-stream"),
        {
            "sdk-raises": {"chat error", "chat-stream error"},
            "sdk-retries-changed": {"chat requests", "chat-stream requests"},
        },
        faults=False,
        unbroken="openai-agents==0.17.8 openai==2.43.0",
    ),
    Broken(
        "openai 1.99.2 forgets `output_text` of a response, which 1.99.3 has again",
        "openai==1.99.1",
        "openai==1.99.2",
        ("responses", "responses-stream"),
        {"sdk-raises": {"responses error", "responses-stream stream+async.error"}},
        faults=False,
        unbroken="openai==1.99.3",
    ),
    Broken(
        "LiteLLM 1.61.16 loses streamed reasoning (BerriAI/litellm#8939)",
        "litellm==1.61.15 openai==1.61.1",
        "litellm==1.61.16 openai==1.61.1",
        ("thinking-stream", "chat-stream"),
        {"sdk-answer-changed": {"thinking-stream reasoning"}},
        faults=False,
        unbroken="litellm==1.61.13 openai==1.61.1",
    ),
    Broken(
        "LangChain 1.7 wraps what ends a stream in exceptions of its own",
        "langchain-openai==1.0.3",
        "langchain-openai==1.7.4",
        ("chat-stream",),
        {
            "sdk-exception-changed": {
                "chat-stream!cut-after-3 error.class",
                "chat-stream!reset-after-3 error.class",
                "chat-stream!stall-after-3 error.class",
            }
        },
        unbroken="langchain-openai==1.0.2",
    ),
    Broken(
        "LangChain 1.0 puts the calls of the Responses API into the content, which was empty with 0.3",
        "langchain-openai==0.3.35",
        "langchain-openai==1.0.3",
        ("responses", "responses-tool"),
        {"sdk-answer-changed": {"responses-tool content"}},
        faults=False,
    ),
    Broken(
        "Pydantic AI 2 wraps what an event of a stream says, or breaks, in exceptions of its own",
        "pydantic-ai-slim==1.107.10",
        "pydantic-ai-slim==2.68.0",
        ("chat-stream",),
        {
            "sdk-exception-changed": {
                "chat-stream!empty-events error.class",
                "chat-stream!error-in-stream error.class",
            }
        },
        unbroken="pydantic-ai-slim==1.107.9",
    ),
    Broken(
        "the AI SDK 6 raises where a stream ends without a finish reason, or by an error, which 5 took for an answer",
        "npm:ai@5.0.277",
        "npm:ai@6.0.326",
        ("chat-stream",),
        {
            "sdk-raises": {
                f"chat-stream!{fault} error" for fault in ("error-in-stream", "html-200", "no-events", "no-finish")
            }
        },
        unbroken="npm:ai@5.0.210",
    ),
    Broken(
        "the AI SDK 6 asks for `strict` where 5 left it out: servers that don't know it refuse",
        "npm:ai@5.0.277",
        "npm:ai@6.0.326",
        ("json-schema",),
        {"sdk-request-changed": {"json-schema parse.request.response_format"}},
        faults=False,
        more=True,
    ),
    Broken(
        "the AI SDK 7 no longer counts cached and reasoning tokens where 5 and 6 did",
        "npm:ai@6.0.326",
        "npm:ai@7.0.173",
        ("chat",),
        {"sdk-answer-changed": {"chat usage.cachedInputTokens", "chat usage.reasoningTokens"}},
        faults=False,
        node="22",
    ),
    Broken(
        "@ai-sdk/openai 2 calls /responses by default, where 1 called /chat/completions (vercel/ai#6925)",
        "npm:@ai-sdk/openai@1.3.24",
        "npm:@ai-sdk/openai@2.0.0",
        ("chat",),
        {"sdk-request-changed": {"chat request.path"}},
        faults=False,
        unbroken="npm:@ai-sdk/openai@1.3.23",
        more=True,
    ),
    Broken(
        "openai-node 6 waits for a Retry-After of 70 s, or a day, which it passed over up to 6.10 (openai/openai-node#1840)",
        "npm:openai@4.91.0",
        "npm:openai@6.49.0",
        ("chat",),
        {
            "sdk-retries-changed": {f"chat!status-429+retry-after-{long} requests" for long in (70, 86400)},
            "sdk-hangs": {f"chat!status-429+retry-after-{long} end" for long in (70, 86400)},
        },
        unbroken="npm:openai@6.10.0",
    ),
    Broken(
        "openai-node 7 sends a 429 with Retry-After: 70 again, which 6 waits for (openai/openai-node#1840)",
        "npm:openai@6.49.0",
        "npm:openai@7.59.0",
        ("chat",),
        {"sdk-retries-changed": {f"chat!status-429+retry-after-{long} requests" for long in (70, 86400)}},
        unbroken="npm:openai@6.48.0",
    ),
    Broken(
        "@langchain/openai 0.6 asks for base64 and reads a list of numbers as such: vectors of a quarter of their width",
        "npm:@langchain/openai@0.6.17",
        "npm:@langchain/openai@1.6.0",
        ("embed-batch",),
        {"sdk-answer-changed": {"embed-batch vectors"}},
        faults=False,
        unbroken="npm:@langchain/openai@0.6.16",
    ),
)


@needs_node
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.before} to {case.after}")
def test_what_broke_people_is_told(case: Broken) -> None:
    found = told(judged(case.before, case.after, case.scenarios, case.faults, case.node))
    if case.more:
        assert {rule: found.get(rule, set()) & paths for rule, paths in case.told.items()} == case.told
    else:
        assert found == case.told


@needs_node
@pytest.mark.parametrize(
    "case", [case for case in BROKEN if case.unbroken], ids=lambda case: f"{case.before} to {case.unbroken}"
)
def test_what_broke_nobody_is_silent(case: Broken) -> None:
    assert told(judged(case.before, case.unbroken, case.scenarios, case.faults, case.node)) == {}


def test_a_version_that_does_not_exist_is_one_finding() -> None:
    report = judged("openai==2.54.0", "openai==99.0.0")
    assert set(told(report)) == {"sdk-unusable"}
    assert {finding.candidate.partition(":")[0] for finding in report.findings} == {"openai==99.0.0 does not install"}
