"""Area structured: answers to a request for JSON that are fenced, prose, cut, escaped wrongly or against the schema."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, twin
from tests.catalogue.exchanges import ASK, STOCK, answer, calls, choice, counted, piece, said, stock, told
from tests.rules._responses import URL, message, response
from tests.rules_table import plain, refusal, stream

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "verdict": {"enum": ["ok", "bad"]},
        "score": {"type": "integer"},
        "notes": {"type": ["array", "null"], "items": {"type": "string"}},
    },
    "required": ["city", "score"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": SCHEMA}}
ASK_JSON = {**ASK, "response_format": FORMAT}
ASK_LOOSE = {**ASK, "response_format": {"type": "json_object"}}
ASK_BOTH = {**ASK_JSON, "tools": [STOCK]}
ASK_TEXT = {
    "model": "m",
    "input": "A report",
    "text": {"format": {"type": "json_schema", "name": "report", "strict": True, "schema": SCHEMA}},
}
GOOD = '{"city":"Ulm","verdict":"ok","score":3,"notes":null}'


def says(text: str, finish: str = "stop", ask: dict[str, Any] = ASK_JSON) -> Exchange:
    """A plain answer."""
    return answer(choice(text, finish=finish), ask=ask)


def streams(*texts: str, finish: str = "stop", ask: dict[str, Any] = ASK_JSON) -> Exchange:
    """A streamed answer."""
    return told(*texts, ask=ask, finish=finish)


def responds(text: str) -> Exchange:
    """An answer of the Responses API."""
    return plain(response(message(text)), ASK_TEXT, url=URL)


CASES: tuple[Case, ...] = (
    breaking("SO01", "streamed, the fence in pieces", streams(GOOD[:9], GOOD[9:]), streams("``", "`json\n", GOOD, "\n`", "``")),
    breaking("SO01", "json_object, without a language", says(GOOD, ask=ASK_LOOSE), says(f"```\n{GOOD}\n```", ask=ASK_LOOSE)),
    breaking("SO01", "words before and after", responds(GOOD), responds(f"Here is the report:\n```json\n{GOOD}\n```\nAnything else?")),
    breaking("SO01", "the second choice alone", *(answer(choice(GOOD), choice(t, 1), ask={**ASK_JSON, "n": 2}) for t in (GOOD, f"```json\n{GOOD}\n```"))),
    twin("SO01", "white space and indentation", says(GOOD), says('\n {\n  "city": "Ulm",\n  "score": 4\n }\n\n')),
    breaking("SO02", "prose, streamed", streams(GOOD), streams("The report ", "about Ulm is good.")),
    breaking("SO02", "key: value lines", says(GOOD, ask=ASK_LOOSE), says("city: Ulm\nscore: 3", ask=ASK_LOOSE)),
    breaking("SO02", "Responses", responds(GOOD), responds("Ulm is fine.")),
    twin("SO02", "refused by both", *(refusal(400, code="unsupported", message=m, request=ASK_JSON) for m in ("No.", "Unsupported."))),
    breaking("SO04", "cut in a text, says stop", says(GOOD), says('{"city":"Ulm and the ri')),
    breaking("SO04", "cut after a comma, says length", streams(GOOD), streams('{"city":"Ulm",', finish="length")),
    breaking("SO04", "cut in a number's key", says(GOOD, ask=ASK_LOOSE), says('{"city":"Ulm","sco', "length", ASK_LOOSE)),
    twin("SO04", "longer and whole", says(GOOD), says('{"city":"Ulm","score":3,"notes":["a","b","c","d","e","f","g"]}')),
    risky("SO06", "an escaped underscore", says(GOOD), says('{"city":"New\\_Ulm","score":3}')),
    risky("SO06", "streamed, an escaped star", streams(GOOD, ask=ASK_LOOSE), streams('{"city":"N \\', '* 2","score":3}', ask=ASK_LOOSE)),
    risky("SO06", "a raw line feed in a text", says(GOOD), says('{"city":"Ulm\nan der Donau","score":3}')),
    twin("SO06", "escapes that JSON has", says(GOOD), says('{"city":"a\\/b\\u002a","score":3}')),
    risky("SO07", "a required key is missing, streamed", streams(GOOD), streams('{"city":"Ulm"}')),
    risky("SO07", "a number as text", says(GOOD), says('{"city":"Ulm","score":"3"}')),
    risky("SO07", "a list at the top", says(GOOD), says(f"[{GOOD}]")),
    risky("SO07", "an extra key", responds(GOOD), responds('{"city":"Ulm","score":3,"comment":"x"}')),
    risky("SO07", "a value outside the enum", says(GOOD), says('{"city":"Ulm","score":3,"verdict":"OK"}')),
    risky("SO07", "an item of a list", says(GOOD), says('{"city":"Ulm","score":3,"notes":[1]}')),
    twin("SO07", "another value of the enum, null where it may be", says('{"city":"Ulm","verdict":"ok","score":3,"notes":["x"]}'), says('{"city":"Ulm","verdict":"bad","score":0,"notes":null}')),
    risky("SO08", "JSON where the golden calls", calls(stock(), ask=ASK_BOTH), says(GOOD, ask=ASK_BOTH)),
    risky("SO08", "a call where the golden writes JSON", says(GOOD, ask=ASK_BOTH), calls(stock(), ask=ASK_BOTH)),
    risky("SO08", "streamed", stream(said()[0], piece({"tool_calls": [{"index": 0, **stock()}]}), piece({}, "tool_calls"), counted(), request={**ASK_BOTH, "stream_options": {"include_usage": True}}), stream(*said(GOOD), counted(), request={**ASK_BOTH, "stream_options": {"include_usage": True}})),
    twin("SO08", "auto without a format", calls(stock(), ask={**ASK, "tools": [STOCK]}), answer(ask={**ASK, "tools": [STOCK]})),
)  # fmt: skip
