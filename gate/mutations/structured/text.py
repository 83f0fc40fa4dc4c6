"""The text in which an answer holds the JSON that was asked for: fenced, introduced, cut, or prose altogether."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import finish_reason, text
from gate.mutations.facts import asked
from gate.mutations.texts import with_text
from gate.mutations.values import parsed

# the first letter of a value, so that the JSON stays right but for the escape (SO06)
_LETTER = re.compile(r'(:\s*")([^"\\])')


def format_ignored(exchange: Exchange) -> Exchange | None:
    """The route drops response_format without a word, and prose comes."""
    return restated(exchange, lambda _: "The order of Ada is paid; it has three items and costs 159 in total.")


def json_fenced(exchange: Exchange) -> Exchange | None:
    """The JSON stands in a code fence: parsers fail before any code can strip it."""
    return restated(exchange, lambda text: f"```json\n{text}\n```")


def json_in_prose(exchange: Exchange) -> Exchange | None:
    """The model introduces its JSON with a sentence."""
    return restated(exchange, lambda text: f"Here is the JSON you asked for:\n\n{text}")


def json_truncated(exchange: Exchange) -> Exchange | None:
    """The JSON ends in the middle, and finish_reason says that all is well."""
    # two thirds: behind the first values, before the last brace, whatever the object; chosen
    return restated(exchange, lambda text: text[: len(text) * 2 // 3])


def json_bad_escape(exchange: Exchange) -> Exchange | None:
    r"""Habits of Markdown inside JSON: `\*` is no escape, and JSON.parse throws."""
    return restated(exchange, lambda text: _LETTER.sub(r"\1\\*\2", text, count=1))


def letter_escaped(exchange: Exchange) -> Exchange | None:
    """A letter written as an escape."""
    return restated(exchange, lambda text: _LETTER.sub(lambda m: f"{m[1]}\\u{ord(m[2]):04x}", text, count=1))


def pretty(exchange: Exchange) -> Exchange | None:
    """The same JSON on several lines."""
    return restated(exchange, lambda text: json.dumps(parsed(text), indent=2, ensure_ascii=False) + "\n")


def restated(exchange: Exchange, text_of: Callable[[str], str]) -> Exchange | None:
    """The text of a structured answer replaced; None where no structure was asked for, or none came that is whole: what
    ends at the limit is cut, whatever else is wrong with it."""
    kind = member(asked(exchange, "response_format"), "type")
    came = parsed(text(exchange)) is not None and finish_reason(exchange) != "length"
    fits = kind in ("json_schema", "json_object") and came
    return with_text(exchange, text_of) if fits else None


_SCHEMA = ("json-schema", "json-schema-stream")
_JSON = ("json-schema", "json-schema-stream", "json-object")

MUTATIONS = (
    Row(
        drifts=("SO02",),
        severity=Severity.BREAKING,
        summary="prose where JSON was asked for",
        caught_by=("json-not-json",),
        apply=format_ignored,
        twin=pretty,
        exercised_by=_JSON,
    ),
    Row(
        drifts=("SO01",),
        severity=Severity.BREAKING,
        summary="JSON in a code fence",
        caught_by=("json-fenced",),
        apply=json_fenced,
        twin=pretty,
        exercised_by=_JSON,
    ),
    Row(
        drifts=("SO01", "SO02"),
        severity=Severity.BREAKING,
        summary="prose around the JSON",
        caught_by=("json-not-json",),
        apply=json_in_prose,
        twin=pretty,
        exercised_by=_JSON,
    ),
    Row(
        drifts=("SO04",),
        severity=Severity.BREAKING,
        summary="the JSON is cut, and nothing says so",
        caught_by=("json-truncated",),
        apply=json_truncated,
        twin=pretty,
        exercised_by=_JSON,
    ),
    Row(
        drifts=("SO06",),
        severity=Severity.RISKY,
        summary="escapes that JSON does not know",
        caught_by=("json-not-json",),
        apply=json_bad_escape,
        twin=letter_escaped,
        exercised_by=_SCHEMA,
    ),
)
