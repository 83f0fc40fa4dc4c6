"""Calls LiteLLM as a client of a compatible route: sync and async, plain and streamed; chat, and what is beside it."""

from __future__ import annotations

import base64
import inspect
import io

import _protocol  # before the SDK: it watches what an import connects to
import litellm
from _answers import Fold, read
from _protocol import plain

_WARM = {"endpoint": "chat.completions", "call": "stream", "body": {"model": "m", "messages": [], "stream": True}}
# By operation; with an `a` before it, it is a coroutine.
# (It makes a stream of a response itself, of a plain one, for every model that it has no entry for.)
_NAMED = {
    "audio.speech": "speech",
    "audio.transcriptions": "transcription",
    "chat.completions": "completion",
    "completions": "text_completion",
    "embeddings": "embedding",
    "images": "image_generation",
    "moderations": "moderation",
    "responses": "responses",
}
# What a call must have, and the golden of an error may lack.
_EMPTY = {"chat.completions": {"messages": []}, "completions": {"prompt": ""}, "responses": {"input": ""}}


def main():
    """The driver."""
    ways = {endpoint: getattr(litellm, name, None) for endpoint, name in _NAMED.items()}
    known = {endpoint: sorted(inspect.signature(way).parameters) for endpoint, way in ways.items() if way}
    versions = _protocol.versions("litellm", "openai")
    _protocol.serve({"driver": "litellm", "versions": versions, "parameters": known}, perform, _WARM)


def perform(job, seen):
    """Makes one call."""
    if job["call"] == "async":
        return _protocol.awaited(_async(getattr(litellm, f"a{_NAMED[job['endpoint']]}"), job, seen))
    answer = getattr(litellm, _NAMED[job["endpoint"]])(**_arguments(job))
    if job["call"] == "stream":
        return _streamed(answer, job, seen)
    return _read(job, answer, seen)


def _arguments(job):
    body = {name: _file(value) for name, value in job["body"].items()}
    extra = {name: value for name, value in body.items() if name in job.get("extra", ())}
    known = {name: value for name, value in body.items() if name not in extra and name != "model"}
    timeout = {"timeout": job["read_timeout"]} if "read_timeout" in job else {}
    # `openai/` is the provider that speaks to any compatible route; that of text completions has another name
    provider = "text-completion-openai" if job["endpoint"] == "completions" else "openai"
    route = {"model": f"{provider}/{body.get('model')}", "api_base": job["base_url"], "api_key": job["api_key"]}
    empty = _EMPTY.get(job["endpoint"], {})
    return empty | known | route | timeout | ({"extra_body": extra} if extra else {})


def _file(value):
    """A file that is open, with its name."""
    if isinstance(value, dict) and value.keys() == {"name", "base64"}:
        file = io.BytesIO(base64.b64decode(value["base64"]))
        file.name = value["name"]
        return file
    return value


async def _async(coroutine, job, seen):
    answer = await coroutine(**_arguments(job))
    if not job["body"].get("stream"):
        return _read(job, answer, seen)
    fold, number = Fold(job["endpoint"], seen), 0
    async for event in answer:
        fold.add(event)
        if _protocol.left(seen, number, job):
            break
        number += 1
    return fold.end()


def _streamed(answer, job, seen):
    fold = Fold(job["endpoint"], seen)
    for number, event in enumerate(answer):
        fold.add(event)
        if _protocol.left(seen, number, job):
            break
    fold.end()


def _read(job, answer, seen):
    if job["endpoint"] != "embeddings":
        return read(job["endpoint"], answer, seen)
    vectors = [item["embedding"] for item in answer.data]
    seen["values"]["usage"] = plain(answer.usage)
    seen["values"]["vectors"] = [{"type": type(vector).__name__, "width": len(vector)} for vector in vectors]
    return None


main()
