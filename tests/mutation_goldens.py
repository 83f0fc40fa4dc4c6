"""Small goldens of every kind of answer, by the built-in scenario they stand for; two samples each."""

from __future__ import annotations

import base64
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from gate.model import Ending, Exchange, Request, Response
from gate.mutations.replies import cut
from gate.replay.vary import vary
from tests.rules_table import ASK, ASK_TOOL, TOOL, call, chunk, completion, plain, stream

Doc = dict[str, Any]
USAGE = {
    "prompt_tokens": 9,
    "completion_tokens": 3,
    "total_tokens": 12,
    "prompt_tokens_details": {"cached_tokens": 4},
}
PROMPT = {**ASK, "temperature": 0, "max_tokens": 64}
COUNTED = {**PROMPT, "stream_options": {"include_usage": True}}
ROLE = chunk({"role": "assistant", "content": ""})
WORDS = ("Par", "is is", " the", " capi", "tal of", " France.")


def _flow(docs: Sequence[Doc], request: Mapping[str, Any], gap: float = 60.0, **more: Any) -> Exchange:
    """A stream with a time for each event."""
    at = [200.0 + gap * i for i in range(len(docs) + 1)]
    return stream(*docs, request=request, at=at, first_byte_ms=150.0, total_ms=at[-1], **more)


def _told(*words: str) -> list[Doc]:
    return [ROLE, *(chunk({"content": word}) for word in words), chunk({}, "stop")]


def _answer(text: str, request: Mapping[str, Any], finish: str = "stop", used: int = 3) -> Exchange:
    usage = {**USAGE, "completion_tokens": used, "total_tokens": 9 + used}
    return plain(completion({"content": text}, finish, usage=usage), request, total_ms=300.0)


def _left(exchange: Exchange) -> Exchange:
    """The client hangs up after three chunks."""
    size = sum(part.size for part in exchange.chunks[:3])
    return replace(cut(exchange, size, Ending.CANCELLED, "as the scenario asks"), total_ms=exchange.chunks[2].at_ms)


def _known(exchange: Exchange) -> Exchange:
    """With a request id on both sides: the client's, and the provider's own."""
    response = exchange.response or Response(0)
    request = replace(exchange.request, headers=(("x-request-id", "gate-1"),))
    headers = (*response.headers, ("x-request-id", "req_1"))
    return replace(exchange, request=request, response=replace(response, headers=headers))


HEAD = {"system_fingerprint": "fp_b8bc95a0ac", "service_tier": "default"}


def _raw(text: str) -> Exchange:
    """An answer whose JSON has its letters raw, not escaped."""
    body = json.dumps(completion({"content": text}, usage=USAGE), ensure_ascii=False)
    return plain(body.encode(), PROMPT, total_ms=300.0)


def _choice(**changes: Any) -> Doc:
    return {**completion()["choices"][0], **changes}


TOKEN = {
    "token": "Hello",
    "logprob": -0.01,
    "bytes": [72, 101, 108, 108, 111],
    "top_logprobs": [{"token": "Hello", "logprob": -0.01}],
}
STOP = {"token": ".", "logprob": -0.2, "bytes": [46], "top_logprobs": [{"token": ".", "logprob": -0.2}]}
LOGPROBS = {"content": [TOKEN, STOP], "refusal": None}
CACHED = {"cached_tokens": 1024}
LISTED = [
    {"id": name, "object": "model", "created": 1, "owned_by": "us", "context_window": 8192} for name in ("m", "l")
]
MODELS = {"object": "list", "data": LISTED}
# as Azure annotates each answer
FILTERED = {"content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}
ESSAY = " ".join(f"Section {n} tells of the wheel and the road." for n in range(1, 60))
DEVELOPER = {**PROMPT, "messages": [{"role": "developer", "content": "Be brief."}, *ASK["messages"]]}
TURNS = [("system", "Be brief."), ("user", "My colour is green."), ("assistant", "Noted."), ("user", "Which is it?")]
HISTORY = {**PROMPT, "messages": [{"role": role, "content": text} for role, text in TURNS]}

TEXT: dict[str, Exchange] = {
    "chat": _known(
        plain(completion({"content": "Paris is the capital of France."}, usage=USAGE, **HEAD), PROMPT, total_ms=300.0)
    ),
    "chat-stream": _known(_flow([{**doc, **HEAD} for doc in _told(*WORDS)], PROMPT)),
    "chat-stream-usage": _flow(
        [*({**doc, "usage": None} for doc in _told(*WORDS)), chunk(choices=[], usage=USAGE)], COUNTED
    ),
    "param-stream-options": _flow([*_told(*WORDS), chunk(choices=[], usage=USAGE)], COUNTED),
    "count-stream": _flow(_told(*(f"{n} " for n in range(1, 31))), PROMPT, gap=80.0),
    "max-tokens": _answer("The bicycle has a long", {**ASK, "max_tokens": 16}, "length", 16),
    "bare": _answer(ESSAY, ASK, used=700),
    "long-answer": _raw("Rivières — the longest\n- Danube\n- Loire\n- Rhône\n- Oder"),
    "json-schema-refusal-stream": _flow(
        [ROLE, *(chunk({"refusal": word}) for word in ("I can", "'t help", " with that.")), chunk({}, "stop")], PROMPT
    ),
    "n-2": plain(completion(choices=[_choice(index=i) for i in range(2)]), {**PROMPT, "n": 2}),
    "stop": plain(
        completion(choices=[_choice(message={"role": "assistant", "content": "1, 2, 3, 4, "}, stop_reason=None)]),
        {**PROMPT, "stop": ["5"]},
    ),
    "logprobs": plain(
        completion(choices=[_choice(logprobs=LOGPROBS)]), {**PROMPT, "logprobs": True, "top_logprobs": 1}
    ),
    "history-developer": _answer("Hello.", DEVELOPER),
    "history": _answer("Green.", HISTORY),
    "param-seed": _answer("Paris.", {**PROMPT, "seed": 7}),
    "content-parts": plain(completion(choices=[_choice(**FILTERED)]), PROMPT),
    "client-cancels": _left(_flow(_told(*WORDS), PROMPT)),
    "param-reasoning-effort": plain(
        completion({"content": "Paris.", "reasoning_content": "A capital is asked for."}),
        {**ASK, "reasoning_effort": "low"},
    ),
    "long-history": plain(
        completion(usage={**USAGE, "prompt_tokens": 1400, "total_tokens": 1403, "prompt_tokens_details": CACHED}),
        PROMPT,
    ),
    "models": Exchange(
        Request("GET", "https://host.test/v1/models"),
        Response(200, "OK", (("content-type", "application/json"),), json.dumps(MODELS).encode()),
    ),
}

# -- other endpoints ------------------------------------------------------------------------------

TRANSCRIBE, LISTEN = "/v1/audio/transcriptions", {"model": "m", "language": "en"}
HEARD = {"type": "tokens", "input_tokens": 23, "output_tokens": 9, "total_tokens": 32}
SPOKEN = [{"start": 1.2 * n, "end": 1.2 * n + 1.0, "text": word} for n, word in enumerate(("One,", " two."))]
RANKED = [{"index": n, "relevance_score": 0.9 / (rank + 1)} for rank, n in enumerate((1, 2, 0))]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
DRAW = {"model": "i", "prompt": "a square"}
SPEAK = {"model": "t", "input": "Hi", "voice": "alloy", "response_format": "mp3"}
HARMLESS = {"flagged": False, "categories": {"hate": False}, "category_scores": {"hate": 0.01}}
GOES_ON = {"index": 0, "text": " Paris.", "logprobs": None, "finish_reason": "stop"}
ECHOED = [
    {"index": i, "text": f"{word} and so on", "logprobs": None, "finish_reason": "length"}
    for i, word in enumerate(("one", "two"))
]
OTHERS: dict[str, Exchange] = {
    "image": plain({"created": 1, "data": [{"b64_json": PNG}]}, DRAW, url="/v1/images/generations", total_ms=300.0),
    "image-stream": _flow(
        [{"type": f"image_generation.{kind}", "b64_json": PNG} for kind in ("partial_image", "completed")],
        DRAW,
        url="/v1/images/generations",
        done=False,
    ),
    "transcription": plain({"text": "One, two, three, four.", "usage": HEARD}, LISTEN, url=TRANSCRIBE),
    "transcription-stream": _flow(
        [
            *({"type": "transcript.text.delta", "delta": word} for word in ("One,", " two,", " three,", " four.")),
            {"type": "transcript.text.done", "text": "One, two, three, four.", "usage": HEARD},
        ],
        {**LISTEN, "stream": True},
        url=TRANSCRIBE,
        done=False,
    ),
    "moderations": plain(
        {"id": "modr-1", "model": "m", "results": [HARMLESS]}, {"model": "m", "input": "Hi"}, url="/v1/moderations"
    ),
    "completions": plain(
        {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m", "choices": ECHOED},
        {"model": "m", "prompt": ["one", "two"], "echo": True, "max_tokens": 4},
        url="/v1/completions",
    ),
    "completions-bare": plain(
        {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m", "choices": [GOES_ON]},
        {"model": "m", "prompt": "The capital of France is", "max_tokens": 4},
        url="/v1/completions",
    ),
}

# last, because drifts are tried on the first golden of a kind
LATEST: dict[str, Exchange] = {
    "transcription-verbose": plain(
        {"task": "transcribe", "duration": 2.4, "text": "One, two.", "segments": SPOKEN, "words": SPOKEN},
        {**LISTEN, "response_format": "verbose_json"},
        url=TRANSCRIBE,
    ),
    "rerank": plain(
        {"id": "rr-1", "results": RANKED}, {"model": "r", "query": "q", "documents": ["a", "b", "c"]}, url="/v1/rerank"
    ),
}

SPEECH = plain(
    b"\xff\xfb\x90\x64" + bytes(64),
    SPEAK,
    url="/v1/audio/speech",
    headers={"content-type": "audio/mpeg"},
    total_ms=300.0,
)

# -- tools --------------------------------------------------------------------------------------

TIME = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}
FORCED = {**PROMPT, **ASK_TOOL}
NAMED = {**FORCED, "tool_choice": {"type": "function", "function": {"name": "get_weather"}}}
AUTO = {**PROMPT, "tools": [TOOL]}
# with ids that are others in each sample
LATER = {"content": None, "tool_calls": [{**call("{}", name="get_time"), "id": "call_Lx4fQzT0bWmE"}]}
EITHER = {**AUTO, "response_format": {"type": "json_object"}}
NO_PARAMETERS = {**PROMPT, "tools": [TIME], "tool_choice": "required"}
SHELL = {"type": "custom", "custom": {"name": "run_shell"}}
CUSTOM = {**PROMPT, "tools": [SHELL], "tool_choice": SHELL}
SEVERAL = {**FORCED, "parallel_tool_calls": True}


def _called(request: Mapping[str, Any], *calls: Doc) -> Exchange:
    return plain(completion({"content": None, "tool_calls": list(calls)}, "tool_calls", usage=USAGE), request)


def _fragments(index: int, *parts: str, name: str = "get_weather") -> list[Doc]:
    head = {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
    rest = [{"index": index, "function": {"arguments": part}} for part in parts]
    return [chunk({"tool_calls": [part]}) for part in (head, *rest)]


def _shell(*parts: str) -> list[Doc]:
    head = {"index": 0, "id": "call_0", "type": "custom", "custom": {"name": "run_shell", "input": ""}}
    rest = [{"index": 0, "custom": {"input": part}} for part in parts]
    return [chunk({"tool_calls": [part]}) for part in (head, *rest)]


def _calling(request: Mapping[str, Any], *fragments: Doc) -> Exchange:
    opening = chunk({"role": "assistant", "content": None})
    return _flow([opening, *fragments, chunk({}, "tool_calls")], request)


def _turns() -> list[Exchange]:
    first = call()
    messages = [*ASK["messages"], {"role": "assistant", "content": None, "tool_calls": [first]}]
    messages.append({"role": "tool", "tool_call_id": "call_1", "content": "12.4"})
    second = _answer("It is 12.4 degrees in Paris.", {**AUTO, "messages": messages})
    return [_called(FORCED, first), replace(second, step=1)]


TOOLS: dict[str, Exchange] = {
    "tool-forced": _called(FORCED, call()),
    "tool-forced-stream": _calling(FORCED, *_fragments(0, '{"ci', 'ty": "Pa', 'ris"}')),
    "tool-parallel-stream": _calling(
        SEVERAL, *_fragments(0, '{"city": "Pa', 'ris"}'), *_fragments(1, '{"city": "To', 'kyo"}')
    ),
    "param-parallel-tool-calls": _called(SEVERAL, call()),
    "tool-named": _called(NAMED, call()),
    "tool-choose": _called(AUTO, call()),
    "tool-none": _answer("I can't know it.", {**AUTO, "tool_choice": "none"}),
    "tool-signed": _called(FORCED, {**call(), "extra_content": {"google": {"thought_signature": "c2lnbmVk"}}}),
    "tool-no-parameters": plain(completion(LATER, "tool_calls", id="chatcmpl-Lx4fQzT0bWmE"), NO_PARAMETERS),
    "tool-or-json": _called(EITHER, call()),
    "tool-text-stream": _calling(
        AUTO, chunk({"content": "I will look"}), chunk({"content": " it up."}), *_fragments(0, '{"city": "Pa', 'ris"}')
    ),
    "tool-custom": _called(CUSTOM, {"id": "call_1", "type": "custom", "custom": {"name": "run_shell", "input": "ls"}}),
    "tool-custom-stream": _calling(CUSTOM, *_shell("l", "s")),
}

# -- structured output --------------------------------------------------------------------------

ORDER = {"id": 1041, "status": "paid", "vip": True, "items": [{"sku": "L-7", "price": 19.5}], "total": 159}
SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "status": {"type": "string", "enum": ["open", "paid", "shipped"]},
        "vip": {"type": "boolean"},
        "items": {"type": "array"},
        "total": {"type": "number"},
    },
    "required": ["id", "status", "vip", "items", "total"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "order", "strict": True, "schema": SCHEMA}}
ASK_JSON = {**PROMPT, "response_format": FORMAT}
JSON_TEXT = json.dumps(ORDER, separators=(",", ":"))
PIECES = [JSON_TEXT[i : i + 12] for i in range(0, len(JSON_TEXT), 12)]

STRUCTURED: dict[str, Exchange] = {
    "json-schema": _answer(JSON_TEXT, ASK_JSON),
    "json-schema-stream": _flow(_told(*PIECES), ASK_JSON),
    "json-object": _answer(JSON_TEXT, {**PROMPT, "response_format": {"type": "json_object"}}),
}

# -- embeddings ---------------------------------------------------------------------------------


def _vector(seed: int, width: int = 12) -> list[float]:
    raw = [math.sin(seed * 7.3 + i) for i in range(width)]
    norm = math.sqrt(sum(x * x for x in raw))
    return [round(x / norm, 8) for x in raw]


def _embedded(request: Doc, *vectors: Any) -> Exchange:
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    usage = {"prompt_tokens": 8, "total_tokens": 8}
    body = {"object": "list", "data": data, "model": "e", "usage": usage}
    return plain(body, {"model": "e", **request}, url="/v1/embeddings")


PACKED = base64.b64encode(struct.pack("<12f", *_vector(1))).decode()
BATCH = {"input": ["fox", "rates", "fox", "bake"], "encoding_format": "float"}
EMBEDDINGS: dict[str, Exchange] = {
    "embed": _embedded({"input": "fox", "encoding_format": "float"}, _vector(1)),
    "embed-batch": _embedded(BATCH, _vector(1), _vector(2), _vector(1), _vector(3)),
    "embed-base64": _embedded({"input": "fox", "encoding_format": "base64"}, PACKED),
    "embed-dimensions": _embedded({"input": "fox", "dimensions": 12}, _vector(1)),
}

# -- errors -------------------------------------------------------------------------------------


def _failed(status: int, kind: str, code: str | None, request: Mapping[str, Any] = PROMPT, **more: Any) -> Exchange:
    body = {"error": {"message": "It can't be done.", "type": kind, "param": None, "code": code}}
    return plain(body, request, status=status, **more)


LIMITS = {"retry-after": "2", "x-ratelimit-remaining-requests": "60", "x-ratelimit-reset-requests": "1s"}
ERRORS: dict[str, Exchange] = {
    "error-invalid-request": _failed(400, "invalid_request_error", None, {"model": "m"}),
    "error-unknown-model": _failed(404, "invalid_request_error", "model_not_found"),
    "error-bad-key": _failed(401, "invalid_request_error", "invalid_api_key"),
    "error-too-long": _failed(400, "invalid_request_error", "context_length_exceeded"),
    "burst": _failed(429, "requests", "rate_limit_exceeded", headers=LIMITS),
    "json-schema-refusal": _failed(400, "invalid_request_error", "content_filter"),
}

# -- the Responses API --------------------------------------------------------------------------

RESPONSES_URL = "/v1/responses"
SAYING = {"type": "output_text", "text": "Paris it is.", "annotations": [], "logprobs": []}
MESSAGE = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [SAYING]}
FUNCTION = {
    "type": "function_call",
    "id": "fc_1",
    "call_id": "call_1",
    "name": "get_weather",
    "arguments": '{"city": "Paris"}',
    "status": "completed",
}
SPENT = {
    "input_tokens": 9,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 4,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 13,
}


def _response(*output: Doc, **changes: Any) -> Doc:
    head = {"id": "resp_1", "object": "response", "created_at": 1721172741, "status": "completed", "model": "m-2024"}
    tail = {"error": None, "incomplete_details": None, "output": list(output), "usage": SPENT}
    rest = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "temperature": 0.0, "top_p": 1.0}
    return {**head, **tail, **rest, "metadata": {}, "instructions": None, **changes}


def _events() -> list[Doc]:
    started = _response(status="in_progress", usage=None)
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    empty = {**SAYING, "text": ""}
    words = ("Par", "is it", " is.")
    docs: list[Doc] = [
        {"type": "response.created", "response": started},
        {"type": "response.in_progress", "response": started},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**MESSAGE, "status": "in_progress", "content": []},
        },
        {"type": "response.content_part.added", **place, "part": empty},
        *({"type": "response.output_text.delta", **place, "delta": word, "logprobs": []} for word in words),
        {"type": "response.output_text.done", **place, "text": SAYING["text"], "logprobs": []},
        {"type": "response.content_part.done", **place, "part": SAYING},
        {"type": "response.output_item.done", "output_index": 0, "item": MESSAGE},
        {"type": "response.completed", "response": _response(MESSAGE)},
    ]
    return [{**doc, "sequence_number": i} for i, doc in enumerate(docs)]


def _named_events() -> Exchange:
    frames = [f"event: {doc['type']}\ndata: {json.dumps(doc)}\n\n".encode() for doc in _events()]
    at = [200.0 + 60.0 * i for i in range(len(frames))]
    request = {"model": "m", "input": "Hi", "max_output_tokens": 64}
    return stream(*frames, request=request, done=False, at=at, url=RESPONSES_URL, total_ms=at[-1])


WHY = {"code": "context_length_exceeded", "message": "Your input exceeds the context window of this model."}


def _failing() -> Exchange:
    begun = _response(status="in_progress", usage=None)
    docs: list[Doc] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "error", "error": {"type": "invalid_request_error", **WHY, "param": "input"}},
        {"type": "response.failed", "response": {**begun, "status": "failed", "error": WHY}},
    ]
    frames = [{**doc, "sequence_number": number} for number, doc in enumerate(docs)]
    return _flow(frames, {"model": "m", "input": "one two", "max_output_tokens": 16}, url=RESPONSES_URL, done=False)


FUNCTION_TOOL: Doc = {**TOOL["function"], "type": "function"} if isinstance(TOOL["function"], dict) else {}
ASK_RESPONSE = {"model": "m", "input": "Hi", "max_output_tokens": 64}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAAABsealed"}
FOUND_AT = {"type": "search", "query": "x", "sources": [{"type": "url", "url": "https://host.test/a"}]}
SEARCHED = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": FOUND_AT}
SOURCE = {"type": "url_citation", "url": "https://host.test/a", "title": "A", "start_index": 0, "end_index": 5}
FOUND = {**MESSAGE, "content": [{**SAYING, "annotations": [SOURCE]}]}
LIKELY = {**MESSAGE, "content": [{**SAYING, "logprobs": [{"token": "Hi", "logprob": -0.1, "bytes": None}]}]}
CUSTOM_ITEM = {
    "type": "custom_tool_call",
    "id": "ctc_1",
    "call_id": "call_1",
    "name": "run_shell",
    "input": "ls",
    "status": "completed",
}


def _asked(response: Doc, **parameters: Any) -> Exchange:
    return plain(response, {**ASK_RESPONSE, **parameters}, url=RESPONSES_URL)


AT_LIMIT = {**SPENT, "output_tokens": 16, "total_tokens": 25}
CUT_SHORT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "usage": AT_LIMIT}
RESPONSES: dict[str, Exchange] = {
    "responses": plain(_response(MESSAGE), ASK_RESPONSE, url=RESPONSES_URL),
    "responses-stream": _named_events(),
    "responses-cut": plain(
        _response({**MESSAGE, "status": "incomplete"}, **CUT_SHORT),
        {**ASK_RESPONSE, "max_output_tokens": 16},
        url=RESPONSES_URL,
    ),
    "responses-tool": plain(
        _response(FUNCTION),
        {**ASK_RESPONSE, "tools": [FUNCTION_TOOL], "tool_choice": "required"},
        url=RESPONSES_URL,
    ),
    "responses-reasoning": _asked(_response(THOUGHT, MESSAGE), include=["reasoning.encrypted_content"], store=False),
    "responses-previous": _asked(_response(MESSAGE, previous_response_id="resp_0"), previous_response_id="resp_0"),
    "responses-include": _asked(
        _response(LIKELY, metadata={"ticket": "1041"}),
        metadata={"ticket": "1041"},
        include=["message.output_text.logprobs"],
    ),
    "responses-web-search": _asked(
        _response(SEARCHED, FOUND), tools=[{"type": "web_search"}], include=["web_search_call.action.sources"]
    ),
    "responses-too-long-stream": _failing(),
    "responses-tool-custom": _asked(_response(CUSTOM_ITEM), tools=[{"type": "custom", "name": "run_shell"}]),
}

TWINS = {
    "chat-stream": "chat",
    "chat-stream-usage": "chat",
    "tool-forced": "tool-forced-stream",
    "tool-forced-stream": "tool-forced",
    "json-schema-stream": "json-schema",
    "responses-stream": "responses",
    "responses": "responses-stream",
}


def _sampled(scenario: str, exchange: Exchange) -> list[Exchange]:
    total = 300.0 if exchange.total_ms is None else exchange.total_ms
    first = replace(exchange, scenario=scenario, total_ms=total)
    return [first, replace(vary(first, Random(len(scenario))), sample=1)]


SINGLE: dict[str, Exchange] = {**TEXT, **OTHERS, **TOOLS, **STRUCTURED, **EMBEDDINGS, **ERRORS, **RESPONSES}
GOLDENS: dict[str, list[Exchange]] = {
    **{name: _sampled(name, exchange) for name, exchange in SINGLE.items()},
    # not among the others, whose bodies tests read as JSON
    "audio-speech": _sampled("audio-speech", SPEECH),
    **{name: _sampled(name, exchange) for name, exchange in LATEST.items()},
    "tool-roundtrip": [one for turn in _turns() for one in _sampled("tool-roundtrip", turn)],
}
