"""Calls LiteLLM as a client of a compatible route: completion and acompletion, plain and streamed, embeddings."""

from __future__ import annotations

import inspect

import _protocol  # before the SDK: it watches what an import connects to
import litellm
from _answers import Fold, read
from _protocol import plain

_WARM = {"endpoint": "chat.completions", "call": "stream", "body": {"model": "m", "messages": [], "stream": True}}
_WAYS = {
    "chat.completions": (litellm.completion, litellm.acompletion),
    "embeddings": (litellm.embedding, litellm.aembedding),
}


def main():
    """The driver."""
    known = {name: sorted(inspect.signature(sync).parameters) for name, (sync, _) in _WAYS.items()}
    versions = _protocol.versions("litellm", "openai")
    _protocol.serve({"driver": "litellm", "versions": versions, "parameters": known}, perform, _WARM)


def perform(job, seen):
    """Makes one call."""
    sync, coroutine = _WAYS[job["endpoint"]]
    if job["call"] == "async":
        return _protocol.awaited(_async(coroutine, job, seen))
    answer = sync(**_arguments(job))
    if job["call"] == "stream":
        return _streamed(answer, job, seen)
    return _read(job, answer, seen)


def _arguments(job):
    body = job["body"]
    extra = {name: value for name, value in body.items() if name in job.get("extra", ())}
    known = {name: value for name, value in body.items() if name not in extra and name != "model"}
    timeout = {"timeout": job["read_timeout"]} if "read_timeout" in job else {}
    # `openai/` is the provider that speaks to any compatible route
    route = {"model": f"openai/{body.get('model')}", "api_base": job["base_url"], "api_key": job["api_key"]}
    empty = {"messages": []} if job["endpoint"] == "chat.completions" else {}
    return empty | known | route | timeout | ({"extra_body": extra} if extra else {})


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
    if job["endpoint"] == "chat.completions":
        return read(job["endpoint"], answer, seen)
    vectors = [item["embedding"] for item in answer.data]
    seen["values"]["usage"] = plain(answer.usage)
    seen["values"]["vectors"] = [{"type": type(vector).__name__, "width": len(vector)} for vector in vectors]
    return None


main()
