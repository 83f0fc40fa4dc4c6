"""What a golden exercises: a ✓ of a report, and a JUnit case that passes, say no more than that."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from gate.judge.exercised import exercised
from gate.judge.idle import idle
from gate.judge.pairing import observed
from gate.model import Exchange, ScenarioResult
from gate.reports import formats
from gate.store.report_file import parse
from tests.gallery import gallery
from tests.rules_table import call, called, calling, completion, plain

_ALWAYS = "transport schema"


@cache
def _faithful() -> dict[str, ScenarioResult]:
    return {one.id: one for one in gallery(drifts={}).scenarios}


@pytest.mark.parametrize(
    ("scenario", "areas"),
    [
        ("chat", f"{_ALWAYS} usage params errors"),
        ("chat-stream", f"{_ALWAYS} stream params errors latency"),  # asks for no usage
        ("tool-forced", f"{_ALWAYS} tools usage params errors"),
        ("json-schema", f"{_ALWAYS} structured usage params errors"),
        ("embed", f"{_ALWAYS} usage params embeddings errors"),
        ("models", f"{_ALWAYS} errors"),
        ("error-bad-key", f"{_ALWAYS} errors"),
    ],
)
def test_areas_of_a_golden(scenario: str, areas: str) -> None:
    assert " ".join(_faithful()[scenario].areas) == areas


@pytest.mark.parametrize(
    ("golden", "areas"),
    [
        ([], ""),
        ([plain({"object": "response"}, url="/v1/responses")], f"{_ALWAYS} params responses errors"),
        ([plain({}, {"text": {"format": {"type": "json_object"}}})], f"{_ALWAYS} structured params errors"),
        ([plain({}, {"functions": [{"name": "f"}]})], f"{_ALWAYS} tools params errors"),
        ([plain({"error": {}}, {"tools": [{}]}, status=400)], f"{_ALWAYS} errors"),  # what was refused calls no tool
        ([plain({}), plain({}, {"tools": [{}]})], f"{_ALWAYS} tools params errors"),
    ],
)
def test_areas_of_exchanges(golden: list[Exchange], areas: str) -> None:
    assert " ".join(exercised(observed(golden))) == areas


def test_areas_survive_the_json_report() -> None:
    report = gallery(("minimal",))
    assert [one.areas for one in parse(formats()["json"](report)).scenarios] == [one.areas for one in report.scenarios]


_TOOLS = {"tools": [{"type": "function", "function": {"name": "f"}}]}
_HOSTED = {"tools": [{"type": "web_search_preview"}]}
_JSON = {"response_format": {"type": "json_object"}}
_BACK = {"messages": [{"role": "assistant", "tool_calls": [{"id": "call_1"}]}, {"role": "tool"}]}


_SEALED = {"include": ["reasoning.encrypted_content"]}


def responds(request: dict[str, Any], *items: dict[str, Any]) -> Exchange:
    """A response with these output items."""
    return plain({"object": "response", "output": list(items)}, request, url="/v1/responses")


def completes(text: str, request: dict[str, Any]) -> Exchange:
    """A legacy completion."""
    return plain({"object": "text_completion", "choices": [{"index": 0, "text": text}]}, request, url="/v1/completions")


def heard(body: dict[str, Any] | bytes) -> Exchange:
    """A transcript."""
    return plain(body, {"model": "m"}, url="/v1/audio/transcriptions")


def counted(words: int, tokens: int | None) -> Exchange:
    """The answer to so many words, and how many tokens their route counts."""
    usage = None if tokens is None else {"prompt_tokens": tokens}
    return plain(completion(usage=usage), {"messages": [{"role": "user", "content": "word " * words}]})


@pytest.mark.parametrize(
    ("golden", "why"),
    [
        ([], ""),
        ([plain(completion())], ""),
        ([plain(completion(), _TOOLS)] * 2, "it offers tools, and no answer calls one"),
        ([plain(completion(), _TOOLS), called(call())], ""),  # one sample of two called
        ([plain(completion(), {**_TOOLS, "tool_choice": "none"})], ""),
        ([plain(completion(), _HOSTED)], ""),  # the provider's own tools leave no call for a client
        ([plain(completion(), {**_TOOLS, **_BACK})], ""),  # prose is what follows a result
        ([plain({"error": {}}, _TOOLS, status=400)], ""),  # an error was planned
        ([plain(completion({"content": "Paris"}), _JSON)], "it asks for JSON, and no answer is JSON"),
        ([plain(completion({"content": '{"a": 1}'}), _JSON)], ""),
        ([plain(completion({"content": '{"a": 1}'}), {**_TOOLS, **_JSON})], ""),  # of both, JSON
        ([plain(completion({"content": None, "tool_calls": [call()]}), {**_TOOLS, **_JSON})], ""),  # of both, a call
        ([plain(completion({"content": "Paris"}), {**_TOOLS, **_JSON})], "it offers tools, and no answer calls one"),
        (
            [plain(completion({"content": "Paris"}), {**_TOOLS, **_JSON, "tool_choice": "none"})],
            "it asks for JSON, and no answer is JSON",
        ),
        ([plain(completion(), {"stream": True})], "it asks for a stream, and every answer comes in one piece"),
        ([calling(call(index=0))], ""),
        ([responds(_HOSTED)], "it offers a tool of the provider, and no answer runs it"),
        ([responds(_HOSTED, {"type": "web_search_call", "status": "completed"})], ""),
        ([responds({**_HOSTED, "tool_choice": "none"})], ""),
        (
            [responds({"tools": [*_HOSTED["tools"], {"type": "function", "name": "f"}]})],
            "it offers tools, and no answer calls one",
        ),
        ([responds(_SEALED)], "it asks for encrypted reasoning, and no answer has any"),
        ([responds(_SEALED, {"type": "reasoning", "summary": [], "encrypted_content": "gAAA"})], ""),
        (
            [responds({"include": ["message.output_text.logprobs"]})],
            "it asks for log probabilities, and no answer has any",
        ),
        ([plain(completion(), {"logprobs": True})], "it asks for log probabilities, and no answer has any"),
        (
            [completes("And more.", {"echo": True, "prompt": "The capital"})],
            "it asks for its prompt, and no answer begins with it",
        ),
        ([completes("The capital is", {"echo": True, "prompt": "The capital"})], ""),
        ([completes("Paris", {"prompt": [464, 3139, 286]})], ""),  # one prompt, as tokens
        ([completes("Paris", {"prompt": ["France", "Japan"]})], "it sends several prompts, and every answer is to one"),
        ([heard({"text": ""})], "it sends speech, and every transcript is empty"),
        ([heard({"text": ""}), heard({"text": "One."})], ""),
        ([heard(b"1\n00:00:00,000 --> 00:00:01,000\nOne.\n")], ""),  # subtitles
        ([heard(b"")], "it sends speech, and every transcript is empty"),
        ([counted(1001, 1000)], "it sends a long prompt, and usage counts less of it"),
        ([counted(1001, 1001)], ""),
        ([counted(1000, 900)], ""),
        ([counted(1001, None)], ""),
    ],
)
def test_a_golden_that_exercises_nothing_of_what_it_asks_for(golden: list[Exchange], why: str) -> None:
    assert idle(observed(golden)) == why
