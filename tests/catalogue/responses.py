"""Area responses: the life of items, numbering, terminal events and what the last of them holds."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, slight, tolerable, twin
from tests.catalogue.exchanges import ASK, calling, calls, edited, nth, patched
from tests.rules._responses import URL, events, function_call, message, part, renumbered, response, told, whole, without
from tests.rules_table import plain

TEXT = "The Danube."
GOLDEN = told(events(TEXT))
ASK_TOOL = {
    "model": "m",
    "input": "Weather?",
    "tools": [
        {
            "type": "function",
            "name": "get_weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        }
    ],
    "tool_choice": "required",
}
ASK_SHORT = {"model": "m", "input": "Count.", "max_output_tokens": 16}


def call_events(**item: Any) -> list[dict[str, Any]]:
    """The whole life of a call."""
    open_ = response(status="in_progress", output=[], usage=None)
    place = {"item_id": "fc_1", "output_index": 0}
    done = function_call(**item)
    return renumbered(
        [
            {"type": "response.created", "response": open_},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**done, "status": "in_progress", "arguments": ""},
            },
            {"type": "response.function_call_arguments.delta", **place, "delta": '{"city": '},
            {"type": "response.function_call_arguments.delta", **place, "delta": '"Paris"}'},
            {"type": "response.function_call_arguments.done", **place, "arguments": '{"city": "Paris"}'},
            {"type": "response.output_item.done", "output_index": 0, "item": done},
            {"type": "response.completed", "response": response(done)},
        ]
    )


CALL = told(call_events(), ASK_TOOL)


def of_type(kind: str, change: Any) -> Any:
    """A change of the events of one type."""
    return lambda doc: change(doc) if doc["type"] == f"response.{kind}" else None


def cut(tokens: int = 16, **top: Any) -> Exchange:
    """A response at its limit."""
    body = response(message("1 2 3"), usage={"input_tokens": 5, "output_tokens": tokens, "total_tokens": 5 + tokens})
    return plain({**body, **top}, ASK_SHORT, url=URL)


INCOMPLETE: dict[str, Any] = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}

CASES: tuple[Case, ...] = (
    breaking("RS01", "on every event of a call", CALL, patched(CALL, "sequence_number", ...)),
    breaking("RS01", "only on the synthesized last", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d.pop("sequence_number")))),
    breaking("RS01", "null", GOLDEN, patched(GOLDEN, "sequence_number", None)),
    breaking("RS01", "texts", GOLDEN, edited(GOLDEN, lambda d: d.update(sequence_number=str(d["sequence_number"])))),
    twin("RS01", "from 1", GOLDEN, edited(GOLDEN, lambda d: d.update(sequence_number=d["sequence_number"] + 1))),
    risky("RS03", "gaps after merged deltas", GOLDEN, edited(GOLDEN, lambda d: d["sequence_number"] > 5 and d.update(sequence_number=d["sequence_number"] * 6))),
    risky("RS03", "zeros", CALL, edited(CALL, lambda d: d["sequence_number"] > 1 and d.update(sequence_number=0))),
    risky("RS03", "one dropped event", GOLDEN, edited(GOLDEN, of_type("in_progress", lambda d: [b""]))),
    twin("RS03", "more deltas, contiguous", GOLDEN, told(events("A much longer text."))),
    breaking("RS04", "created, done, completed", GOLDEN, told(without(["in_progress", "output_item.added", "content_part.added", "output_text.delta", "content_part.done", "output_item.done"], events(TEXT)))),
    breaking("RS04", "no content_part.added", GOLDEN, told(without(["content_part.added"], events(TEXT)))),
    breaking("RS04", "a call without output_item.added", CALL, told(without(["output_item.added"], call_events()), ASK_TOOL)),
    breaking("RS04", "a call without deltas", CALL, told(without(["function_call_arguments.delta", "function_call_arguments.done"], call_events()), ASK_TOOL)),
    twin("RS04", "in_progress absent", GOLDEN, told(without(["in_progress"], events(TEXT)))),
    breaking("RS06", "no output", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d["response"].pop("output")))),
    breaking("RS06", "no usage", CALL, edited(CALL, of_type("completed", lambda d: d["response"].pop("usage")))),
    breaking("RS06", "output null", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d["response"].update(output=None)))),
    breaking("RS06", "output empty", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d["response"].update(output=[])))),
    breaking("RS06", "no response at all", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d.pop("response")))),
    twin("RS06", "usage absent on in_progress", GOLDEN, edited(GOLDEN, of_type("in_progress", lambda d: d["response"].pop("usage")))),
    breaking("RS07", "EOF after deltas", GOLDEN, told(events(TEXT)[:6])),
    breaking("RS07", "EOF after output_item.done", CALL, told(call_events()[:-1], ASK_TOOL)),
    twin("RS07", "no [DONE]", GOLDEN, told(events("Rhine."))),
    breaking("RS09", "of added and done, streamed", GOLDEN, edited(GOLDEN, lambda d: d.get("item", {}).pop("status", None) and None)),
    breaking("RS09", "of output[], plain", whole(response()), edited(whole(response()), lambda d: d["output"][0].pop("status") and None)),
    breaking("RS09", "of a call", CALL, edited(CALL, lambda d: d.get("item", {}).pop("status", None) and None)),
    twin("RS09", "in the golden too", *(edited(told(events(t)), lambda d: d.get("item", {}).pop("status", None) and None) for t in ("a", "b"))),
    risky("RS10", "completed, plain", cut(**INCOMPLETE), cut()),
    risky("RS10", "completed, nothing in it, zeros", cut(**INCOMPLETE), cut(output=[], usage={"input_tokens": 0, "output_tokens": 0, "total_tokens": 0})),
    risky("RS10", "incomplete without a reason", cut(**INCOMPLETE), cut(status="incomplete")),
    twin("RS10", "the same on both", cut(), cut()),
    breaking("RS11", "on content_part.added", GOLDEN, edited(GOLDEN, of_type("content_part.added", lambda d: d["part"].pop("text")))),
    breaking("RS11", "on output_item.done", GOLDEN, edited(GOLDEN, of_type("output_item.done", lambda d: d["item"]["content"][0].pop("text") and None))),
    twin("RS11", "content: [] on added", GOLDEN, told(events("Rhine."))),
    tolerable("RS13", "plain", whole(response(function_call())), edited(whole(response(function_call())), lambda d: d["output"][0].pop("id") and None)),
    tolerable("RS13", "streamed", CALL, edited(CALL, lambda d: d.get("item", {}).pop("id", None) and None)),
    twin("RS13", "another id", CALL, edited(CALL, lambda d: "item" in d and d["item"].update(id="fc_9"))),
    breaking("RS13b", "call_id is gone", CALL, edited(CALL, lambda d: d.get("item", {}).pop("call_id", None) and None)),
    risky("RS14", "both dones", GOLDEN, told(without(["output_text.done", "content_part.done"], events(TEXT)))),
    risky("RS14", "arguments.done of a call", CALL, told(without(["function_call_arguments.done"], call_events()), ASK_TOOL)),
    twin("RS14", "done says what the deltas said", GOLDEN, told(events("Elbe."))),
    risky("RS15", "done is trimmed", GOLDEN, edited(GOLDEN, of_type("output_text.done", lambda d: d.update(text="The Dan")))),
    risky("RS15", "completed is edited", GOLDEN, edited(GOLDEN, of_type("completed", lambda d: d["response"].update(output=[message("The [river].")])))),
    risky("RS15", "arguments of a call", CALL, edited(CALL, of_type("function_call_arguments.done", lambda d: d.update(arguments='{"city":"Rome"}')))),
    twin("RS15", "in the golden too", *(edited(told(events(t)), of_type("output_text.done", lambda d: d.update(text="x"))) for t in ("ab", "cd"))),
    risky("RS16", "stop after a tool's turn", calling(), calling(finish="stop")),
    risky("RS16", "plain", calls(), calls(finish="stop")),
    twin("RS16", "see TL16", *(calls(ask={**ASK, "tool_choice": {"type": "function", "function": {"name": "get_stock"}}}, finish=f) for f in ("tool_calls", "stop"))),
    slight("RS13", "an id that is null", whole(response(function_call())), whole(response(function_call(id=None)))),
    slight("RS04", "an empty delta", GOLDEN, edited(GOLDEN, nth(4, lambda d: d.update(delta="")))),
    breaking("RS11", "in a plain part", whole(response()), whole(response(message(content=[{k: v for k, v in part().items() if k != "text"}])))),
)  # fmt: skip
