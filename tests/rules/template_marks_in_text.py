"""template-marks-in-text: the chat template shows."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, ROLE, Row, chunk, completion, plain, stream


def answer(text: str, prompt: str = "Hi") -> Exchange:
    """A plain answer."""
    return plain(completion({"content": text}), {**ASK, "messages": [{"role": "user", "content": prompt}]})


FIRES = ("breaking choices[0].message.content",)

CASES = (
    Row("S12's mechanism: ChatML's end mark is not skipped", answer("Hello."), answer("Hello.<|im_end|>"), FIRES),
    Row(
        "Llama's, streamed in pieces",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hello.<|eot"}), chunk({"content": "_id|>"}), chunk({}, "stop")),
        FIRES,
    ),
    Row("Mistral's next turn", answer("Hello."), answer("Hello.</s><s>[INST] And now? [/INST]"), FIRES),
    Row("benign twin: the prompt contains them", answer("It ends a turn.", "What is <|im_end|>?"), answer("Hello.")),
    Row(
        "benign twin, in the answer",
        answer("A mark.", "What is <|im_end|>?"),
        answer("<|im_end|> is a mark.", "What is <|im_end|>?"),
    ),
    Row("struck through in HTML", answer("<s>old</s> new"), answer("<s>Hi</s> there")),
    Row("the golden's text has them too", answer("Hello.<|im_end|>"), answer("Hi.<|im_end|>")),
)
