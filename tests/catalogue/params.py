"""Area params: requests that are refused, and parameters that are accepted and ignored."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, twin
from tests.catalogue.exchanges import ASK, ASK_USAGE, CLOCK, STOCK, answer, choice, counted, said, told
from tests.rules._responses import URL, response
from tests.rules_table import plain, stream


def asked(**more: Any) -> dict[str, Any]:
    """A request with more in it."""
    return {**ASK, **more}


def served(**more: Any) -> Exchange:
    """A request with more in it, that is answered."""
    return told(ask=asked(**more)) if more.get("stream_options") else answer(ask=asked(**more))


def refused(status: int = 400, body: Any = None, /, message: str = "No.", **more: Any) -> Exchange:
    """The same request, refused."""
    error = {
        "error": {"message": message, "type": "invalid_request_error", "param": next(iter(more), None), "code": None}
    }
    request = asked(**more, **({"stream": True} if more.get("stream_options") else {}))
    return plain(error if body is None else body, request, status=status)


def both(id: str, **more: Any) -> Case:
    """The twin of every refusal: the golden refuses it too."""
    return twin(id, "refused by both", refused(message="No.", **more), refused(message="Not allowed.", **more))


def turn(*history: dict[str, Any]) -> dict[str, Any]:
    """The second turn of a request."""
    return {"messages": [*ASK["messages"], *history]}


def long(tokens: int, finish: str = "stop", **more: Any) -> Exchange:
    """An answer of so many tokens."""
    usage = {"prompt_tokens": 23, "completion_tokens": tokens, "total_tokens": 23 + tokens}
    return answer(choice("word " * tokens, finish=finish), ask=asked(**more), usage=usage)


CALL = {"id": "call_1", "type": "function", "function": {"name": "get_stock", "arguments": '{"sku":"A-17"}'}}
TOOLED = (
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "4"},
)
EMPTY = ({"role": "assistant", "content": "", "tool_calls": [CALL]}, TOOLED[1])
ECHOED = ({"role": "assistant", "content": "Hi", "reasoning_content": "Hm", "refusal": None, "tool_calls": None},)
PARTS = (TOOLED[0], {**TOOLED[1], "content": [{"type": "text", "text": "4"}]})
DEVELOPER: dict[str, Any] = {
    "messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
}
TWICE: dict[str, Any] = {"messages": [{"role": "user", "content": "A"}, {"role": "user", "content": "B"}]}
STOPS: dict[str, Any] = {"stop": ["a", "b", "c", "d", "e", "f"]}
DOTTED: dict[str, Any] = {
    "tools": [{"type": "function", "function": {"name": "fs.read", "parameters": {"type": "object", "properties": {}}}}]
}
INCLUDE: dict[str, Any] = {"stream_options": {"include_usage": True}}
FORBIDDEN = {"detail": [{"type": "extra_forbidden", "loc": ["body", "messages", 1, "assistant", "reasoning_content"]}]}
ASK_R = {"model": "m", "input": "Count.", "max_output_tokens": 16}

CASES: tuple[Case, ...] = (
    breaking("PA01", "unsupported", served(max_tokens=50), refused(message="Unsupported parameter: 'max_tokens'", max_tokens=50)),
    both("PA01", max_tokens=50),
    breaking("PA02", "plain", long(8, "length", max_completion_tokens=8), long(136, max_completion_tokens=8)),
    breaking("PA02", "streamed", *(stream(*said(finish=f), counted(completion_tokens=n, total_tokens=23 + n), request={**ASK_USAGE, "max_tokens": 8}) for f, n in (("length", 8), ("stop", 90)))),
    breaking("PA02", "Responses", *(plain(response(status=s, incomplete_details={"reason": "max_output_tokens"} if s != "completed" else None, usage={"input_tokens": 5, "output_tokens": n, "total_tokens": 5 + n}), ASK_R, url=URL) for s, n in (("incomplete", 16), ("completed", 300)))),
    twin("PA02", "below the limit", long(8, "length", max_completion_tokens=8), long(5, max_completion_tokens=8)),
    breaking("PA03", "422", served(**INCLUDE), refused(422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}, **INCLUDE)),
    breaking("PA03", "500", served(**INCLUDE), refused(500, **INCLUDE)),
    both("PA03", **INCLUDE),
    breaking("PA04", "temperature", served(temperature=0.2), refused(message="Unsupported value: 'temperature'", temperature=0.2)),
    both("PA04", temperature=0.2),
    breaking("PA05", "parallel_tool_calls", served(tools=[STOCK, CLOCK], parallel_tool_calls=False), refused(parallel_tool_calls=False, tools=[STOCK, CLOCK])),
    both("PA05", parallel_tool_calls=False),
    breaking("PA06", "developer", served(**DEVELOPER), refused(message="developer is not one of ['system', 'assistant', 'user']", **DEVELOPER)),
    both("PA06", **DEVELOPER),
    breaking("PA07", "two users in a row, 500", served(**TWICE), refused(500, message="Conversation roles must alternate", **TWICE)),
    breaking("PA07", "400", served(**TWICE), refused(400, {"message": "roles must alternate", "code": "3230"}, **TWICE)),
    both("PA07", **TWICE),
    breaking("PA08", "content null", served(**turn(*TOOLED)), refused(message="invalid message content type: <nil>", **turn(*TOOLED))),
    both("PA08", **turn(*TOOLED)),
    breaking("PA09", "content empty", served(**turn(*EMPTY)), refused(message="ValidationException: text content blocks must be non-empty", **turn(*EMPTY))),
    both("PA09", **turn(*EMPTY)),
    breaking("PA10", "extra_forbidden", served(**turn(*ECHOED)), refused(422, FORBIDDEN, **turn(*ECHOED))),
    both("PA10", **turn(*ECHOED)),
    breaking("PA11", "reasoning_content must come back", served(**turn(*TOOLED)), refused(message="The `reasoning_content` in the thinking mode must be passed back", **turn(*TOOLED))),
    both("PA11", **turn(*TOOLED)),
    risky("PA14", "six stops", served(**STOPS), refused(message="'$.stop' is invalid", **STOPS)),
    both("PA14", **STOPS),
    breaking("PA16", "exactly 1024, length", long(1364), long(1024, "length")),
    breaking("PA16", "exactly 1024, stop", [long(1364), long(1402)], [long(1024), long(1024)]),
    breaking("PA16", "16 in a Responses stream", plain(response(usage={"input_tokens": 5, "output_tokens": 500, "total_tokens": 505}), {"model": "m", "input": "x"}, url=URL), plain(response(status="incomplete", incomplete_details={"reason": "max_output_tokens"}, usage={"input_tokens": 5, "output_tokens": 16, "total_tokens": 21}), {"model": "m", "input": "x"}, url=URL)),
    twin("PA16", "a shorter natural answer", long(1364), long(911)),
    risky("PA17", "an unknown key", served(web_search_options={}), refused(message='Unknown name "web_search_options": Cannot find field.', web_search_options={})),
    both("PA17", web_search_options={}),
    breaking("PA18", "arguments as a text", served(**turn(*TOOLED)), refused(message="arguments: expected object, received string", **turn(*TOOLED))),
    both("PA18", **turn(*TOOLED)),
    risky("PA19", "parts in a tool's message", served(**turn(*PARTS)), refused(422, {"detail": "content: str type expected"}, **turn(*PARTS))),
    both("PA19", **turn(*PARTS)),
    risky("PA20", "dots", served(**DOTTED), refused(message="invalid tools[0].function.name", **DOTTED)),
    both("PA20", **DOTTED),
    risky("PA21", "top_logprobs alone", served(top_logprobs=0), refused(400, {"detail": "Invalid top_logprobs and logprobs value"}, top_logprobs=0)),
    both("PA21", top_logprobs=0),
    twin("PA16", "the golden has that limit too", *(long(n, "length") for n in (1024, 1024))),
)  # fmt: skip
