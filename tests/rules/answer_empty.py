"""answer-empty: nothing where the golden says something."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK_TOOL, HELLO, ROLE, Row, call, chunk, completion, plain, stream

CUSTOM = {**r.ASK, "tools": [{"type": "custom", "name": "e"}]}


def heard(text: str) -> Exchange:
    return plain({"text": text}, {"model": "m"}, url="/v1/audio/transcriptions")


def listened(text: str) -> Exchange:
    done = {"type": "transcript.text.done", "text": text}
    return stream({"type": "transcript.text.delta", "delta": text}, done, request={"model": "m"}, done=False, url=HEARD)


HEARD = "/v1/audio/transcriptions"

CASES = (
    Row(
        "S09: the budget is eaten by reasoning (xorbitsai/xagent 626)",
        plain(completion({"content": "Yes"})),
        plain(completion({"content": "", "reasoning_content": "Okay, the user"}, "length")),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "S09 in a stream: reasoning until the end",
        stream(*HELLO),
        stream(ROLE, chunk({"reasoning_content": "Okay"}), chunk({}, "length")),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "RS10: the response has no output at all (vllm-project/vllm 24184)",
        r.whole(r.response()),
        r.whole({**r.response(), "output": []}),
        ("breaking output",),
    ),
    Row(
        "S09, benign twin: a shorter text that its limit cut",
        plain(completion({"content": "Yes, because"}, "length")),
        plain(completion({"content": "Yes"}, "length")),
    ),
    Row(
        "an emoji newer than Python's Unicode",
        plain(completion({"content": "ok"})),
        plain(completion({"content": "\U0001fae9"})),
    ),
    Row(
        "a tool call instead of text is the model's choice",
        plain(completion(), {**ASK_TOOL, "tool_choice": "auto"}),
        plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), {**ASK_TOOL, "tool_choice": "auto"}),
    ),
    Row(
        "a refusal says something",
        plain(completion()),
        plain(completion({"content": None, "refusal": "I can't help with that."})),
    ),
    Row(
        "a golden sample that is empty as well",
        [plain(completion()), plain(completion({"content": ""}))],
        plain(completion({"content": ""})),
    ),
    Row(
        "a stream that broke off is told by the rules of the stream",
        stream(*HELLO),
        stream(ROLE, done=False),
        also=("breaking stream-unfinished events.finish",),
    ),
    Row(
        "S09 where the golden called a tool: neither text nor call",
        plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), {**ASK_TOOL, "tool_choice": "auto"}),
        plain(completion({"content": None}), {**ASK_TOOL, "tool_choice": "auto"}),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "a text instead of a tool call is the model's choice",
        plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), {**ASK_TOOL, "tool_choice": "auto"}),
        plain(completion({"content": "Which city?"}), {**ASK_TOOL, "tool_choice": "auto"}),
    ),
    Row(
        "all that is left is a zero-width blank",
        plain(completion({"content": "Yes"})),
        plain(completion({"content": "\u200b"})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "an item that the client acts on says something",
        r.whole(r.response(), CUSTOM),
        r.whole(r.response({"type": "custom_tool_call", "id": "c", "call_id": "d", "name": "e", "input": "f"}), CUSTOM),
    ),
    Row(
        "an image beside an empty content",
        plain(completion()),
        plain(completion({"content": "", "images": [{"type": "image_url", "image_url": {"url": "data:"}}]})),
    ),
    Row(
        "a mark between joined signs is part of a text", plain(completion()), plain(completion({"content": "a\u200d"}))
    ),
    *(
        Row(
            f"all that is left is {name} between zero-width blanks",
            plain(completion({"content": "Yes"})),
            plain(completion({"content": f"\u200b{sign}\u200b"})),
            ("breaking choices[0].message.content",),
        )
        for name, sign in (("a blank", " "), ("a control", "\x07"), ("a line separator", "\u2028"))
    ),
    Row(
        "sound beside an empty content",
        plain(completion()),
        plain(
            completion({"content": None, "audio": {"id": "audio_1", "data": "", "expires_at": 1, "transcript": "Hi."}})
        ),
    ),
    *(
        Row(
            f"a finish of {finish} without a call announces one",
            plain(
                completion({"content": None, "tool_calls": [call()]}, "tool_calls"), {**ASK_TOOL, "tool_choice": "auto"}
            ),
            plain(completion({"content": None}, finish), {**ASK_TOOL, "tool_choice": "auto"}),
            also=("breaking tool-call-announced choices[0].message.tool_calls",),
        )
        for finish in ("tool_calls", "function_call")
    ),
    Row("S09: a transcript of nothing", heard("Hello."), heard(" "), ("breaking text",)),
    Row("S09: streamed", listened("Hello."), listened(""), ("breaking text",)),
    Row("as subtitles", heard("Hello."), heard("Hallo.")),
    Row("a golden sample hears nothing", [heard("Hello."), heard("")], heard("")),
)
