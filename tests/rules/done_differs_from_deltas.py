"""done-differs-from-deltas: two versions of one text."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row, stream

DRIFTING = [{**e, "text": "Hell"} if e["type"] == "response.output_text.done" else e for e in r.events()]


def changed(kind: str, **changes: object) -> list[dict[str, Any]]:
    """The life of a response with one event changed."""
    return [{**event, **changes} if event["type"] == kind else event for event in r.events()]


def unlisted(text: str) -> list[dict[str, Any]]:
    """The life of a response whose last event has no items."""
    *before, last = r.events(text)
    return [*before, {**last, "response": {**r.response(), "output": []}}]


def calling(**changes: object) -> list[dict[str, Any]]:
    """The life of a call; `changes` are what its done event says otherwise."""
    begun = r.function_call(status="in_progress", arguments="")
    place = {"item_id": "fc_1", "output_index": 0}
    whole = r.function_call(**changes)
    return r.renumbered(
        [
            {"type": "response.created", "response": r.response(status="in_progress", usage=None)},
            {"type": "response.output_item.added", "output_index": 0, "item": begun},
            {"type": "response.function_call_arguments.delta", **place, "delta": whole["arguments"]},
            {"type": "response.function_call_arguments.done", **place, "arguments": whole["arguments"]},
            {"type": "response.output_item.done", "output_index": 0, "item": whole},
            {"type": "response.completed", "response": r.response(whole)},
        ]
    )


def transcribed(*deltas: str, text: str) -> Exchange:
    """A streamed transcription."""
    parts = [{"type": "transcript.text.delta", "delta": delta} for delta in deltas]
    return stream(*parts, {"type": "transcript.text.done", "text": text}, done=False, url="/v1/audio/transcriptions")


def living(item: dict[str, Any], kind: str, text: str, done: dict[str, Any], final: dict[str, Any]) -> Exchange:
    """An item whose deltas bring one text, the event that ends them perhaps another, and the finished item as well."""
    place = {"item_id": item["id"], "output_index": 0}
    end = {"type": "response.completed", "response": r.response(final)}
    found: list[dict[str, Any]] = [
        {"type": "response.created", "response": r.response(status="in_progress", usage=None)},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": f"response.{kind}.delta", **place, "delta": text},
        {"type": f"response.{kind}.done", **place, **done},
        {"type": "response.output_item.done", "output_index": 0, "item": final},
        end,
    ]
    if kind.startswith("reasoning"):
        where = "summary_index" if "summary" in kind else "content_index"
        found[2:4] = [{**event, where: 0} for event in found[2:4]]
    return r.told(r.renumbered(found))


CODE = {"type": "code_interpreter_call", "id": "ci_1", "container_id": "c", "outputs": [], "status": "completed"}
MCP = {"type": "mcp_call", "id": "mcp_1", "name": "ask", "server_label": "s", "status": "completed"}
THOUGHT: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": []}


def coded(done: str = "1+1", final: str = "1+1") -> Exchange:
    return living({**CODE, "code": ""}, "code_interpreter_call_code", "1+1", {"code": done}, {**CODE, "code": final})


def asked(done: str = '{"q": 1}', final: str = '{"q": 1}') -> Exchange:
    whole = {**MCP, "arguments": final}
    return living({**MCP, "arguments": ""}, "mcp_call_arguments", '{"q": 1}', {"arguments": done}, whole)


def summed(done: str = "So.", final: str = "So.") -> Exchange:
    whole = {**THOUGHT, "summary": [{"type": "summary_text", "text": final}]}
    return living(THOUGHT, "reasoning_summary_text", "So.", {"text": done}, whole)


def mused(done: str = "So.", final: str = "So.") -> Exchange:
    whole = {**THOUGHT, "content": [{"type": "reasoning_text", "text": final}]}
    return living(THOUGHT, "reasoning_text", "So.", {"text": done}, whole)


def opened(arguments: str) -> Exchange:
    """A call whose first event has arguments already."""
    first, added, *rest = calling()
    return r.told([first, {**added, "item": {**added["item"], "arguments": arguments}}, *rest])


def begun(text: str) -> Exchange:
    """An answer whose part is opened with a text."""
    return r.told(changed("response.content_part.added", part=r.part(text)))


CASES = (
    Row(
        "RS15: stop trimming reaches one view only (Blaizzy/mlx-vlm 1069)",
        r.told(r.events()),
        r.told(DRIFTING),
        ("risky response.output_text.done.text",),
    ),
    Row(
        "RS15: a guardrail edits the completed response (ENTERPILOT/GoModel 953)",
        r.told(r.events()),
        r.told(r.events(output=[r.message("I can't say.")])),
        ("risky response.output[].content[].text",),
    ),
    Row("RS15, benign twin: the golden does it as well", r.told(DRIFTING), r.told(DRIFTING)),
    Row("RS14, benign twin: equal texts", r.told(r.events()), r.told(r.events("Good day."))),
    Row(
        "RS15: output_item.done has another text",
        r.told(r.events()),
        r.told(changed("response.output_item.done", item=r.message("Hello there."))),
        ("risky response.output_item.done.item.content[].text",),
    ),
    Row(
        "RS15: content_part.done has another text",
        r.told(r.events()),
        r.told(changed("response.content_part.done", part=r.part("Hello there."))),
        ("risky response.content_part.done.part.text",),
    ),
    Row(
        "the finished call has another call_id than the call that was added",
        r.told(calling()),
        r.told(calling(call_id="call_9")),
        ("breaking response.output_item.done.item.call_id",),
    ),
    Row(
        "the completed response lists none of its items (chatgpt-codex-resp-s-257ab9b18b)",
        r.told(r.events()),
        r.told(unlisted("Hello.")),
        ("breaking response.output",),
    ),
    Row(
        "the golden lists none either: clients use the items of output_item.done",
        r.told(unlisted("Hello.")),
        r.told(unlisted("Good day.")),
    ),
    Row(
        "the deltas belong to a part that was never added",
        r.told(r.events()),
        r.told([{**e, "content_index": 1} if e["type"].endswith("text.delta") else e for e in r.events()]),
        ("breaking content_index",),
    ),
    Row(
        "RS15: the call that clients run has lost its arguments",
        r.told(calling()),
        r.told(
            [{**e, "item": r.function_call(arguments="")} if e["type"].endswith("item.done") else e for e in calling()]
        ),
        ("breaking response.output_item.done.item.arguments",),
    ),
    Row(
        "the last event of a transcription",
        transcribed("Hel", "lo", text="Hello"),
        transcribed("Hel", "lo", text="Hello, world"),
        ("risky text",),
    ),
    Row("a transcription without deltas", transcribed(text="Hello"), transcribed(text="Good day")),
    *(
        Row(f"RS15: {told}", made(), made(**change), fires)
        for told, made, change, fires in (
            ("the code", coded, {"done": "1+2"}, ("risky response.code_interpreter_call_code.done.code",)),
            ("the code of the item", coded, {"final": "1+2"}, ("risky response.output_item.done.item.code",)),
            ("arguments of MCP", asked, {"done": "{}"}, ("risky response.mcp_call_arguments.done.arguments",)),
            ("a summary", summed, {"done": "No."}, ("risky response.reasoning_summary_text.done.text",)),
            ("that of the item", summed, {"final": "No."}, ("risky response.output_item.done.item.summary[].text",)),
            ("raw thoughts", mused, {"done": "No."}, ("risky response.reasoning_text.done.text",)),
            ("those of the item", mused, {"final": "No."}, ("risky response.output_item.done.item.content[].text",)),
            ("benign twins: the same", coded, {}, ()),
            ("the same arguments", asked, {}, ()),
            ("the same summary", summed, {}, ()),
            ("the same thoughts", mused, {}, ()),
        )
    ),
    Row(
        "arguments in output_item.added, and again in deltas: LangChain has them twice",
        r.told(calling()),
        opened('{"city": "Paris"}'),
        ("breaking output[0].arguments",),
    ),
    Row("arguments are opened with a space", r.told(calling()), opened(" ")),
    Row("the golden has them twice as well", opened('{"city": "Paris"}'), opened('{"city": "Paris"}')),
    Row("a text in content_part.added", r.told(r.events()), begun("Hello."), ("risky output[0].content[0].text",)),
    Row("its first letters alone", r.told(r.events()), begun("Hel")),
)
