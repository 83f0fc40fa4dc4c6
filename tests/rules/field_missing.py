"""field-missing: what every golden sample has, and what the API requires."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, stream

ENTRY = {"id": "m", "object": "model", "created": 1, "owned_by": "x"}
MODELS = {"object": "list", "data": [ENTRY]}


def less(body: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The body without some keys."""
    return {key: value for key, value in body.items() if key not in keys}


def choice(**changes: Any) -> dict[str, Any]:
    """A completion with one choice, changed."""
    choice = {**completion()["choices"][0], **changes}
    return completion(choices=[{key: value for key, value in choice.items() if value != "gone"}])


def silent_content(content: Any = "gone") -> dict[str, Any]:
    """A tool-call answer whose content is null, or not there."""
    return choice(
        message=less({"role": "assistant", "content": content, "refusal": None}, *["content"] * (content == "gone"))
    )


def listed(body: dict[str, Any]) -> Exchange:
    """A list of models."""
    return plain(body, url="/v1/models")


THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": []}
NOTE = {"type": "url_citation", "start_index": 0, "end_index": 5, "url": "https://example.org/a", "title": "A"}


def ranked(result: dict[str, Any]) -> Exchange:
    """A ranking, of an API that the suite does not know."""
    return plain({"id": "1", "results": [{"index": 0, **result}]}, url="/v1/rerank")


SEARCHED = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "q"}}
MCP = {"type": "mcp_call", "id": "mcp_1", "status": "completed", "name": "n", "arguments": "{}", "server_label": "s"}

LEAVE = {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "mail", "name": "send", "arguments": "{}"}
ACTS = {"id": "x_1", "call_id": "call_1", "status": "completed"}
LISTS = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "mail"}
FILE = {"type": "file_citation", "index": 0, "file_id": "file-1", "filename": "a.pdf"}

CASES = (
    Row(
        "S06: Gemini's compatible endpoint leaves message out (agentgateway 1464)",
        plain(choice()),
        plain(choice(message="gone")),
        ("breaking choices[0].message",),
    ),
    Row(
        "S03: object is gone from every chunk (Z.ai)",
        stream(*HELLO),
        stream(*(less(c, "object") for c in HELLO)),
        ("breaking object",),
    ),
    Row(
        "T12's mechanism: keep-alives that are empty objects",
        stream(*HELLO),
        stream(*HELLO[:2], {}, {}, *HELLO[2:]),
        ("breaking events",),
    ),
    Row("the golden sends them too", stream({}, *HELLO), stream(*HELLO[:2], {}, *HELLO[2:])),
    Row(
        "S07: content is absent, not null, where golden samples have both (QwenLM/qwen-code 9884)",
        [plain(choice()), plain(silent_content(None))],
        plain(silent_content()),
        ("risky choices[0].message.content",),
    ),
    Row(
        "ST03: the finish chunk has no delta (aaif-goose/goose 8700)",
        stream(*HELLO),
        stream(*HELLO[:-1], chunk(choices=[{"index": 0, "finish_reason": "stop"}])),
        ("breaking choices[0].delta",),
    ),
    Row(
        "ST03, benign twin: an empty delta",
        stream(*HELLO),
        stream(*HELLO[:-1], chunk({}, "stop")),
    ),
    Row(
        "S34: one model of the list lacks the vendor's own key (zed-industries/zed 23764)",
        listed({**MODELS, "data": [{**ENTRY, "quantization": "Q8_0"}]}),
        listed(MODELS),
        ("info data[0].quantization",),
    ),
    Row(
        "S33: the list of models has no object (dongri/openai-api-rs 175)",
        listed(MODELS),
        listed(less(MODELS, "object")),
        ("risky object",),
    ),
    Row(
        "RS06: the completed response has neither output nor usage (decolua/9router 705)",
        r.told(r.events()),
        r.told([*r.events()[:-1], {**r.events()[-1], "response": less(r.response(), "output", "usage")}]),
        ("breaking response.output",),
    ),
    Row(
        "RS09: items have no status (diegosouzapw/OmniRoute 13964)",
        r.whole(r.response()),
        r.whole(r.response(less(r.message(), "status"))),
        ("breaking output[0].status",),
    ),
    Row(
        "RS09 in a stream: said once, though three events carry the item",
        r.told(r.events()),
        r.told([{**e, "item": less(e["item"], "status")} if "item" in e else e for e in r.events()]),
        ("breaking item.status",),
    ),
    Row(
        "RS11: the part that opens has no text (makecindy/cindy 4509)",
        r.told(r.events()),
        r.told([{**e, "part": less(e["part"], "text")} if "part" in e else e for e in r.events()]),
        ("breaking part.text",),
    ),
    Row(
        "RS13: a function call without id, which the specification permits (anomalyco/opencode 45081)",
        r.whole(r.response(r.function_call())),
        r.whole(r.response(less(r.function_call(), "id"))),
        ("info output[0].id",),
    ),
    Row(
        "RS13's benign twin is breaking: a function call without call_id, which the golden had no occasion to show",
        r.whole(r.response()),
        r.whole(r.response(r.message(), less(r.function_call(), "call_id"))),
        ("breaking output[1].call_id",),
        also=("risky tool-call-unasked output[1].name",),
    ),
    Row(
        "a choice that is null has no fields to miss",
        stream(*HELLO),
        stream(*HELLO[:-1], chunk(choices=[None, {"index": 0, "finish_reason": "stop"}])),
        ("breaking choices[1].delta",),
        also=("breaking field-null choices[0]",),
    ),
    Row(
        "a reasoning item has no role and no status: another type of item is no loss",
        r.whole(r.response()),
        r.whole(r.response({"type": "reasoning", "id": "rs_1", "summary": []}, r.message())),
    ),
    Row(
        "something else altogether, with status 200: one finding",
        plain(completion()),
        plain({"status": "ok"}),
        ("breaking body",),
    ),
    Row(
        "B20: optional fields that are null may be absent",
        plain(completion(system_fingerprint=None, service_tier=None)),
        plain(choice(message={"role": "assistant", "content": "Hello."}, logprobs="gone")),
    ),
    Row(
        "B16: details of usage come only when they are not zero",
        plain(completion(usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, "cost": 1})),
        plain(completion(usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12})),
        ("info usage.cost",),
    ),
    Row(
        "RS26: a reasoning item has no summary (BerriAI/litellm 40519)",
        r.whole(r.response(THOUGHT, r.message())),
        r.whole(r.response(less(THOUGHT, "summary"), r.message())),
        ("breaking output[0].summary",),
    ),
    Row(
        "RS26: streamed, in the items and in the response",
        r.told(r.events(output=[THOUGHT, r.message()])),
        r.told(r.events(output=[less(THOUGHT, "summary"), r.message()])),
        ("breaking response.output[0].summary",),
    ),
    Row(
        "RS26, benign twin: a summary that is filled",
        r.whole(r.response(THOUGHT, r.message())),
        r.whole(r.response({**THOUGHT, "summary": [{"type": "summary_text", "text": "Hm."}]}, r.message())),
    ),
    Row(
        "RS21: citations that are nested as in chat",
        r.whole(r.response(r.message(content=[r.part(annotations=[NOTE])]))),
        r.whole(r.response(r.message(content=[r.part(annotations=[{"type": "url_citation", "url_citation": NOTE}])]))),
        tuple(f"risky output[0].content[0].annotations[0].{key}" for key in NOTE if key != "type"),
    ),
    Row(
        "S44: an API that no schema describes (langgenius/dify-official-plugins 1429)",
        ranked({"relevance_score": 0.9}),
        ranked({"score": 0.9}),
        ("risky results[0].relevance_score",),
    ),
    Row("S44, benign twin: other values", ranked({"relevance_score": 0.9}), ranked({"relevance_score": 0.8})),
    Row(
        "one of two samples lacks it: what may be left out is not known there",
        ranked({"relevance_score": 0.9}),
        [ranked({"relevance_score": 0.8}), ranked({})],
        ("info results[0].relevance_score",),
    ),
    Row(
        "what one golden sample lacks is not always there",
        [stream(ROLE, *HELLO[1:]), stream(*(less(c, "object") for c in HELLO))],
        stream(*(less(c, "object") for c in HELLO)),
    ),
    Row(
        "an empty list is the model's choice",
        plain(completion(citations=["https://example.org/a"])),
        plain(completion(citations=[])),
    ),
    Row(
        "Azure's filter in an event of its own, where half of the golden's chunks have it",
        stream({**HELLO[0], "prompt_filter_results": []}, chunk({"content": "Hi"}, "stop")),
        stream({"prompt_filter_results": []}, ROLE, chunk({"content": "Hi"}, "stop")),
        ("breaking events",),
    ),
    Row(
        "an object in place of a list, which lacks no item",
        plain(completion(citations=["https://example.org/a"])),
        plain(completion(citations={"0": "https://example.org/a"})),
        also=("risky field-type-changed citations",),
    ),
    Row(
        "an item of a response that says nothing: clients tell items apart by their type",
        r.told(r.events()),
        r.told([{**event, "item": {}} if event["type"].endswith("item.added") else event for event in r.events()]),
        ("breaking item.type",),
    ),
    Row(
        "S44, benign twin: what was always null said nothing",
        plain({"score": 0.5, "details": None}, {"query": "q"}, url="/v1/score"),
        plain({"score": 0.5}, {"query": "q"}, url="/v1/score"),
        ("info details",),
    ),
    Row(
        "RS29: an item does not say what was searched for",
        r.whole(r.response(SEARCHED, r.message())),
        r.whole(r.response(less(SEARCHED, "action"), r.message())),
        ("breaking output[0].action",),
    ),
    Row(
        "RS29, benign twin: the status of an MCP call, which may be left out",
        r.whole(r.response(MCP, r.message())),
        r.whole(r.response(less(MCP, "status"), r.message())),
        ("info output[0].status",),
    ),
    Row(
        "RS21: the Responses API's citation in chat",
        plain(completion({"annotations": [{"type": "url_citation", "url_citation": less(NOTE, "type")}]})),
        plain(completion({"annotations": [NOTE]})),
        ("risky choices[0].message.annotations[0].url_citation",),
    ),
    Row(
        "RS21: a citation without its address",
        plain(completion({"annotations": [{"type": "url_citation", "url_citation": less(NOTE, "type")}]})),
        plain(completion({"annotations": [{"type": "url_citation", "url_citation": less(NOTE, "type", "url")}]})),
        ("risky choices[0].message.annotations[0].url_citation.url",),
    ),
    Row(
        "RS31: a request for leave without an id",
        r.whole(r.response(LEAVE)),
        r.whole(r.response(less(LEAVE, "id"))),
        ("breaking output[0].id",),
    ),
    *(
        Row(
            f"RS29: {kind} without {key}",
            r.whole(r.response({**ACTS, "type": kind, key: {"type": "exec"}})),
            r.whole(r.response({**ACTS, "type": kind})),
            (f"breaking output[0].{key}",),
        )
        for kind, key in (("local_shell_call", "action"), ("shell_call", "action"), ("apply_patch_call", "operation"))
    ),
    Row(
        "RS29: the schema of an MCP tool's arguments",
        r.whole(r.response({**LISTS, "tools": [{"name": "send", "input_schema": {}}]}, r.message())),
        r.whole(r.response({**LISTS, "tools": [{"name": "send"}]}, r.message())),
        ("risky output[0].tools[0].input_schema",),
    ),
    Row(
        "RS21: a file that is cited has no id",
        r.whole(r.response(r.message(content=[r.part(annotations=[FILE])]))),
        r.whole(r.response(r.message(content=[r.part(annotations=[less(FILE, "file_id")])]))),
        ("risky output[0].content[0].annotations[0].file_id",),
    ),
)
