"""Calls LangChain's ChatOpenAI as applications do: invoke, ainvoke, stream, bind_tools, with_structured_output; its
OpenAI for text completions, and its embeddings."""

from __future__ import annotations

import _protocol  # before the SDK: it watches what an import connects to
from _models import model
from _protocol import plain
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings

_WARM = {"endpoint": "chat.completions", "call": "stream", "body": {"model": "m", "messages": [], "stream": True}}
# What is bound to a call, and what the way of calling says.
_BOUND = {"messages", "input", "tools", "tool_choice", "stop", "response_format", "stream", "stream_options"}
_NAMES = {"max_output_tokens": "max_tokens"}


def main():
    """The driver."""
    versions = _protocol.versions("langchain-openai", "langchain-core", "openai")
    fields = {field.alias or name for name, field in ChatOpenAI.model_fields.items()} | set(ChatOpenAI.model_fields)
    known = {"chat.completions": sorted(fields | _BOUND), "completions": [], "embeddings": [], "responses": []}
    _protocol.serve({"driver": "langchain-openai", "versions": versions, "parameters": known}, perform, _WARM)


def perform(job, seen):
    """Makes one call."""
    if job["endpoint"] == "embeddings":
        return _embed(job, seen)
    if job["endpoint"] == "completions":
        return _complete(job, seen)
    body = job["body"]
    messages = _messages(body.get("messages", body.get("input", [])))
    chat = ChatOpenAI(**_options(job))
    if job["call"] == "parse":
        return _parse(chat, messages, body, seen)
    runnable, bound = _bound(chat, body)
    if job["call"] == "async":
        return _protocol.awaited(_async(runnable, messages, bound, job, seen))
    if job["call"] == "stream":
        return _streamed(runnable.stream(messages, **bound), job, seen)
    return _read(runnable.invoke(messages, **bound), seen)


def _options(job):
    options = {"model": job["body"].get("model"), "base_url": job["base_url"], "api_key": job["api_key"]}
    if "read_timeout" in job:
        options["timeout"] = job["read_timeout"]
    if job["endpoint"] == "responses":
        options["use_responses_api"] = True
    if job["body"].get("stream_options"):
        options["stream_usage"] = True
    for name, value in job["body"].items():
        if name in job.get("extra", ()):
            options.setdefault("extra_body", {})[name] = value
        elif name not in _BOUND:
            options[_NAMES.get(name, name)] = value
    return options


def _messages(given):
    """Texts and mappings, which LangChain takes as they are."""
    return given if isinstance(given, str) else [{k: v for k, v in message.items() if k != "type"} for message in given]


def _bound(chat, body):
    bound = {name: body[name] for name in ("stop", "response_format") if name in body}
    if "tools" in body:
        return chat.bind_tools(body["tools"], tool_choice=body.get("tool_choice")), bound
    return chat, bound


def _parse(chat, messages, body, seen):
    form = body["response_format"]["json_schema"]
    asked = chat.with_structured_output(model(form), method="json_schema", include_raw=True)
    answer = asked.invoke(messages)
    _read(answer["raw"], seen)
    seen["values"]["parsed"] = plain(answer["parsed"])
    seen["values"]["parsing_error"] = plain(answer["parsing_error"])


async def _async(runnable, messages, bound, job, seen):
    if not job["body"].get("stream"):
        return _read(await runnable.ainvoke(messages, **bound), seen)
    whole, number, stream = None, 0, runnable.astream(messages, **bound)
    async for chunk in stream:
        _came(chunk, seen)
        whole = chunk if whole is None else whole + chunk
        if _protocol.left(seen, number, job):
            await stream.aclose()
            break
        number += 1
    return _read(whole, seen)


def _streamed(stream, job, seen):
    whole = None
    for number, chunk in enumerate(stream):
        _came(chunk, seen)
        whole = chunk if whole is None else whole + chunk
        if _protocol.left(seen, number, job):
            stream.close()
            break
    _read(whole, seen)


def _came(chunk, seen):
    _protocol.count(seen, _protocol.kind(chunk))
    if chunk.content or chunk.tool_call_chunks:
        _protocol.token(seen)


def _read(message, seen):
    values, about = seen["values"], message.response_metadata
    values["type"] = _protocol.kind(message)
    values["content"] = [plain(message.content)]
    values["text"] = plain(message.text if isinstance(message.text, str) else message.text())
    values["tool_calls"] = [_call(call) for call in message.tool_calls]
    values["invalid_tool_calls"] = [_call(call) for call in message.invalid_tool_calls]
    values["usage"] = plain(message.usage_metadata)
    values["finish_reason"] = plain(about.get("finish_reason", about.get("status")))
    values["model"] = plain(about.get("model_name"))
    values["reasoning"] = plain(message.additional_kwargs.get("reasoning_content"))
    values["refusal"] = plain(message.additional_kwargs.get("refusal"))
    values["logprobs"] = len((about.get("logprobs") or {}).get("content") or ())


def _call(call):
    return {"id": plain(call["id"]), "name": plain(call["name"]), "arguments": plain(call["args"])}


def _complete(job, seen):
    """Texts that go on. LangChain itself sends on what it has no name for, and warns of it."""
    body = {name: value for name, value in job["body"].items() if name not in ("prompt", "stream", "stream_options")}
    route = {"base_url": job["base_url"], "api_key": job["api_key"]}
    timeout = {"timeout": job["read_timeout"]} if "read_timeout" in job else {}
    llm = OpenAI(**body, **route, **timeout)
    prompt = job["body"].get("prompt", "")
    prompts = prompt if isinstance(prompt, list) else [prompt]
    if job["call"] == "stream":
        _pieces(llm, prompts[0], job, seen)
        return
    asked = _protocol.awaited(llm.agenerate(prompts)) if job["call"] == "async" else llm.generate(prompts)
    made = [one for several in asked.generations for one in several]
    seen["values"]["text"] = [plain(one.text) for one in made]
    seen["values"]["finish_reason"] = [plain((one.generation_info or {}).get("finish_reason")) for one in made]
    seen["values"]["usage"] = plain((asked.llm_output or {}).get("token_usage"))


def _pieces(llm, prompt, job, seen):
    text, stream = "", llm.stream(prompt)
    for number, piece in enumerate(stream):
        _protocol.count(seen, _protocol.kind(piece))
        _protocol.token(seen)
        text += piece
        if _protocol.left(seen, number, job):
            stream.close()
            break
    seen["values"]["text"] = [plain(text)]


def _embed(job, seen):
    body = job["body"]
    given = body.get("input", "")
    # the texts as they are: what LangChain would make of them are token ids of an OpenAI model
    options = {"base_url": job["base_url"], "api_key": job["api_key"], "check_embedding_ctx_length": False}
    embeddings = OpenAIEmbeddings(model=body.get("model"), **options)
    vectors = embeddings.embed_documents(given) if isinstance(given, list) else [embeddings.embed_query(given)]
    seen["values"]["vectors"] = [{"type": type(vector).__name__, "width": len(vector)} for vector in vectors]


main()
