"""reasoning-repeats-answer: the text once more as reasoning."""

from __future__ import annotations

from tests.rules import _bodies as b
from tests.rules._written import thought
from tests.rules_table import ASK_TOOL, ROLE, Row, call, called, chunk, completion, plain, rewritten, stream

PLAIN = thought("", "It is the Danube.")
MIRRORED = thought("It is the Danube.", "It is the Danube.")

CASES = (
    Row(
        "waybarrios/vllm-mlx 310: no thoughts, and the text in both",
        PLAIN,
        MIRRORED,
        ("risky choices[0].message.reasoning_content",),
    ),
    Row(
        "in a stream, under the other key",
        stream(ROLE, chunk({"reasoning": "Hm."}), chunk({"content": "Hi all."}), chunk({}, "stop")),
        stream(ROLE, chunk({"reasoning": "Hi all."}), chunk({"content": "Hi all."}), chunk({}, "stop")),
        ("risky choices[0].message.reasoning",),
    ),
    Row("the golden mirrors too", MIRRORED, MIRRORED),
    Row("reasoning of its own", PLAIN, thought("The user asks for a river.", "It is the Danube.")),
    Row("an empty answer", PLAIN, thought("", "It is the Rhine.")),
    Row(
        "the arguments of a call",
        called(call(), request=ASK_TOOL),
        called(call(), request=ASK_TOOL, reasoning='{"city": "Paris"}'),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "a refusal",
        plain(completion({"content": None, "refusal": "No, I will not."})),
        plain(completion({"content": None, "refusal": "No, I will not.", "reasoning": "No, I will not."})),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "benign twin: thoughts about a call",
        called(call(), request=ASK_TOOL),
        called(call(), request=ASK_TOOL, reasoning="The city is Paris."),
    ),
    Row(
        "the input of a custom tool",
        b.ran("ls -l"),
        rewritten(b.ran("ls -l"), b'"role": "assistant"', b'"role": "assistant", "reasoning": "ls -l"'),
        ("risky choices[0].message.reasoning",),
    ),
)
