"""reasoning-renamed: the same thoughts under another key."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ROLE, USAGE, Row, chunk, completion, plain, stream


def thinking(*keys: str) -> Exchange:
    """A stream whose reasoning comes under these keys."""
    delta: dict[str, Any] = dict.fromkeys(keys, "Okay")
    return stream(ROLE, chunk(delta), chunk({"content": "Hi"}), chunk({}, "stop"))


def thought(key: str) -> dict[str, Any]:
    """A chunk that thinks, and has no content yet."""
    return chunk({"content": None, key: "Okay"})


BARE = chunk({"content": "Hi", "reasoning_content": None})

THOUGHT = {**USAGE, "completion_tokens_details": {"reasoning_tokens": 2}}

CASES = (
    Row(
        "S11: vLLM 0.16 dropped reasoning_content (vllm-project/vllm 50624)",
        thinking("reasoning_content"),
        thinking("reasoning"),
        ("breaking choices[0].delta.reasoning_content",),
    ),
    Row(
        "a name that no list has",
        thinking("reasoning_content"),
        thinking("model_thoughts"),
        ("breaking choices[0].delta.reasoning_content",),
    ),
    Row(
        "such a name in a plain answer",
        plain(completion({"reasoning_content": "Okay"})),
        plain(completion({"model_thoughts": "Okay"})),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row("another such key beside the known one", thinking("reasoning"), thinking("reasoning", "thinking_note")),
    Row("a name that says nothing of thoughts", thinking("reasoning_content"), thinking("notes")),
    Row(
        "S11 in a plain answer (BerriAI/litellm 26501)",
        plain(completion({"reasoning_content": "Okay"})),
        plain(completion({"reasoning": "Okay", "reasoning_content": None})),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row(
        "S11 where the old key stays, null, on the chunks of the answer",
        stream(ROLE, thought("reasoning_content"), BARE, chunk({}, "stop")),
        stream(ROLE, thought("reasoning"), BARE, chunk({}, "stop")),
        ("breaking choices[0].delta.reasoning_content",),
    ),
    Row(
        "both keys with the same text: not renamed, but mirrored (S56)",
        thinking("reasoning_content"),
        thinking("reasoning_content", "reasoning"),
        (),
        ("risky reasoning-mirrored choices[0].message.reasoning",),
    ),
    Row("B17: reasoning on one run and none on another", thinking("reasoning_content"), thinking()),
    Row(
        "golden samples that show either key",
        [thinking("reasoning_content"), thinking("reasoning")],
        thinking("reasoning"),
    ),
    Row(
        "B17: this time the text is hidden, and its tokens are counted (openrouter-chat-s-59c7321d3e)",
        plain(completion({"reasoning_content": "Okay"}, usage=THOUGHT)),
        plain(completion(usage=THOUGHT)),
    ),
    Row(
        "B17: an adaptive model does not reason this time",
        plain(completion({"reasoning_content": "Okay"}, usage=THOUGHT)),
        plain(completion()),
    ),
    Row(
        "a sentence under a key that says nothing of thoughts",
        thinking("reasoning_content"),
        stream(
            ROLE, chunk({"cot": "I name "}), chunk({"cot": "the lake."}), chunk({"content": "Hi"}), chunk({}, "stop")
        ),
        ("risky choices[0].delta.reasoning_content",),
    ),
    Row(
        "three words are a label",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"note": "One two three"})),
    ),
    Row(
        "the golden has such a key as well",
        plain(completion({"reasoning": "Okay", "note": "What the golden says here"})),
        plain(completion({"note": "Something else is said here"})),
    ),
    Row(
        "in a list, as OpenRouter has it beside its own key",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"reasoning_details": [{"type": "reasoning.text", "text": "Okay"}]})),
        ("breaking choices[0].message.reasoning",),
    ),
    Row(
        "B17: a list of what is sealed this time",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"reasoning_details": [{"type": "reasoning.encrypted", "data": "gAAA", "id": "rs_1"}]})),
    ),
    Row(
        "in an object",
        plain(completion({"reasoning_content": "Okay"})),
        plain(completion({"provider_specific_fields": {"reasoning_content": "Okay"}})),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row(
        "beside the message",
        plain(completion({"reasoning_content": "Okay"})),
        plain({**completion(), "choices": [{**completion()["choices"][0], "reasoning_content": "Okay"}]}),
        ("breaking choices[0].message.reasoning_content",),
    ),
    *(
        Row(
            f"as {key}",
            thinking("reasoning_content"),
            thinking(key),
            ("breaking choices[0].delta.reasoning_content",),
        )
        for key in ("reasoning_text", "thinking")
    ),
    Row(
        "a sentence in a plain answer",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"cot": "I name the lake."})),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "a longer answer",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"content": "One two three four five."})),
    ),
    Row(
        "an answer that refuses",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"refusal": "I can not do that."})),
    ),
    *(
        Row(
            f"in a list, as {key}",
            plain(completion({"reasoning": "Okay"})),
            plain(completion({"reasoning_details": [{"type": "reasoning.text", key: "Okay"}]})),
            ("breaking choices[0].message.reasoning",),
        )
        for key in ("summary", "content")
    ),
)
