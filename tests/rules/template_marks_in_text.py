"""template-marks-in-text: the chat template shows."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules._written import responded, thought, with_arguments
from tests.rules_table import ASK, HELLO, ROLE, Row, chunk, completion, plain, stream


def answer(text: str, prompt: str = "Hi") -> Exchange:
    """A plain answer."""
    return plain(completion({"content": text}), {**ASK, "messages": [{"role": "user", "content": prompt}]})


FIRES = ("breaking choices[0].message.content",)


def heard(text: str) -> Exchange:
    return plain({"text": text}, {"model": "m"}, url="/v1/audio/transcriptions")


CASES = (
    Row("S12's mechanism: ChatML's end mark is not skipped", answer("Hello."), answer("Hello.<|im_end|>"), FIRES),
    Row(
        "Llama's, streamed in pieces",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hello.<|eot"}), chunk({"content": "_id|>"}), chunk({}, "stop")),
        FIRES,
    ),
    Row(
        "a stream that was cut",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hi<|im_end|>"}), done=False),
        also=("breaking stream-unfinished events.finish",),
    ),
    Row("Mistral's next turn", answer("Hello."), answer("Hello.</s><s>[INST] And now? [/INST]"), FIRES),
    Row("benign twin: the prompt contains them", answer("It ends a turn.", "What is <|im_end|>?"), answer("Hello.")),
    Row(
        "benign twin, in the answer",
        answer("A mark.", "What is <|im_end|>?"),
        answer("<|im_end|> is a mark.", "What is <|im_end|>?"),
    ),
    Row("struck through in HTML", answer("<s>old</s> new"), answer("<s>Hi</s> there")),
    Row("struck through at the end", answer("Hello."), answer("It was <s>old</s>")),
    Row("the golden's text has them too", answer("Hello.<|im_end|>"), answer("Hi.<|im_end|>")),
    Row("Whisper's tokens in a transcript", heard("Hi."), heard("<|startoftranscript|><|en|>Hi."), ("breaking text",)),
    Row("a time of Whisper's", heard("Hi."), heard("<|0.00|> Hi.<|2.00|>"), ("breaking text",)),
    Row("times of whisper.cpp", heard("Hi."), heard("[00:00:00.000 --> 00:00:02.000]  Hi."), ("risky text",)),
    Row("the golden's have them", heard("<|en|>Hi."), heard("<|de|>Hallo.")),
    Row("benign twin: noises in brackets", heard("Hi."), heard("[music] Hi. <laughs> a | b")),
    Row("GLM's next turn", answer("Hello."), answer("Hello.<|user|>"), FIRES),
    Row("Gemma 4's channels", answer("Hello."), answer("<|channel>final\nHello.<channel|>"), FIRES),
    Row("Kimi's end", answer("Hello."), answer("Hello.[EOS]"), FIRES),
    Row("the last word in brackets", answer("Hello."), answer("They are [PAD] and [EOS]")),
    Row("a word in brackets", answer("Hello."), answer("[EOS] ends a sentence.")),
    Row("Llama's header without its marks", answer("Hello."), answer("assistant\n\nHello."), FIRES),
    Row("and the next turn", answer("Hello."), answer("Hello.assistant\n\nHello again."), FIRES),
    Row("a word of prose", answer("Hello."), answer("assistant\nprofessor\n\nassistant of two\n\nAssistant\n\n")),
    Row(
        "in the arguments of a call",
        with_arguments("Cairo"),
        with_arguments("Cairo<|im_end|>"),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "in the reasoning",
        thought("Okay"),
        thought("Okay<|im_end|>"),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row("in a response", responded("Hi"), responded("Hi<|eot_id|>"), ("breaking output[0].content[0].text",)),
    Row("in marks of code: an answer explains it", answer("Hello."), answer("Models end with `<|im_end|>` or '</s>'.")),
)
