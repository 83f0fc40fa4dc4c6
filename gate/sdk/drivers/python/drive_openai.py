"""Calls the official SDK for Python as applications do: sync, async, raw, streamed, parsed, by the stream's helper."""

from __future__ import annotations

import asyncio
import inspect

import _protocol  # before the SDK: it watches what an import connects to
import openai
from _answers import Fold, read, read_models
from _models import model
from _protocol import plain

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
    versions = _protocol.versions("openai")
    _protocol.serve({"driver": "openai", "versions": versions, "parameters": _parameters()}, perform)


def _parameters():
    """By operation; one that the version does not have yet is not named."""
    client = openai.OpenAI(api_key="-")
    methods = {name: getattr(_at(client, path), "create", None) for name, path in _METHODS.items()}
    methods["models"] = client.models.list
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
    resource = _at(client, _METHODS[job["endpoint"]])
    if job["endpoint"] == "models":
        read_models(resource.list(), seen)
    else:
        read(job["endpoint"], resource.create(**_arguments(job)), seen)


def _raw(client, job, seen):
    resource = _at(client, _METHODS[job["endpoint"]])
    response = resource.with_raw_response.create(**_arguments(job))
    seen["headers"] = sorted({name.lower() for name in response.headers})
    read(job["endpoint"], response.parse(), seen)


def _stream(client, job, seen):
    stream = _at(client, _METHODS[job["endpoint"]]).create(**_arguments(job))
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
    resource = _at(client, _METHODS[job["endpoint"]])
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
    arguments["response_format"] = model(arguments["response_format"]["json_schema"])
    resource = client.chat.completions
    if not hasattr(resource, "parse"):
        resource = client.beta.chat.completions
    answer = resource.parse(**arguments)
    read(job["endpoint"], answer, seen)
    seen["values"]["parsed"] = plain([choice.message.parsed for choice in answer.choices])


async def _async(job, seen, options):
    async with openai.AsyncOpenAI(**options) as client:
        resource = _at(client, _METHODS[job["endpoint"]])
        if job["endpoint"] == "models":
            return read_models(await resource.list(), seen)
        answer = await resource.create(**_arguments(job))
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
    extra = {key: value for key, value in job["body"].items() if key in job.get("extra", ())}
    known = {key: value for key, value in job["body"].items() if key not in extra}
    return known | ({"extra_body": extra} if extra else {})


def _at(client, path):
    for name in path:
        client = getattr(client, name, None)
    return client


main()
