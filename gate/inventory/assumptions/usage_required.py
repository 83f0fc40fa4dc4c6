"""Token counts read of a `usage` that may be absent or null (US01, US03, US05): streams have it only where it was asked
for, and not on every route then."""

from __future__ import annotations

from collections.abc import Iterator

from gate.inventory.answers import Answers
from gate.inventory.assumptions import Kind, Line
from gate.inventory.assumptions._guards import caught, checked, optional
from gate.inventory.names import names

KIND = Kind(
    "usage-required",
    "token counts are read without a look at whether there is a usage",
    ("US01", "US03", "US05"),
    "test `usage` first, and count it as unknown where it is absent",
)
_COUNTS = names(
    "prompt_tokens completion_tokens total_tokens input_tokens output_tokens prompt_tokens_details "
    "completion_tokens_details input_tokens_details output_tokens_details"
)


def find(answers: Answers) -> Iterator[Line]:
    """One line for each function, at its first count."""
    for scope in answers.source.scopes if answers.about_api else ():
        for found in (*scope.all("member"), *scope.all("index")):
            read = answers.read(found.node, scope)
            if not read or read.steps[-2:-1] != ("usage",) or read.steps[-1] not in _COUNTS or optional(found):
                continue
            if checked("usage", scope, answers) or caught(found, scope, answers):
                break
            streamed = read.call is not None and read.call.streaming != "no"
            yield found.node.line, "an answer without usage raises here", "warning" if streamed else "note"
            break
