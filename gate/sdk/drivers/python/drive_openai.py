"""Calls the official SDK for Python as applications do: sync, async, raw, streamed, parsed, by the stream's helper."""

from __future__ import annotations

import asyncio
import base64
import inspect

import _protocol  # before the SDK: it watches what an import connects to
import openai
from _answers import Fold, read
from _models import model
from _protocol import plain

# Where a method is not called `create`.
_NAMED = {"files": "list", "images": "generate", "models": "list"}
_ENDPOINTS = (
    "audio.speech", "audio.transcriptions", "chat.completions", "completions", "embeddings", "files", "images",
    "models", "moderations", "responses",
)  # fmt: skip


def main():
    """The driver."""
    versions = _protocol.versions("openai")
    _protocol.serve({"driver": "openai", "versions": versions, "parameters": _parameters()}, perform, at_once=8)


def _parameters():
    """By operation; one that the version does not have yet is not named."""
    client = openai.OpenAI(api_key="-")
    methods = {name: _method(_resource(client, name), name) for name in _ENDPOINTS}
    return {name: sorted(inspect.signature(method).parameters) for name, method in methods.items() if method}


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
    method = _method(_resource(client, job["endpoint"]), job["endpoint"])
    read(job["endpoint"], method(**_arguments(job)), seen)


def _raw(client, job, seen):
    method = _method(_resource(client, job["endpoint"]).with_raw_response, job["endpoint"])
    response = method(**_arguments(job))
    seen["headers"] = sorted({name.lower() for name in response.headers})
    read(job["endpoint"], response.parse(), seen)


def _stream(client, job, seen):
    stream = _method(_resource(client, job["endpoint"]), job["endpoint"])(**_arguments(job))
    seen["headers"] = sorted({name.lower() for name in stream.response.headers})
    fold = Fold(job["endpoint"], seen)
    for number, event in enumerate(stream):
        fold.add(event)
        if _protocol.left(seen, number, job):
            stream.close()
            break
    fold.end()


def _helper(client, job, seen):
    arguments = _arguments(job)
    arguments.pop("stream", None)
    resource = _resource(client, job["endpoint"])
    if not hasattr(resource, "stream"):  # before openai 1.92
        resource = client.beta.chat.completions
    with resource.stream(**arguments) as stream:
        for event in stream:
            _protocol.count(seen, event.type)
            if event.type.endswith(".delta"):
                _protocol.token(seen)
        final = stream.get_final_completion() if job["endpoint"] == "chat.completions" else stream.get_final_response()
    read(job["endpoint"], final, seen)


def _parse(client, job, seen):
    arguments = _arguments(job)
    if job["endpoint"] == "responses":
        _parse_response(client, arguments, seen)
        return
    arguments["response_format"] = model(arguments["response_format"]["json_schema"])
    resource = client.chat.completions
    if not hasattr(resource, "parse"):
        resource = client.beta.chat.completions
    answer = resource.parse(**arguments)
    read(job["endpoint"], answer, seen)
    seen["values"]["parsed"] = plain([choice.message.parsed for choice in answer.choices])


def _parse_response(client, arguments, seen):
    arguments["text_format"] = model(arguments["text"]["format"])
    arguments["text"] = {
        name: value for name, value in arguments["text"].items() if name != "format"
    } or openai.NOT_GIVEN
    answer = client.responses.parse(**arguments)
    read("responses", answer, seen)
    seen["values"]["parsed"] = plain(answer.output_parsed)


async def _async(job, seen, options):
    async with openai.AsyncOpenAI(**options) as client:
        answer = await _method(_resource(client, job["endpoint"]), job["endpoint"])(**_arguments(job))
        if not job["body"].get("stream"):
            return read(job["endpoint"], answer, seen)
        fold = Fold(job["endpoint"], seen)
        number = 0
        async for event in answer:
            fold.add(event)
            if _protocol.left(seen, number, job):
                await answer.close()
                break
            number += 1
        return fold.end()


_CALLS = {"create": _create, "raw": _raw, "stream": _stream, "helper": _helper, "parse": _parse}


def _arguments(job):
    """The body as keyword arguments; what the version before did not know goes into `extra_body`."""
    body = {name: _file(value) for name, value in job["body"].items()}
    extra = {key: value for key, value in body.items() if key in job.get("extra", ())}
    known = {key: value for key, value in body.items() if key not in extra}
    return known | ({"extra_body": extra} if extra else {})


def _file(value):
    """A file as a name and its content."""
    if isinstance(value, dict) and value.keys() == {"name", "base64"}:
        return value["name"], base64.b64decode(value["base64"])
    return value


def _resource(client, endpoint):
    for name in endpoint.split("."):
        client = getattr(client, name, None)
    return client


def _method(resource, endpoint):
    return getattr(resource, _NAMED.get(endpoint, "create"), None)


main()
