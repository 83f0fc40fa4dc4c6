"""template-marks-in-text: the chat template shows."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, ROLE, Row, chunk, completion, plain, stream


def said(text: str, prompt: str = "Hi") -> Exchange:
    """A plain answer."""
    return plain(completion({"content": text}), {**ASK, "messages": [{"role": "user", "content": prompt}]})


FIRES = ("breaking choices[0].message.content",)

CASES = (
    Row("S12's mechanism: ChatML's end mark is not skipped", said("Hello."), said("Hello.<|im_end|>"), FIRES),
    Row(
        "Llama's, streamed in pieces",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hello.<|eot"}), chunk({"content": "_id|>"}), chunk({}, "stop")),
        FIRES,
    ),
    Row("Mistral's next turn", said("Hello."), said("Hello.</s><s>[INST] And now? [/INST]"), FIRES),
    Row("benign twin: the prompt speaks of them", said("It ends a turn.", "What is <|im_end|>?"), said("Hello.")),
    Row(
        "benign twin, in the answer",
        said("A mark.", "What is <|im_end|>?"),
        said("<|im_end|> is a mark.", "What is <|im_end|>?"),
    ),
    Row("struck through in HTML", said("<s>old</s> new"), said("<s>Hi</s> there")),
    Row("the golden's text has them too", said("Hello.<|im_end|>"), said("Hi.<|im_end|>")),
)
