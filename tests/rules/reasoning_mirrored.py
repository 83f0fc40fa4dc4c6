"""reasoning-mirrored: the same thoughts under two keys."""

from __future__ import annotations

from typing import Any

from tests.rules._responses import message, response, whole
from tests.rules_table import ROLE, Row, chunk, completion, plain, stream


def thinking(*keys: str) -> Any:
    """A stream whose reasoning comes under these keys."""
    deltas = (dict.fromkeys(keys, text) for text in ("Ok", "ay."))
    return stream(ROLE, *map(chunk, deltas), chunk({"content": "Hi"}), chunk({}, "stop"))


def item(**parts: str) -> Any:
    texts = {"content": "reasoning_text", "summary": "summary_text"}
    held = {key: [{"type": texts[key], "text": text}] for key, text in parts.items()}
    return whole(response({"type": "reasoning", "id": "rs_1", "summary": [], **held}, message()))


CASES = (
    Row(
        "MoonshotAI/kimi-code 3928: StepFun mirrors each delta",
        thinking("reasoning_content"),
        thinking("reasoning_content", "reasoning"),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "in a plain answer",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"reasoning": "Okay", "reasoning_content": "Okay"})),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "fawney19/Aether 835: a response with the raw thoughts as their summary",
        item(content="Okay, then."),
        item(content="Okay, then.", summary="Okay, then."),
        ("risky output[0].summary[0].text",),
    ),
    Row(
        "the golden mirrors too", thinking("reasoning_content", "reasoning"), thinking("reasoning", "reasoning_content")
    ),
    Row("a summary of its own", item(content="Okay, then."), item(content="Okay, then.", summary="Agreed.")),
    Row("the golden shows no reasoning", thinking(), thinking("reasoning_content", "reasoning")),
    Row(
        "null beside it",
        plain(completion({"reasoning": "Okay"})),
        plain(completion({"reasoning": "Okay", "reasoning_content": None})),
    ),
    Row(
        "a few words that begin alike",
        plain(completion({"reasoning": "Okay, a river."})),
        plain(completion({"reasoning": "Okay, a river.", "thinking": "Okay, a rive"})),
    ),
    Row(
        "each delta but the last, of a longer text",
        plain(completion({"reasoning": "Okay, a river."})),
        plain(completion({"reasoning": "Okay, a river.", "thinking": "Okay, a river"})),
        ("risky choices[0].message.thinking",),
    ),
    Row(
        "the thoughts stand in front of the answer as well",
        plain(completion({"reasoning": "Okay, a rive.", "content": "The Rhine."})),
        plain(completion({"reasoning": "Okay, a rive.", "content": "Okay, a rive. The Rhine."})),
        ("risky choices[0].message.content",),
    ),
    Row(
        "benign twin: a short thought, and the answer begins with it",
        plain(completion({"reasoning": "Okay, a lot.", "content": "The Rhine."})),
        plain(completion({"reasoning": "Okay, a lot.", "content": "Okay, a lot. The Rhine."})),
    ),
)
