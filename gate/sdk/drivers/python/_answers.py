"""Reads what has the shape of openai's own answers: those of the SDK itself, and of frameworks that hand them on."""

from __future__ import annotations

from _protocol import count, dumped, kind, plain, token

_LONG = 100  # characters; chosen: a picture, no address


def read(endpoint, answer, seen):
    """What an application reads of a plain answer."""
    values = seen["values"]
    values["type"] = kind(answer)
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
    values["reasoning"] = [reasoning(message) for message in messages]
    values["finish_reason"] = [plain(choice.finish_reason) for choice in choices]
    values["tool_calls"] = [_call(call) for message in messages for call in message.tool_calls or []]
    values["logprobs"] = sum(len(_tokens(choice)) for choice in choices)


def reasoning(message):
    """The thoughts of a message or delta, by either of their names."""
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
    values["reasoning"] = [plain(getattr(item, "summary", None)) for item in answer.output if item.type == "reasoning"]
    parts = [part for item in answer.output if item.type == "message" for part in item.content]
    values["refusal"] = [plain(getattr(part, "refusal", None)) for part in parts]
    values["tool_calls"] = [
        {"id": plain(item.call_id), "name": plain(item.name), "arguments": plain(item.arguments)}
        for item in answer.output
        if item.type == "function_call"
    ]


def _read_models(page, values):
    values["models"] = [plain(model.id) for model in page.data]


def _read_files(page, values):
    values["items"] = [{"id": plain(file.id), "name": plain(file.filename)} for file in page.data]


def _read_images(answer, values):
    values["images"] = [{name: _size(value) for name, value in dumped(image).items()} for image in answer.data]


def _size(value):
    """Text as it is; what is no text for a person by its length."""
    return len(value) if isinstance(value, str) and len(value) > _LONG else plain(value)


def _read_speech(answer, values):
    values["sound"] = len(answer.content)


def _read_transcript(answer, values):
    values["text"] = plain(answer if isinstance(answer, str) else answer.text)


_READ = {
    "audio.speech": _read_speech,
    "audio.transcriptions": _read_transcript,
    "chat.completions": _read_chat,
    "completions": _read_completion,
    "embeddings": _read_embeddings,
    "files": _read_files,
    "images": _read_images,
    "models": _read_models,
    "responses": _read_response,
    "moderations": lambda answer, values: values.update(results=len(answer.results)),
}


class Fold:
    """What an application's own loop over a stream collects."""

    def __init__(self, endpoint, seen):
        self.endpoint, self.seen = endpoint, seen
        self.text, self.reasoning, self.refusal, self.calls, self.finish = {}, {}, {}, {}, {}
        self.final = None

    def add(self, event):
        """One event."""
        name = getattr(event, "type", None) or kind(event)
        count(self.seen, name)
        if self.endpoint in ("chat.completions", "completions"):
            self._chunk(event)
        else:
            self._typed(event, name)

    def _typed(self, event, name):
        if name.endswith((".delta", ".partial_image")):
            token(self.seen)
        if name in ("response.output_text.delta", "transcript.text.delta"):
            self.text[0] = self.text.get(0, "") + event.delta
        if name == "transcript.text.done":
            self.seen["values"]["done"] = plain(event.text)
        if name == "image_generation.completed":
            self.seen["values"]["images"] = [{"b64_json": _size(event.b64_json)}]
        if name in ("response.completed", "response.incomplete", "response.failed"):
            self.final = event.response

    def _chunk(self, chunk):
        if getattr(chunk, "usage", None):
            self.seen["values"]["usage"] = dumped(chunk.usage)
        for choice in chunk.choices:
            if choice.finish_reason:
                self.finish[choice.index] = plain(choice.finish_reason)
            if self.endpoint == "completions":
                token(self.seen)
                self.text[choice.index] = self.text.get(choice.index, "") + choice.text
            else:
                self._delta(choice.index, choice.delta)

    def _delta(self, index, delta):
        if delta.content or delta.tool_calls or reasoning(delta) or getattr(delta, "refusal", None):
            token(self.seen)
        self.text[index] = self.text.get(index, "") + (delta.content or "")
        self.reasoning[index] = self.reasoning.get(index, "") + (reasoning(delta) or "")
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
            read("responses", self.final, self.seen)
        values = self.seen["values"]
        values["text"] = [self.text[index] for index in sorted(self.text)]
        values["reasoning"] = [self.reasoning[index] for index in sorted(self.reasoning)]
        values["refusal"] = [self.refusal[index] for index in sorted(self.refusal)]
        values["finish_reason"] = [self.finish.get(index) for index in sorted(self.text)]
        values["tool_calls"] = [self.calls[key] for key in sorted(self.calls, key=str)]
