"""Runs an agent of Pydantic AI as applications do: run_sync, run, a loop over the events of a stream, output types; its
embedder and its generator of images, where the version has them."""

from __future__ import annotations

import asyncio

import _protocol  # before the SDK: it watches what an import connects to
from _models import model
from _protocol import plain
from openai import AsyncOpenAI
from pydantic_ai import Agent, DeferredToolRequests, NativeOutput, ToolDefinition, direct
from pydantic_ai import messages as said
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.toolsets import ExternalToolset

try:
    from pydantic_ai.embeddings import Embedder
    from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
except ImportError:
    Embedder = None
try:
    from pydantic_ai.images import ImageGenerator
    from pydantic_ai.images.openai import OpenAIImageGenerationModel
except ImportError:
    ImageGenerator = None

_WARM = {"endpoint": "chat.completions", "call": "stream", "body": {"model": "m", "messages": [], "stream": True}}
_MODELS = {"chat.completions": OpenAIChatModel, "responses": OpenAIResponsesModel}
_SETTINGS = {"temperature": "temperature", "top_p": "top_p", "max_tokens": "max_tokens"}
_SETTINGS |= {"max_output_tokens": "max_tokens"}
_OTHERWISE = {"model", "messages", "input", "tools", "stream", "stream_options", "response_format"}


def main():
    """The driver."""
    versions = _protocol.versions("pydantic-ai-slim", "openai")
    there = {**_MODELS, "embeddings": Embedder, "images": ImageGenerator}
    known = {name: [] for name, way in there.items() if way}
    _protocol.serve({"driver": "pydantic-ai-slim", "versions": versions, "parameters": known}, perform, _WARM)


def perform(job, seen):
    """Makes one call."""
    waited = job["call"] in ("async", "stream")
    if not waited:
        asyncio.set_event_loop(asyncio.new_event_loop())  # run_sync wants one, and a thread has none
    if job["endpoint"] in _BESIDE:
        return _BESIDE[job["endpoint"]](job, seen, _protocol.awaited if waited else None)
    if waited:
        return _protocol.awaited(_run(job, seen))
    history = _history(job["body"])
    if _begun(history):
        answer = direct.model_request_sync(_route(job, _client(job)), history, **_alone(job))
        return _read([answer], answer, job, seen)
    result = _agent(job, _client(job)).run_sync(None, message_history=history)
    return _read(result.all_messages(), result.output, job, seen)


def _embed(job, seen, wait):
    provider = OpenAIProvider(openai_client=_client(job))
    embedder = Embedder(OpenAIEmbeddingModel(job["body"].get("model"), provider=provider))
    texts = job["body"].get("input", "")
    texts = texts if isinstance(texts, list) else [texts]
    answer = wait(embedder.embed_documents(texts)) if wait else embedder.embed_documents_sync(texts)
    seen["values"]["vectors"] = [{"type": type(one).__name__, "width": len(one)} for one in answer.embeddings]
    seen["values"]["usage"] = {"input_tokens": plain(answer.usage.input_tokens)}


def _draw(job, seen, wait):
    provider = OpenAIProvider(openai_client=_client(job))
    generator = ImageGenerator(OpenAIImageGenerationModel(job["body"].get("model"), provider=provider))
    prompt = job["body"].get("prompt", "")
    answer = wait(generator.generate(prompt)) if wait else generator.generate_sync(prompt)
    seen["values"]["images"] = [{"type": one.output_format, "width": len(one.content.data)} for one in answer.images]


_BESIDE = {"embeddings": _embed, "images": _draw}


async def _run(job, seen):
    history, streamed = _history(job["body"]), job["body"].get("stream")
    async with _client(job) as client:
        if _begun(history):
            return await _direct(_route(job, client), history, job, seen)
        agent = _agent(job, client)
        if not streamed:
            result = await agent.run(None, message_history=history)
        else:
            async with agent.iter(None, message_history=history) as run:
                await _streamed(run, job, seen)
            result = run.result
        return result and _read(result.all_messages(), result.output, job, seen)


def _begun(history):
    """Whether the answer's beginning is given: an agent takes that for an answer, and asks for nothing."""
    return bool(history) and isinstance(history[-1], said.ModelResponse)


async def _direct(route, history, job, seen):
    if not job["body"].get("stream"):
        answer = await direct.model_request(route, history, **_alone(job))
    else:
        async with direct.model_request_stream(route, history, **_alone(job)) as stream:
            await _events(stream, job, seen)
        answer = stream.get() if callable(getattr(stream, "get", None)) else stream.response
    return _read([answer], answer, job, seen)


def _alone(job):
    parameters = ModelRequestParameters(function_tools=_tools(job["body"]), allow_text_output=True)
    return {"model_settings": _settings(job["body"]), "model_request_parameters": parameters}


async def _streamed(run, job, seen):
    async for node in run:
        if Agent.is_model_request_node(node):
            async with node.stream(run.ctx) as stream:
                if await _events(stream, job, seen):
                    return


async def _events(stream, job, seen):
    """The events of one answer; whether the application left them."""
    number = 0
    async for event in stream:
        _protocol.count(seen, _protocol.kind(event))
        _protocol.token(seen)
        if _protocol.left(seen, number, job):
            return True
        number += 1
    return False


def _client(job):
    timeout = {"timeout": job["read_timeout"]} if "read_timeout" in job else {}
    return AsyncOpenAI(base_url=job["base_url"], api_key=job["api_key"], **timeout)


def _route(job, client):
    name = str(job["body"].get("model"))
    return _MODELS[job["endpoint"]](name, provider=OpenAIProvider(openai_client=client))


def _agent(job, client):
    body = job["body"]
    form = body.get("response_format", {}).get("json_schema") if job["call"] == "parse" else None
    # tools that somebody else runs: the recorded request after them is the application's own next step
    tools = _tools(body)
    return Agent(
        _route(job, client),
        output_type=NativeOutput(model(form)) if form else [str, DeferredToolRequests],
        model_settings=_settings(body),
        toolsets=[ExternalToolset(tools)] if tools else None,
        retries=0,
    )


def _settings(body):
    settings = {_SETTINGS[name]: value for name, value in body.items() if name in _SETTINGS}
    extra = {name: value for name, value in body.items() if name not in _SETTINGS and name not in _OTHERWISE}
    return {**settings, "extra_body": extra} if extra else settings


def _tools(body):
    return [_tool(tool.get("function", tool)) for tool in body.get("tools", ())]


def _tool(function):
    return ToolDefinition(
        name=function["name"],
        description=function.get("description", ""),
        parameters_json_schema=function.get("parameters", {"type": "object", "properties": {}}),
    )


def _history(body):
    given = body.get("messages", body.get("input", []))
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return [_message(message) for message in given]


def _message(message):
    role, content = message.get("role"), message.get("content")
    if role == "assistant":
        parts = [said.TextPart(content)] if content else []
        for call in message.get("tool_calls", ()):
            name, arguments = call["function"]["name"], call["function"]["arguments"]
            parts.append(said.ToolCallPart(name, arguments, tool_call_id=call["id"]))
        return said.ModelResponse(parts=parts)
    if role == "tool":
        return said.ModelRequest(parts=[said.ToolReturnPart("tool", content, tool_call_id=message["tool_call_id"])])
    part = said.UserPromptPart if role == "user" else said.SystemPromptPart
    return said.ModelRequest(parts=[part(content)])


def _read(messages, output, job, seen):
    values = seen["values"]
    answer = [message for message in messages if isinstance(message, said.ModelResponse)][-1]
    by_kind = {}
    for part in answer.parts:
        by_kind.setdefault(part.part_kind, []).append(part)
    values["text"] = [plain(part.content) for part in by_kind.get("text", ())]
    values["reasoning"] = [plain(part.content) for part in by_kind.get("thinking", ())]
    values["tool_calls"] = [
        {"id": plain(part.tool_call_id), "name": plain(part.tool_name), "arguments": plain(part.args)}
        for part in by_kind.get("tool-call", ())
    ]
    values["type"] = _protocol.kind(output)
    if job["call"] == "parse":
        values["parsed"] = plain(output)
    values["finish_reason"] = plain(getattr(answer, "finish_reason", None))
    values["model"] = plain(answer.model_name)
    names = ("input_tokens", "output_tokens", "total_tokens")
    values["usage"] = {name: plain(getattr(answer.usage, name, None)) for name in names}


main()
