"""Calls the official SDK for Python as applications do: sync, async, raw, streamed, parsed, by the stream's helper."""

from __future__ import annotations

import asyncio
import inspect
import platform
from importlib import metadata

import openai
import pydantic
from _protocol import dumped, plain, serve

_METHODS = {
    "chat.completions": ("chat", "completions"),
    "completions": ("completions",),
    "embeddings": ("embeddings",),
    "models": ("models",),
    "moderations": ("moderations",),
    "responses": ("responses",),
}


def main():
    """The driver."""
    serve(
        {
            "driver": "openai",
            "versions": {"openai": openai.__version__, **_transports(), "python": platform.python_version()},
            "parameters": _parameters(),
        },
        perform,
    )


def _transports():
    """What carries the requests, in whatever is installed: openai 3 has another client than openai 2."""
    names = ("httpx", "httpx2", "httpcore", "h11", "aiohttp", "pydantic", "jiter")
    return {
        d.metadata["Name"].lower(): d.version for d in metadata.distributions() if d.metadata["Name"].lower() in names
    }


def _parameters():
    client = openai.OpenAI(api_key="-")
    found = {}
    for name, path in _METHODS.items():
        method = getattr(_at(client, path), "create", None)
        if method:
            found[name] = sorted(inspect.signature(method).parameters)
    return found


def perform(job, seen):
    """Makes one call."""
    options = {"base_url": job["base_url"], "api_key": job["api_key"]}
    if "read_timeout" in job:
        options["timeout"] = job["read_timeout"]
    if job["call"] == "async":
        return asyncio.run(_async(job, seen, options))
    with openai.OpenAI(**options) as client:
        return _CALLS[job["call"]](client, job, seen)


# -- ways of calling ----------------------------------------------------------------------------


def _create(client, job, seen):
    resource = _at(client, _METHODS[job["endpoint"]])
    if job["endpoint"] == "models":
        _read_models(resource.list(), seen)
    else:
        _read(job["endpoint"], resource.create(**_arguments(job)), seen)


def _raw(client, job, seen):
    resource = _at(client, _METHODS[job["endpoint"]])
    response = resource.with_raw_response.create(**_arguments(job))
    seen["headers"] = sorted({name.lower() for name in response.headers})
    _read(job["endpoint"], response.parse(), seen)


def _stream(client, job, seen):
    stream = _at(client, _METHODS[job["endpoint"]]).create(**_arguments(job))
    fold = _Fold(job["endpoint"], seen)
    for number, event in enumerate(stream):
        fold.add(event)
        if number + 1 == job.get("cancel_after"):
            stream.close()
            break
    fold.end()


def _helper(client, job, seen):
    arguments = _arguments(job)
    arguments.pop("stream", None)
    resource = _at(client, _METHODS[job["endpoint"]])
    if not hasattr(resource, "stream"):  # before openai 1.92
        resource = client.beta.chat.completions
    with resource.stream(**arguments) as stream:
        for event in stream:
            _count(seen, event.type)
        final = stream.get_final_completion() if job["endpoint"] == "chat.completions" else stream.get_final_response()
    _read(job["endpoint"], final, seen)


def _parse(client, job, seen):
    arguments = _arguments(job)
    arguments["response_format"] = _model(arguments["response_format"]["json_schema"])
    resource = client.chat.completions
    if not hasattr(resource, "parse"):
        resource = client.beta.chat.completions
    answer = resource.parse(**arguments)
    _read(job["endpoint"], answer, seen)
    seen["values"]["parsed"] = plain([choice.message.parsed for choice in answer.choices])


async def _async(job, seen, options):
    async with openai.AsyncOpenAI(**options) as client:
        resource = _at(client, _METHODS[job["endpoint"]])
        if job["endpoint"] == "models":
            return _read_models(await resource.list(), seen)
        answer = await resource.create(**_arguments(job))
        if not job["body"].get("stream"):
            return _read(job["endpoint"], answer, seen)
        fold = _Fold(job["endpoint"], seen)
        async for event in answer:
            fold.add(event)
        return fold.end()


_CALLS = {"create": _create, "raw": _raw, "stream": _stream, "helper": _helper, "parse": _parse}


def _arguments(job):
    """The body as keyword arguments; what the version before did not know goes into `extra_body`."""
    extra = {key: value for key, value in job["body"].items() if key in job.get("extra", ())}
    known = {key: value for key, value in job["body"].items() if key not in extra}
    return known | ({"extra_body": extra} if extra else {})


def _at(client, path):
    for name in path:
        client = getattr(client, name)
    return client


def _model(schema):
    """A pydantic model of the JSON Schema's shape, as an application would have written it."""
    return _typed(schema["schema"], schema.get("name", "Answer"))


def _typed(schema, name):
    simple = {"string": str, "integer": int, "number": float, "boolean": bool}
    if schema.get("type") == "object":
        fields = {key: (_typed(value, f"{name}_{key}"), ...) for key, value in schema.get("properties", {}).items()}
        return pydantic.create_model(name, **fields)
    if schema.get("type") == "array":
        return list[_typed(schema.get("items", {}), name)]
    return simple.get(schema.get("type"), str)


# -- what is read -------------------------------------------------------------------------------


def _read(endpoint, answer, seen):
    values = seen["values"]
    values["type"] = type(answer).__name__
    if request_id := getattr(answer, "_request_id", None):
        seen["headers"] = sorted({*seen["headers"], "x-request-id"}) if request_id else seen["headers"]
    values["usage"] = dumped(getattr(answer, "usage", None))
    values["model"] = plain(getattr(answer, "model", None))
    _READ[endpoint](answer, values)


def _read_chat(answer, values):
    choices = answer.choices or []
    messages = [choice.message for choice in choices]
    values["text"] = [plain(message.content) for message in messages]
    values["refusal"] = [plain(getattr(message, "refusal", None)) for message in messages]
    values["reasoning"] = [_reasoning(message) for message in messages]
    values["finish_reason"] = [plain(choice.finish_reason) for choice in choices]
    values["tool_calls"] = [_call(call) for message in messages for call in message.tool_calls or []]
    values["logprobs"] = sum(len(_tokens(choice)) for choice in choices)


def _reasoning(message):
    return plain(getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None))


def _call(call):
    function = getattr(call, "function", None)
    return {
        "id": plain(call.id),
        "type": plain(call.type),
        "name": plain(getattr(function, "name", None)),
        "arguments": plain(getattr(function, "arguments", None)),
    }


def _tokens(choice):
    return getattr(getattr(choice, "logprobs", None), "content", None) or []


def _read_completion(answer, values):
    values["text"] = [plain(choice.text) for choice in answer.choices]
    values["finish_reason"] = [plain(choice.finish_reason) for choice in answer.choices]


def _read_embeddings(answer, values):
    values["vectors"] = [{"type": type(item.embedding).__name__, "width": len(item.embedding)} for item in answer.data]


def _read_response(answer, values):
    values["text"] = plain(answer.output_text)
    values["status"] = plain(answer.status)
    values["items"] = [plain(item.type) for item in answer.output]
    values["tool_calls"] = [
        {"id": plain(item.call_id), "name": plain(item.name), "arguments": plain(item.arguments)}
        for item in answer.output
        if item.type == "function_call"
    ]


def _read_models(page, seen):
    seen["values"]["models"] = [plain(model.id) for model in page.data]
    seen["values"]["type"] = type(page).__name__


_READ = {
    "chat.completions": _read_chat,
    "completions": _read_completion,
    "embeddings": _read_embeddings,
    "responses": _read_response,
    "moderations": lambda answer, values: values.update(results=len(answer.results)),
}


def _count(seen, kind):
    seen["events"][kind] = seen["events"].get(kind, 0) + 1


class _Fold:
    """What an application's own loop over a stream collects."""

    def __init__(self, endpoint, seen):
        self.endpoint, self.seen = endpoint, seen
        self.text, self.reasoning, self.refusal, self.calls, self.finish = {}, {}, {}, {}, {}
        self.final = None

    def add(self, event):
        """One event."""
        kind = getattr(event, "type", None) or type(event).__name__
        _count(self.seen, kind)
        if self.endpoint == "responses":
            self._response(event, kind)
        else:
            self._chunk(event)

    def _response(self, event, kind):
        if kind == "response.output_text.delta":
            self.text[0] = self.text.get(0, "") + event.delta
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            self.final = event.response

    def _chunk(self, chunk):
        if getattr(chunk, "usage", None):
            self.seen["values"]["usage"] = dumped(chunk.usage)
        for choice in chunk.choices:
            if choice.finish_reason:
                self.finish[choice.index] = plain(choice.finish_reason)
            if self.endpoint == "completions":
                self.text[choice.index] = self.text.get(choice.index, "") + choice.text
            else:
                self._delta(choice.index, choice.delta)

    def _delta(self, index, delta):
        self.text[index] = self.text.get(index, "") + (delta.content or "")
        self.reasoning[index] = self.reasoning.get(index, "") + (_reasoning(delta) or "")
        self.refusal[index] = self.refusal.get(index, "") + (getattr(delta, "refusal", None) or "")
        for part in delta.tool_calls or []:
            call = self.calls.setdefault((index, part.index), {"id": None, "name": "", "arguments": ""})
            call["id"] = call["id"] or plain(part.id)
            if part.function:
                call["name"] += part.function.name or ""
                call["arguments"] += part.function.arguments or ""

    def end(self):
        """The stream is over."""
        if self.final is not None:
            _read("responses", self.final, self.seen)
        values = self.seen["values"]
        values["text"] = [self.text[index] for index in sorted(self.text)]
        values["reasoning"] = [self.reasoning[index] for index in sorted(self.reasoning)]
        values["refusal"] = [self.refusal[index] for index in sorted(self.refusal)]
        values["finish_reason"] = [self.finish.get(index) for index in sorted(self.text)]
        values["tool_calls"] = [self.calls[key] for key in sorted(self.calls, key=str)]


main()
