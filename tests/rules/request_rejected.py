"""request-rejected: what the golden serves, the candidate refuses."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK, ASK_TOOL, ASK_USAGE, HELLO, Row, completion, plain, stream


def refusal(message: Any, request: Any = ASK, status: int = 400, **error: Any) -> Exchange:
    """A refusal in the API's own envelope."""
    body = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **error}
    return plain({"error": body}, request, status=status)


def named(tool: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": tool}}


LIMITED = {**ASK, "max_tokens": 50}
UNSUPPORTED = "Unsupported parameter: 'max_tokens' is not supported with this model."

_NUMBERS = (
    "top_p", "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "presence_penalty", "frequency_penalty",
    "seed", "top_logprobs",
)  # fmt: skip

CASES = (
    Row(
        "PA01: max_tokens must be max_completion_tokens (anomalyco/opencode 37964)",
        plain(completion(), LIMITED),
        refusal(UNSUPPORTED, LIMITED, param="max_tokens", code="unsupported_parameter"),
        ("breaking request.max_tokens",),
    ),
    Row(
        "PA03: stream_options is an extra input (earendil-works/pi 596)",
        stream(*HELLO, request=ASK_USAGE),
        plain(
            {"error": {"message": "stream_options: Extra inputs are not permitted"}},
            {**ASK_USAGE, "stream": True},
            status=400,
        ),
        ("breaking request",),
    ),
    Row(
        "PA10: FastAPI's own envelope (BerriAI/litellm 30835)",
        plain(completion()),
        plain({"detail": [{"type": "extra_forbidden", "loc": ["body", "messages", 1, "refusal"]}]}, status=422),
        ("breaking request",),
    ),
    Row(
        "TL20: LM Studio takes tool_choice only as a string (earendil-works/pi 4266)",
        plain(completion(), ASK_TOOL),
        refusal("Invalid tool_choice type: 'object'", ASK_TOOL),
        ("breaking request",),
    ),
    Row(
        "a body too large for the proxy",
        plain(completion()),
        plain(b"Payload Too Large", status=413),
        ("breaking request",),
    ),
    Row(
        "a temperature in words, which aimock took (vllm-router 0.1.17)",
        plain(completion(), {**ASK, "temperature": "warm"}),
        refusal('temperature: invalid type: string "warm", expected f32', {**ASK, "temperature": "warm"}, status=422),
        ("risky request",),
    ),
    Row(
        "a tool_choice that names no tool of the request (smg 1.13)",
        plain(completion(), {**ASK_TOOL, "tool_choice": named("no_such_tool")}),
        refusal(
            "__all__: Invalid value for 'tool_choice': function 'no_such_tool' not found in 'tools'.",
            {**ASK_TOOL, "tool_choice": named("no_such_tool")},
        ),
        ("risky request",),
    ),
    *(
        Row(
            f"a text for {name}",
            plain(completion(), {**ASK, name: "7"}),
            refusal("invalid type", {**ASK, name: "7"}, param=name),
            (f"risky request.{name}",),
        )
        for name in _NUMBERS
    ),
    Row(
        "no messages, which optillm 0.4 takes",
        plain(completion(), {"model": "m"}),
        refusal("Missing required parameter: 'messages'", {"model": "m"}, param="messages"),
        ("risky request.messages",),
    ),
    Row(
        "the twin of both: a number, and a tool that is there",
        plain(completion(), {**ASK_TOOL, "tool_choice": named("get_weather"), "temperature": 0.5}),
        refusal("Invalid tool_choice", {**ASK_TOOL, "tool_choice": named("get_weather"), "temperature": 0.5}),
        ("breaking request",),
    ),
    Row(
        "a wrong temperature, and another parameter that is blamed",
        plain(completion(), {**LIMITED, "temperature": "warm"}),
        refusal(UNSUPPORTED, {**LIMITED, "temperature": "warm"}, param="max_tokens"),
        ("breaking request.max_tokens",),
    ),
    Row("PA01, benign twin: the golden refuses it as well", refusal(UNSUPPORTED, LIMITED), refusal("no", LIMITED)),
    Row(
        "a key that is refused is no matter of the request",
        plain(completion()),
        refusal("no", status=401),
        also=("breaking success-lost status",),
    ),
    Row(
        "TL24, benign twin: the route accepts and answers differently",
        plain(completion()),
        plain(completion({"content": "No."})),
    ),
)
