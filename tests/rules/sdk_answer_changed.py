"""sdk-answer-changed: another value out of the same bytes."""

from __future__ import annotations

from tests.rules_table import Row, completion, plain, raises, seen

REASONED = seen(values={"text": ["4"], "reasoning": ["2 and 2 is 4"]})
WORDLESS = seen(values={"text": ["4"], "reasoning": [""]})

CASES = (
    Row("LiteLLM 1.61.16 loses streamed reasoning (BerriAI/litellm#8939)", REASONED, WORDLESS, ("breaking reasoning",)),
    Row(
        "the AI SDK makes the finish reason an object (vercel/ai#10817)",
        seen(values={"finish_reason": "stop"}),
        seen(values={"finish_reason": {"unified": "stop", "raw": "stop"}}),
        ("breaking finish_reason",),
    ),
    Row(
        "arguments are parsed by the SDK",
        seen(values={"tool_calls": [{"id": "c", "name": "f", "arguments": "{}"}]}),
        seen(values={"tool_calls": [{"id": "c", "name": "f", "arguments": {}}]}),
        ("breaking tool_calls",),
    ),
    Row(
        "only one of two ways of calling",
        seen("create", "async", values={"text": ["a"]}),
        (seen("create", values={"text": ["a"]}, more=seen("async", values={"text": []}))),
        ("breaking async.text",),
    ),
    Row("logprobs are read by few", seen(values={"logprobs": 8}), seen(values={"logprobs": 0}), ("risky logprobs",)),
    Row(
        "the AI SDK 7 no longer counts cached tokens where 6 did",
        seen(values={"usage": {"inputTokens": 4, "cachedInputTokens": 1}}),
        seen(values={"usage": {"inputTokens": 4, "raw": {"cached_tokens": 1}}}),
        ("breaking usage.cachedInputTokens", "info usage.raw"),
    ),
    Row(
        "LangChain 1.0 gives blocks of text an id, and loses nothing",
        seen(values={"content": [[{"type": "text", "text": "Hi"}]]}),
        seen(values={"content": [[{"type": "text", "text": "Hi", "id": "msg_1"}]]}),
        ("info content",),
    ),
    Row(
        "LangChain 1.0 puts calls into the content",
        seen(values={"content": [[]]}),
        seen(values={"content": [[{"type": "function_call"}]]}),
        ("breaking content",),
    ),
    Row(
        "one of two blocks is gone",
        seen(values={"content": [{"text": "Hi"}, {"text": "you"}]}),
        seen(values={"content": [{"text": "Hi"}]}),
        ("breaking content",),
    ),
    Row(
        "a key has another name",
        seen(values={"content": [{"text": "Hi"}]}),
        seen(values={"content": [{"texts": "Hi"}]}),
        ("breaking content",),
    ),
    Row("reasoning is read now", seen(values={"text": ["4"]}), REASONED, ("info reasoning",)),
    Row("the same values", REASONED, REASONED),
    Row("no SDK was run", plain(completion()), REASONED),
    Row("another outcome is told as that", REASONED, raises("openai.APIError"), (), ("breaking sdk-raises error",)),
    *(
        Row(f"{name} is read by few", seen(values={name: 1}), seen(values={name: 2}), (f"risky {name}",))
        for name in ("id", "model", "created")
    ),
)
