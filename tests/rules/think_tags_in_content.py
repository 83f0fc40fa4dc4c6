"""think-tags-in-content: scratch work that reaches the user."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import ASK, ROLE, Row, chunk, completion, plain, stream

ABOUT_TAGS = {**ASK, "messages": [{"role": "user", "content": "What does <think> mean in DeepSeek's output?"}]}
TAGGED = {**r.ASK, "instructions": "Think between <thinking> tags first."}

ASKING = {**r.ASK, "input": "Think between <thinking> tags first. Hi"}

CASES = (
    Row(
        "S12: the reasoning parser is off (anomalyco/opencode 11439)",
        plain(completion({"content": "Hi", "reasoning_content": "Okay"})),
        plain(completion({"content": "<think>\nOkay\n</think>\n\nHi"})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "S13: the template opens the tag in the prompt, the model only closes it (nbramia/LifeOS 568)",
        stream(ROLE, chunk({"content": "Hi"}), chunk({}, "stop")),
        stream(ROLE, chunk({"content": "Okay\n</th"}), chunk({"content": "ink>\nHi"}), chunk({}, "stop")),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "S12, benign twin: the user asks about the tag",
        plain(completion(), ABOUT_TAGS),
        plain(completion({"content": "<think> opens the reasoning."}), ABOUT_TAGS),
    ),
    Row(
        "S13, benign twin: the golden has balanced tags as well",
        plain(completion({"content": "<think>a</think>Hi"})),
        plain(completion({"content": "<think>b</think>Hi"})),
    ),
    Row(
        "S12: Kimi's marks",
        plain(completion()),
        plain(completion({"content": "◁think▷Okay◁/think▷Hi"})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "S12: Seed's prefix",
        plain(completion()),
        plain(completion({"content": "<seed:think>Okay</seed:think>Hi"})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "code has types, elements and namespaces of such names",
        plain(completion()),
        plain(completion({"content": "List<Thought> a; List<thought> b; <Reasoning>{text}</Reasoning> <m:thought>"})),
    ),
    Row(
        "the instructions ask for the tags",
        r.whole(r.response(), TAGGED),
        r.whole(r.response(r.message("<thinking>a</thinking>Hi")), TAGGED),
    ),
    Row(
        "the input asks for the tags",
        r.whole(r.response(), ASKING),
        r.whole(r.response(r.message("<thinking>a</thinking>Hi")), ASKING),
    ),
    Row(
        "names of channels run into the text (gpt-oss without its special tokens)",
        plain(completion()),
        plain(completion({"content": "analysisOkay.assistantfinalHi"})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "the reasoning keeps its tags",
        plain(completion({"reasoning_content": "Okay"})),
        plain(completion({"reasoning_content": "<think>\nOkay\n</think>"})),
        ("risky choices[0].message.reasoning_content",),
    ),
    Row(
        "a closing tag behind it, streamed",
        stream(ROLE, chunk({"reasoning": "Okay"}), chunk({"content": "Hi"}), chunk({}, "stop")),
        stream(
            ROLE,
            chunk({"reasoning": "Okay</th"}),
            chunk({"reasoning": "ink>"}),
            chunk({"content": "Hi"}),
            chunk({}, "stop"),
        ),
        ("risky choices[0].message.reasoning",),
    ),
    Row(
        "the model thinks about tags",
        plain(completion({"reasoning_content": "Okay"})),
        plain(completion({"reasoning_content": "They mean the <think> tag, I guess."})),
    ),
    Row(
        "in marks of code: an answer explains it",
        plain(completion()),
        plain(completion({"content": 'Models write `<think>` and "</think>" around it.'})),
    ),
)
