"""The faithful provider with what *full* asks beyond chat and embeddings: Responses, completions, sound, images.

Reasoning is encrypted, responses are stored, and searches are run: each in the form of the API's reference.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from gate.model import Chunk, Exchange, Request, Response
from tests.provider import Answering, Provider, example, identity, problem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
MP3 = b"\xff\xfb\x90\x64" + bytes(128)
_WORDS = ("Paris", " is", " the", " capital", ".")
_WINDOW = 500_000
_COUNTED = ("One", ",", " two", ",", " three", ",", " four", ".")
_MODERATED = {
    "flagged": False,
    "categories": {"hate": False, "violence": False},
    "category_scores": {"hate": 0.0001, "violence": 0.002},
}
_TIMES = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.4,
    "words": [{"word": word, "start": 0.6 * n, "end": 0.6 * n + 0.4} for n, word in enumerate(_COUNTED[::2][:4])],
    "segments": [{"id": n, "start": 1.2 * n, "end": 1.2 * n + 1.0, "text": "One, two"} for n in range(2)],
}


class FullProvider(Provider):
    """A provider of every endpoint of the suite."""

    def composed(self, request: Request, rng: Random) -> Exchange:
        return FullAnswering(request, rng, self.gap_ms).exchange()


class FullAnswering(Answering):
    paths = (
        *(*Answering.paths, "responses", "completions"),
        *("audio/speech", "audio/transcriptions", "images/generations", "rerank", "moderations", "files"),
    )

    def refusal(self) -> tuple[int, dict[str, Any]] | None:
        # a list is asked for without a body
        return None if self.path == "files" else super().refusal()

    def exchange(self) -> Exchange:
        refused = self.refusal()
        if refused:
            return self.plain(refused[1], refused[0])
        if self.path == "chat/completions" and len(str(self.body["messages"])) > _WINDOW:
            return self.plain(problem("This model's maximum context length is 128000.", "context_length_exceeded"), 400)
        answers: Mapping[str, Callable[[], Exchange]] = {
            "responses": self.responses,
            "completions": self.legacy,
            "audio/speech": self.speech,
            "audio/transcriptions": self.transcript,
            "images/generations": self.images,
            "rerank": self.ranking,
            "moderations": lambda: self.plain(
                {"id": identity(self.rng, "modr-"), "model": "m", "results": [_MODERATED]}
            ),
            "files": lambda: self.plain({"object": "list", "data": []}),
        }
        return answers[self.path]() if self.path in answers else super().exchange()

    # -- chat -----------------------------------------------------------------------------------

    def calls(self, tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if tools[0]["type"] == "custom":
            custom = {"name": tools[0]["custom"]["name"], "input": "ls"}
            return [{"id": identity(self.rng, "call_"), "type": "custom", "custom": custom}]
        found = super().calls(tools)
        return found[:1] if self.body.get("parallel_tool_calls") is False else found

    def said(self) -> tuple[dict[str, Any], str]:
        message, finish = super().said()
        if message.get("tool_calls") and "one short sentence" in str(self.body["messages"]):
            message = {**message, "content": "I will look up the weather in Paris."}
        if self.body.get("max_tokens", 0) >= 400 and message["content"]:
            message = {**message, "content": " ".join(self.rng.choice(_WORDS).strip() for _ in range(120))}
        asked = str(self.body["messages"])
        if (self.body.get("response_format") or {}).get("type") == "json_object":
            message = {**message, "content": '{"country": "France", "capital": "Paris"}'}
        if self.body.get("stop"):
            message = {**message, "content": message["content"].partition(self.body["stop"][0])[0]}
        if "long essay" in asked:
            finish = "length"
        thought = {"reasoning_content": "A tool knows that."} if self.body.get("reasoning_effort") else {}
        return {**message, **thought}, finish

    def usage(self) -> dict[str, Any]:
        words = len(re.findall(r"\w+", json.dumps(self.body.get("messages") or self.body.get("prompt"))))
        said = self.body["max_tokens"] if "long essay" in str(self.body.get("messages")) else 7
        counts = {"prompt_tokens": words, "completion_tokens": said, "total_tokens": words + said}
        details = {"prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0}}
        return {**counts, **details}

    def completion(self) -> dict[str, Any]:
        whole = super().completion()
        (choice,) = whole["choices"]
        if self.body.get("logprobs"):
            choice["logprobs"] = {"content": [_logprob(choice["message"]["content"])], "refusal": None}
        return {**whole, "choices": [{**choice, "index": n} for n in range(self.body.get("n") or 1)]}

    # -- the legacy endpoint --------------------------------------------------------------------

    def legacy(self) -> Exchange:
        prompt = self.body["prompt"]
        prompts = prompt if isinstance(prompt, list) else [prompt]
        choices = [
            {
                "index": n,
                "text": (text if self.body.get("echo") else "") + " Paris.",
                "logprobs": None,
                "finish_reason": "stop",
            }
            for n, text in enumerate(prompts)
        ]
        head = {**self.head, "object": "text_completion", "model": self.body["model"]}
        return self.plain({**head, "choices": choices, "usage": self.usage()})

    # -- media ----------------------------------------------------------------------------------

    def speech(self) -> Exchange:
        if self.body.get("stream_format") != "sse":
            return self.bytes(MP3, "audio/mpeg")
        parts = [{"type": "speech.audio.delta", "audio": base64.b64encode(MP3).decode()} for _ in range(3)]
        usage = {"input_tokens": 3, "output_tokens": 20, "total_tokens": 23}
        return self.events([*parts, {"type": "speech.audio.done", "usage": usage}])

    def transcript(self) -> Exchange:
        heard = {"type": "tokens", "input_tokens": 23, "input_token_details": {"text_tokens": 0, "audio_tokens": 23}}
        done = {"text": "".join(_COUNTED), "usage": {**heard, "output_tokens": 9, "total_tokens": 32}}
        if self.body.get("response_format") == "verbose_json":
            return self.plain({**done, **_TIMES})
        if not self.body.get("stream"):
            return self.plain(done)
        parts = [{"type": "transcript.text.delta", "delta": word} for word in _COUNTED]
        return self.events([*parts, {"type": "transcript.text.done", **done}])

    def images(self) -> Exchange:
        usage = {"input_tokens": 9, "output_tokens": 200, "total_tokens": 209}
        drawn = {"b64_json": base64.b64encode(PNG).decode()}
        if not self.body.get("stream"):
            return self.plain({"created": self.head["created"], "data": [drawn], "usage": usage})
        whole = {
            **drawn,
            "created_at": self.head["created"],
            "size": "1024x1024",
            "quality": "low",
            "output_format": "png",
        }
        partial = {"type": "image_generation.partial_image", "partial_image_index": 0, **whole}
        return self.events([partial, {"type": "image_generation.completed", **whole, "usage": usage}])

    def ranking(self) -> Exchange:
        documents = self.body["documents"]
        # the best is not the first that was sent
        best = [*range(1, len(documents)), 0]
        results = [{"index": n, "relevance_score": round(0.9 / (rank + 1), 3)} for rank, n in enumerate(best)]
        return self.plain(
            {"id": identity(self.rng, "rr_"), "results": results, "meta": {"billed_units": {"search_units": 1}}}
        )

    # -- the Responses API ----------------------------------------------------------------------

    def responses(self) -> Exchange:
        if len(str(self.body.get("input"))) > _WINDOW:
            return self.failed()
        output = list(self.items())
        done = self.response(output)
        if not self.body.get("stream"):
            return self.plain(done)
        docs = [
            {"type": "response.created", "response": {**done, "status": "in_progress", "output": [], "usage": None}}
        ]
        for place, item in enumerate(output):
            docs += _told(item, place)
        docs.append({"type": "response.completed", "response": done})
        return self.events([{**doc, "sequence_number": number} for number, doc in enumerate(docs)], named=True)

    def failed(self) -> Exchange:
        """A stream that fails: whether an input fits the context is known when its answer has begun."""
        begun = {**self.response([]), "status": "in_progress", "usage": None}
        why = {"code": "context_length_exceeded", "message": "Your input exceeds the context window of this model."}
        docs: list[dict[str, Any]] = [
            {"type": "response.created", "response": begun},
            {"type": "response.in_progress", "response": begun},
            {"type": "error", "error": {"type": "invalid_request_error", **why, "param": "input"}},
            {"type": "response.failed", "response": {**begun, "status": "failed", "error": why}},
        ]
        return self.events([{**doc, "sequence_number": number} for number, doc in enumerate(docs)], named=True)

    def response(self, output: list[dict[str, Any]]) -> dict[str, Any]:
        asked = {key: self.body.get(key) for key in ("instructions", "previous_response_id", "max_output_tokens")}
        kept = {"store": self.body.get("store", True), "metadata": self.body.get("metadata", {})}
        tools = {"tools": self.body.get("tools", []), "tool_choice": self.body.get("tool_choice", "auto")}
        usage = {
            "input_tokens": 9,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 5,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 14,
        }
        return {
            "id": identity(self.rng, "resp_"),
            "object": "response",
            "created_at": self.head["created"],
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "model": f"{self.body['model']}-2024-07-18",
            "output": output,
            "parallel_tool_calls": True,
            "reasoning": self.body.get("reasoning", {"effort": None, "summary": None}),
            "temperature": 1.0,
            "top_p": 1.0,
            "text": {"format": {"type": "text"}},
            "truncation": "disabled",
            "usage": usage,
            **asked,
            **kept,
            **tools,
        }

    def items(self) -> Iterator[dict[str, Any]]:
        included = self.body.get("include") or []
        tool = next(iter(self.body.get("tools") or []), None)
        if self.body.get("reasoning"):
            sealed = (
                {"encrypted_content": identity(self.rng, "gAAAA", 80)}
                if "reasoning.encrypted_content" in included
                else {}
            )
            yield {"id": identity(self.rng, "rs_"), "type": "reasoning", "summary": [], **sealed}
        if tool and tool["type"] == "web_search":
            sources = [{"type": "url", "url": "https://www.python.org/downloads/"}]
            action = {"type": "search", "query": "newest stable Python", "sources": sources}
            yield {"id": identity(self.rng, "ws_"), "type": "web_search_call", "status": "completed", "action": action}
        if tool and tool["type"] in ("function", "custom"):
            yield self.called(tool)
            return
        text = "".join(_WORDS)
        part = {"type": "output_text", "text": text, "annotations": list(_cited(text)) if tool else [], "logprobs": []}
        if "message.output_text.logprobs" in included:
            part["logprobs"] = [_logprob(word) for word in _WORDS]
        head = {"id": identity(self.rng, "msg_"), "type": "message", "status": "completed", "role": "assistant"}
        yield {**head, "content": [part]}

    def called(self, tool: dict[str, Any]) -> dict[str, Any]:
        call = {"call_id": identity(self.rng, "call_"), "name": tool["name"], "status": "completed"}
        if tool["type"] == "custom":
            return {"id": identity(self.rng, "ctc_"), "type": "custom_tool_call", "input": "ls", **call}
        arguments = json.dumps(example(tool.get("parameters", {})))
        return {"id": identity(self.rng, "fc_"), "type": "function_call", "arguments": arguments, **call}

    # -- bytes ----------------------------------------------------------------------------------

    def bytes(self, body: bytes, media: str) -> Exchange:
        headers = (*self.headers(), ("content-type", media))
        return Exchange(self.request, Response(200, "", headers, body), (Chunk(self.gap_ms, len(body)),))

    def events(self, docs: list[dict[str, Any]], *, named: bool = False) -> Exchange:
        heads = [f"event: {doc['type']}\n" * named for doc in docs]
        return self.framed(
            [f"{head}data: {json.dumps(doc)}\n\n".encode() for head, doc in zip(heads, docs, strict=True)]
        )


def _told(item: dict[str, Any], place: int) -> Iterator[dict[str, Any]]:
    """The events of one item: a message with its text in deltas, anything else whole."""
    opened = {**item, "status": "in_progress"} if "status" in item else item
    yield {
        "type": "response.output_item.added",
        "output_index": place,
        "item": {**opened, **({"content": []} if "content" in item else {})},
    }
    for number, part in enumerate(item.get("content", ())):
        at = {"item_id": item["id"], "output_index": place, "content_index": number}
        yield {
            "type": "response.content_part.added",
            **at,
            "part": {**part, "text": "", "annotations": [], "logprobs": []},
        }
        for word in _WORDS:
            yield {"type": "response.output_text.delta", **at, "delta": word, "logprobs": []}
        yield {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **at, "part": part}
    yield {"type": "response.output_item.done", "output_index": place, "item": item}


def _cited(text: str) -> Iterator[dict[str, Any]]:
    place = {"start_index": 0, "end_index": len(text)}
    yield {"type": "url_citation", "url": "https://www.python.org/downloads/", "title": "Downloads", **place}


def _logprob(token: str) -> dict[str, Any]:
    one = {"token": token, "logprob": -0.01, "bytes": list(token.encode())}
    return {**one, "top_logprobs": [one, {**one, "token": " x", "bytes": [32, 120], "logprob": -5.0}]}
