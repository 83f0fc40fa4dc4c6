"""The family of function names: those that dispatchers do not find."""

from __future__ import annotations

from gate.model import MISSING, Exchange
from tests.rules import _bodies as b
from tests.rules import _responses as r
from tests.rules_table import ASK, ASK_TOOL, Row, call, calling, completion, plain

HEAD = {"index": 0, **call("")}
NAME = "choices[0].message.tool_calls[0].function.name"


def more(arguments: str, **function: object) -> dict[str, object]:
    return {"index": 0, "function": {"arguments": arguments, **function}}


def called(name: object) -> Exchange:
    one = call(name=name)
    if name is MISSING:
        del one["function"]["name"]
    return plain(completion({"content": None, "tool_calls": [one]}, "tool_calls"), ASK_TOOL)


WHOLE = calling(HEAD, more('{"city": '), more('"Paris"}'))

PRESET = {**ASK, "model": "@preset/support"}
SEARCH = {**r.ASK, "tools": [{"type": "web_search"}]}
JSON = {**ASK, "response_format": {"type": "json_object"}}
UNASKED = {"content": None, "tool_calls": [call("{}", name="json_tool_call")]}
RESPONSES_TOOL = {**r.ASK, "tools": [{"type": "function", "name": "get_weather", "parameters": {"type": "object"}}]}


def provided(kind: str) -> dict[str, object]:
    return {**r.ASK, "tools": [{"type": kind}]}


WITH_CUSTOM = {**ASK_TOOL, "tools": [*ASK_TOOL["tools"], {"type": "custom", "custom": {"name": "shell"}}]}

CASES = (
    Row(
        "the name in another case",
        called("get_weather"),
        called("Get_Weather"),
        ("breaking tool-name-altered choices[0].message.tool_calls[0].function.name",),
    ),
    Row(
        "the name with a namespace",
        called("get_weather"),
        called("functions.get_weather"),
        ("breaking tool-name-altered choices[0].message.tool_calls[0].function.name",),
    ),
    Row(
        "a tool that nobody offered", called("get_weather"), called("lookup"), (f"breaking tool-name-invented {NAME}",)
    ),
    Row(
        "no name at all",
        called("get_weather"),
        called(None),
        ("breaking tool-name-missing choices[0].message.tool_calls[0].function.name",),
    ),
    Row("no name on either side: aimock 1.43 leaves it out, lm-proxy 3.3 makes it null", called(MISSING), called(None)),
    Row(
        "nor here, but now the entry is no call at all",
        called(MISSING),
        plain(completion({"content": None, "tool_calls": [{}]}, "tool_calls"), ASK_TOOL),
        ("breaking tool-name-missing choices[0].message.tool_calls[0].function.name",),
    ),
    Row(
        "TL08: the name in every delta (NousResearch/hermes-agent 8259)",
        WHOLE,
        calling(HEAD, more('{"city": ', name="get_weather"), more('"Paris"}', name="get_weather")),
        ("breaking tool-name-repeated choices[0].delta.tool_calls[0].function.name",),
    ),
    Row(
        "TL09: Gemini splits the name across deltas (continuedev/continue 5849)",
        WHOLE,
        calling({"index": 0, **call("", name="get_wea")}, more("", name="ther"), more('{"city": "Paris"}')),
        ("breaking tool-name-split choices[0].delta.tool_calls[0].function.name",),
    ),
    Row(
        "TL08, benign twin: an empty name on later deltas is TL27",
        WHOLE,
        calling(HEAD, more('{"city": "Paris"}', name="")),
        also=("risky tool-delta-blank choices[0].delta.tool_calls[0].function.name",),
    ),
    Row(
        "TL08, benign twin: null on later deltas",
        WHOLE,
        calling(HEAD, more('{"city": "Paris"}', name=None)),
    ),
    Row("TL09, benign twin: arguments split elsewhere", WHOLE, calling(HEAD, more('{"ci'), more('ty": "Paris"}'))),
    Row("the golden itself calls what is not offered", called("Get_Weather"), called("Get_Weather")),
    Row(
        "SO08's mechanism: a gateway gets JSON by a tool of its own, and does not unwrap it",
        plain(completion({"content": '{"a": 1}'}), JSON),
        plain(completion(UNASKED, "tool_calls"), JSON),
        ("breaking tool-call-unasked choices[0].message.tool_calls[0].function.name",),
    ),
    Row(
        "a call of a tool that is not offered, beside the text",
        plain(completion()),
        plain(completion({**UNASKED, "content": "Hi"})),
        ("risky tool-call-unasked choices[0].message.tool_calls[0].function.name",),
    ),
    Row("the golden calls a tool although none is offered", plain(completion(UNASKED)), plain(completion(UNASKED))),
    Row(
        "a response's call without a name",
        r.whole(r.response(r.function_call()), RESPONSES_TOOL),
        r.whole(r.response(r.function_call(name="")), RESPONSES_TOOL),
        ("breaking tool-name-missing output[0].name",),
        also=("breaking value-empty output[0].name",),
    ),
    Row(
        "tools of an earlier response",
        r.whole(r.response(), {**r.ASK, "previous_response_id": "resp_0"}),
        r.whole(r.response(r.function_call()), {**r.ASK, "previous_response_id": "resp_0"}),
    ),
    Row(
        "tools of a gateway's preset",
        plain(completion(), PRESET),
        plain(completion({**UNASKED, "content": "Hi"}), PRESET),
    ),
    Row(
        "only the provider's own tools are offered, and it leaves the call to the client",
        r.whole(r.response(), SEARCH),
        r.whole(r.response(r.function_call()), SEARCH),
        ("breaking tool-call-unasked output[0].name",),
    ),
    *(
        Row(
            f"tools may come from {key}",
            plain(completion(), {**ASK, key: "a"}),
            plain(completion(UNASKED), {**ASK, key: "a"}),
        )
        for key in ("conversation", "prompt", "agent_id", "mcp_servers")
    ),
    *(
        Row(
            f"the provider runs {kind}",
            r.whole(r.response(), provided(kind)),
            r.whole(r.response(r.function_call()), provided(kind)),
            ("breaking tool-call-unasked output[0].name",),
        )
        for kind in (
            *("web_search_preview", "file_search", "code_interpreter", "image_generation", "mcp", "local_shell"),
            *("computer_use_preview", "shell", "apply_patch"),
        )
    ),
    Row(
        "a tool that nobody offered, beside a custom one",
        plain(completion({"content": None, "tool_calls": [call(name="get_weather")]}, "tool_calls"), WITH_CUSTOM),
        plain(completion({"content": None, "tool_calls": [call(name="lookup")]}, "tool_calls"), WITH_CUSTOM),
        (f"breaking tool-name-invented {NAME}",),
    ),
    Row(
        "TL08: the name of a custom tool in every delta",
        b.RUN,
        b.running(b.custom(), b.more("ls", name="run")),
        (f"breaking tool-name-repeated {b.PART}.name",),
    ),
    Row(
        "TL09: the name of a custom tool in pieces",
        b.RUN,
        b.running(b.custom(name="r"), b.more("ls", name="un")),
        (f"breaking tool-name-split {b.PART}.name",),
    ),
    Row(
        "TL08: the name of a function_call in every delta",
        b.WROTE,
        b.legacy(b.OPEN, {**b.OPEN, **b.START}, {**b.OPEN, **b.END}),
        (f"breaking tool-name-repeated {b.LEGACY}.name",),
    ),
    Row(
        "an entry that is no call: null has no name",
        called("get_weather"),
        plain(completion({"content": None, "tool_calls": [call(), None]}, "tool_calls"), ASK_TOOL),
        ("breaking tool-name-missing choices[0].message.tool_calls[1].function.name",),
    ),
)
