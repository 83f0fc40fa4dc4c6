"""Runs an agent of the OpenAI Agents SDK as applications do: run_sync, run, run_streamed, tools, output types."""

from __future__ import annotations

import asyncio

import _protocol  # before the SDK: it watches what an import connects to
from _models import model
from _protocol import plain
from agents import Agent, FunctionTool, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner
from openai import AsyncOpenAI

_WARM = {"endpoint": "chat.completions", "call": "stream", "body": {"model": "m", "messages": [], "stream": True}}
_MODELS = {"chat.completions": OpenAIChatCompletionsModel, "responses": OpenAIResponsesModel}
_SETTINGS = {"temperature": "temperature", "top_p": "top_p", "max_tokens": "max_tokens", "tool_choice": "tool_choice"}
_SETTINGS |= {"max_output_tokens": "max_tokens", "parallel_tool_calls": "parallel_tool_calls"}
_OTHERWISE = {"model", "messages", "input", "tools", "stream", "stream_options", "response_format"}


def main():
    """The driver."""
    versions = _protocol.versions("openai-agents", "openai")
    _protocol.serve({"driver": "openai-agents", "versions": versions, "parameters": {}}, perform, _WARM)


def perform(job, seen):
    """Makes one call."""
    if job["call"] != "create":
        return _protocol.awaited(_run(job, seen))
    asyncio.set_event_loop(asyncio.new_event_loop())  # run_sync wants one, and a thread has none
    return _read(Runner.run_sync(*_asked(job, _client(job))), seen)


async def _run(job, seen):
    async with _client(job) as client:
        if not job["body"].get("stream"):
            return _read(await Runner.run(*_asked(job, client)), seen)
        run = Runner.run_streamed(*_asked(job, client))
        number = 0
        async for event in run.stream_events():
            _protocol.count(seen, _kind(event))
            if event.type == "raw_response_event" and event.data.type.endswith(".delta"):
                _protocol.token(seen)
            if _protocol.left(seen, number, job):
                run.cancel()
                break
            number += 1
        return _read(run, seen)


def _client(job):
    timeout = {"timeout": job["read_timeout"]} if "read_timeout" in job else {}
    return AsyncOpenAI(base_url=job["base_url"], api_key=job["api_key"], **timeout)


def _asked(job, client):
    body = job["body"]
    agent = _agent(job, _MODELS[job["endpoint"]](model=body.get("model"), openai_client=client))
    return agent, _items(body.get("messages", body.get("input", [])))


def _agent(job, route):
    body = job["body"]
    settings = {_SETTINGS[name]: value for name, value in body.items() if name in _SETTINGS}
    extra = {name: value for name, value in body.items() if name not in _SETTINGS and name not in _OTHERWISE}
    if body.get("stream_options"):
        settings["include_usage"] = True
    form = {"output_type": model(body["response_format"]["json_schema"])} if "response_format" in body else {}
    return Agent(
        name="gate",
        model=route,
        model_settings=ModelSettings(**settings, extra_body=extra or None),
        tools=[_tool(tool) for tool in body.get("tools", ())],
        # no second request after a tool: the recorded one is the application's own next step
        tool_use_behavior="stop_on_first_tool",
        **form,
    )


def _tool(tool):
    function = tool.get("function", tool)

    async def called(_, arguments):
        return arguments

    return FunctionTool(
        name=function["name"],
        description=function.get("description", ""),
        params_json_schema=function.get("parameters", {}),
        on_invoke_tool=called,
        strict_json_schema=False,
    )


def _items(given):
    """Messages as the agents' own input: tool calls and their results are items there."""
    if isinstance(given, str):
        return given
    return [item for message in given for item in _converted(message)]


def _converted(message):
    if message.get("role") == "tool":
        yield {"type": "function_call_output", "call_id": message["tool_call_id"], "output": message["content"]}
        return
    if message.get("content"):
        yield {"role": message["role"], "content": message["content"]}
    for call in message.get("tool_calls", ()):
        yield {"type": "function_call", "call_id": call["id"], **call["function"]}


def _kind(event):
    if event.type == "raw_response_event":
        return f"{event.type}:{event.data.type}"
    return f"{event.type}:{getattr(event, 'name', '')}"


def _read(run, seen):
    values = seen["values"]
    items = [item for response in run.raw_responses for item in response.output]
    values["text"] = plain(run.final_output)
    values["items"] = [plain(item.type) for item in items]
    values["reasoning"] = [plain(item.summary) for item in items if item.type == "reasoning"]
    values["tool_calls"] = [
        {"id": plain(item.call_id), "name": plain(item.name), "arguments": plain(item.arguments)}
        for item in items
        if item.type == "function_call"
    ]
    used = [response.usage for response in run.raw_responses]
    names = ("requests", "input_tokens", "output_tokens", "total_tokens")
    values["usage"] = [{name: plain(getattr(usage, name, None)) for name in names} for usage in used]


main()
