"""finish-reason-changed: words from outside the vocabulary, and tool calls that stop denies."""

from __future__ import annotations

from tests.rules._responses import response, whole
from tests.rules_table import ASK, ASK_TOOL, HELLO, Row, call, chunk, completion, plain, stream

CUT = {"reason": "max_output_tokens"}
CALLED = {"content": None, "tool_calls": [call()]}
NAMED = {**ASK_TOOL, "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
LEGACY = {"content": None, "function_call": {"name": "get_weather", "arguments": "{}"}}

CHOICE = completion()["choices"][0]

CASES = (
    Row(
        "TL16: the server hard-codes stop (openvinotoolkit/model_server 3927)",
        plain(completion(CALLED, "tool_calls"), ASK_TOOL),
        plain(completion(CALLED, "stop"), ASK_TOOL),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "a filter's word beside a whole call",
        plain(completion(CALLED, "tool_calls"), ASK_TOOL),
        plain(completion(CALLED, "content_filter"), ASK_TOOL),
        ("risky choices[0].finish_reason",),
    ),
    Row(
        "S15: Anthropic's own value passes through the gateway",
        plain(completion()),
        plain(completion(finish="end_turn")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "S15: OpenRouter streamed end_turn (2 of 277 streams)",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({}, "end_turn")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "issue 3: the empty string in place of null, on which loops stop that test for null",
        stream(*HELLO),
        stream(chunk({"role": "assistant", "content": "Hi"}, ""), chunk({}, "stop")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "a value of another vocabulary before the right one",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({}, "STOP"), chunk({}, "stop")),
        ("breaking choices[0].finish_reason",),
        also=("breaking finish-reason-conflict choices[0].finish_reason",),
    ),
    Row(
        "TL16, benign twin: a named tool_choice ends with stop at OpenAI too",
        plain(completion(CALLED, "tool_calls"), NAMED),
        plain(completion(CALLED, "stop"), NAMED),
    ),
    Row(
        "S15, benign twin: native_finish_reason beside a normalised one",
        stream(chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop")),
        stream(chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop", native_finish_reason="STOP")),
    ),
    Row(
        "B25: length where the golden stopped, at the limit that was asked for",
        plain(completion(), {**ASK, "max_tokens": 3}),
        plain(completion(finish="length"), {**ASK, "max_tokens": 3}),
    ),
    Row(
        "a status of the Responses API is not a finish_reason",
        whole(response(), {**ASK, "max_output_tokens": 3}),
        whole(response(status="incomplete", incomplete_details=CUT), {**ASK, "max_output_tokens": 3}),
    ),
    Row("the golden says it too", plain(completion(finish="eos")), plain(completion(finish="eos"))),
    Row(
        "TL16 where another golden sample answered with text",
        [plain(completion(CALLED, "tool_calls"), AUTO), plain(completion(), AUTO)],
        plain(completion(CALLED, "stop"), AUTO),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "TL16, more general: finish_reason function_call with tool_calls",
        plain(completion(CALLED, "tool_calls"), ASK_TOOL),
        plain(completion(CALLED, "function_call"), ASK_TOOL),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "TL16 the other way round",
        plain(completion(LEGACY, "function_call"), AUTO),
        plain(completion(LEGACY, "tool_calls"), AUTO),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "stop for text, tool_calls for calls",
        [plain(completion(CALLED, "tool_calls"), AUTO), plain(completion(), AUTO)],
        [plain(completion(), AUTO), plain(completion(CALLED, "tool_calls"), AUTO)],
    ),
    *(
        Row(
            f"{why}, as finish-reason-missing says",
            plain(completion()),
            plain(completion(choices=[{k: v for k, v in {**CHOICE, "finish_reason": None}.items() if k != gone}])),
            also=("breaking finish-reason-missing choices[0].finish_reason",),
        )
        for why, gone in (("null", ""), ("absent", "finish_reason"))
    ),
)
