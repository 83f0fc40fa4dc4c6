"""text-in-notation: what a program shows of a text."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from gate.model import Exchange
from tests.rules._written import flowing, legacy, quoted, responded, said, thought, with_arguments
from tests.rules_table import ASK, Row, completion, plain

CONTENT = ("breaking choices[0].message.content",)
RISKY = ("risky choices[0].message.content",)
NILE = "The Nile is the longest river."
AS_JSON = {**ASK, "response_format": {"type": "json_object"}}
PARTS = [{"type": "text", "text": NILE}]
MESSAGE = {"role": "assistant", "content": NILE}


def in_json(value: object) -> Exchange:
    """A plain answer to a request for JSON."""
    return plain(completion({"content": json.dumps(value)}), AS_JSON)


CASES = (
    Row("S78: Python's words for a list of parts (earendil-works/pi 2008)", said(NILE), said(str(PARTS)), CONTENT),
    Row("the same in JSON, streamed", flowing(NILE), flowing('[{"type": ', f'"text", "text": "{NILE}"}}]'), CONTENT),
    Row("a whole message", said(NILE), said(json.dumps(MESSAGE)), CONTENT),
    Row("a whole answer", said(NILE), said(json.dumps(completion())), CONTENT),
    Row("one part", said(NILE), said(str(PARTS[0])), CONTENT),
    Row("an SDK's answer", said(NILE), said("ChatCompletion(id='chatcmpl-1', choices=[])"), CONTENT),
    *(
        Row(f"another SDK's {shown}", said(NILE), said(f"{shown}(content='The Nile')"), CONTENT)
        for shown in ("Choice", "ModelResponse", "AIMessage")
    ),
    Row("bytes with an apostrophe", said(NILE), said(repr(b"The Nile's the longest river")), CONTENT),
    Row("a shorter text in base64", said(NILE), said(base64.b64encode(b"The longest is the Nile.").decode()), CONTENT),
    Row(
        "a refusal",
        plain(completion({"content": None, "refusal": NILE})),
        plain(completion({"content": None, "refusal": str(PARTS)})),
        ("breaking choices[0].message.refusal",),
    ),
    Row("an object that has no words", said(NILE), said("<generator object run at 0x7f12a4>"), CONTENT),
    Row("it is spoken of", said(NILE), said("You see <generator object run at 0x7f12a4> there.")),
    Row("an element of HTML", said(NILE), said("<p>The Nile</p>")),
    Row("an object around the text", said(NILE), said(json.dumps({"response": NILE})), RISKY),
    Row("an object of its own", said(NILE), said('{"response": "The Nile is the longest, a long river."}')),
    Row("an object with two members", said(NILE), said(json.dumps({"response": NILE, "ok": True}))),
    Row("Python's bytes", said(NILE), said(repr(NILE.encode())), CONTENT),
    Row(
        "their escapes follow from that",
        said("Größe und Höhe von Zürich"),
        said(repr("Größe und Höhe von Zürich".encode())),
        CONTENT,
    ),
    Row("events of the upstream's stream", said(NILE), said('data: {"choices": []}\n\ndata: [DONE]'), CONTENT),
    Row("its end alone", flowing("It is ", "the Nile."), flowing("It is ", "the Nile.", "[DONE]"), RISKY),
    Row("its lines without their name taken off", said(NILE), said("data: The Congo is long."), RISKY),
    Row("a JSON string of the golden's", said('The "Nile" is long.'), said(json.dumps('The "Nile" is long.')), RISKY),
    Row(
        "its lines' ends are told by text-escaped-twice",
        said(f"{NILE}\nYes."),
        said(json.dumps(f"{NILE}\nYes.")),
        ("info choices[0].message.content",),
        ("risky text-escaped-twice choices[0].message.content",),
    ),
    Row("quotes alone: a model may put them", said(NILE), said(f'"{NILE}"'), ("info choices[0].message.content",)),
    Row("fields of a form", said("[]"), said('[{"type": "text", "name": "age"}]')),
    Row("a part of Responses", said(NILE), said('[{"type": "output_text", "annotations": []}]'), CONTENT),
    Row("a task that is done", said("Tests: green"), said("Tests: green [DONE]")),
    Row("behind the last line", said(NILE), said(f"{NILE}\n[DONE]"), RISKY),
    *(
        Row(f"{asks} was asked for", quoted(NILE, asks), quoted(text, asks))
        for asks, text in (
            ("A message as JSON", json.dumps(MESSAGE)),
            ("Parts in JSON", json.dumps(PARTS)),
            ("Its base64", base64.b64encode(NILE.encode()).decode()),
            ("Encode it", quote(NILE)),
            ("It as bytes", repr(NILE.encode())),
            ("An event of a stream", 'data: {"id": 1}'),
            ("Say [DONE] at the end", "The Nile.[DONE]"),
            ("print(f())", "<generator object run at 0x7f12a4>"),
        )
    ),
    Row(
        "Python's words are no JSON",
        quoted(NILE, "A message as JSON"),
        quoted(str(PARTS), "A message as JSON"),
        CONTENT,
    ),
    Row("base64", said(NILE), said(base64.b64encode(NILE.encode()).decode()), CONTENT),
    Row("percent-encoded", said(NILE), said(quote(NILE)), CONTENT),
    Row("three words of it are a name", said(NILE), said("The%20Nile%20river")),
    Row("four words are a text", said(NILE), said("The%20Nile%20is%20longest"), CONTENT),
    Row(
        "other words: the answer may well be that",
        said(NILE),
        said(base64.b64encode(b"Base64 text of other words").decode()),
    ),
    Row("half of its words are the golden's", said(NILE), said(quote("the nile one two")), CONTENT),
    Row("less than half", said(NILE), said(quote("the nile one two three"))),
    Row("an address", said(NILE), said("https://a.test/the%20nile%20is%20long")),
    Row("the golden has three words, and is no prose", said("The Nile river"), said(quote(NILE))),
    Row("base64 of an image", said(NILE), said("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA")),
    Row("a word that is base64 by chance", said(NILE), said("HelloYou")),
    Row("in the reasoning", thought(NILE), thought(str(PARTS)), ("breaking choices[0].message.reasoning_content",)),
    Row("in a response", responded(NILE), responded(json.dumps(PARTS)), ("breaking output[0].content[0].text",)),
    Row("a legacy completion", legacy(NILE), legacy(str(PARTS)), ("breaking choices[0].text",)),
    Row("arguments may hold anything", with_arguments("Cairo"), with_arguments(str(PARTS))),
    Row("JSON that was asked for", in_json({"a": 1}), in_json(MESSAGE)),
    Row("JSON of another kind", said(NILE), said('[{"name": "Nile"}, {"type": "river"}]')),
    Row("JSON with a content", said(NILE), said('{"content": "Nile", "role": "river"}')),
    Row("a short example of bytes", said(NILE), said("b'abc'")),
    Row(
        "a lesson on streams",
        said(NILE),
        said('Each line has its name:\n\ndata: {"a": 1}\n\ndata: [DONE]\n\nThen stop.'),
    ),
    Row("YAML", said(NILE), said("data: 12\nname: Nile")),
    Row("a quotation", said(NILE), said('"Yes," she said.')),
    Row("the golden does the same", said(str(PARTS)), said(str([{"type": "text", "text": "Congo"}]))),
)
