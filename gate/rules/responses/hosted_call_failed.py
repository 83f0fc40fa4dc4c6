"""A tool that the provider runs failed or brings nothing, where it works in the golden (RS27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Pair, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.items import hosted_calls, output
from gate.observe.scopes import is_responses
from gate.wire.shape import show

# a search of files and code may also end incomplete: https://platform.openai.com/docs/api-reference/responses/object
_WORDS = {"failed": "failed", "incomplete": "did not end"}
# What a completed item always brings beside what `include` asks for; images are field-null's and base64-broken's.
_BRINGS = {"mcp_call": "output", "mcp_list_tools": "tools", "code_interpreter_call": "code"}
_NOTHING: tuple[Json, ...] = (None, "", [])


def check(comparison: Comparison) -> Iterator[Drift]:
    """An item of a search, of code, an image or of MCP with the status failed, or with an error."""
    for pair, item in unseen(comparison, _failed):
        yield pair.drift(
            path="output[].error" if member(item, "error") else "output[].status",
            message=f"a {show(member(item, 'type'), 60)} {_WORDS.get(str(member(item, 'status')), 'failed')}",
            golden="completed",
            candidate=show(member(item, "error") or member(item, "status"), 80),
        )
    for pair in comparison.answers:
        yield from _brings_nothing(pair)


def _brings_nothing(pair: Pair) -> Iterator[Drift]:
    """The first item of a kind that always brings something in the golden, and here does not."""
    if _failed(pair.candidate):
        return
    for kind, key in _BRINGS.items():
        usual = [_brought(golden, kind, key) for golden in pair.golden]
        # by the tool: one that deletes has nothing to bring
        for tool, empty in islice(_empty(_brought(pair.candidate, kind, key), usual), 1):
            yield pair.drift(
                path=f"output[].{key}",
                message=f"a {show(kind, 60)} is completed and brings nothing: {key} is empty",
                golden=show(usual[0][tool], 80),
                candidate=show(empty, 80),
            )


_Tool = tuple[str, ...]
"""An MCP server and its tool, as they are shown."""


def _empty(brought: Mapping[_Tool, Json], usual: Sequence[Mapping[_Tool, Json]]) -> Iterator[tuple[_Tool, Json]]:
    for tool, value in brought.items():
        if value in _NOTHING and all(tool in golden and golden[tool] not in _NOTHING for golden in usual):
            yield tool, value


def _brought(observation: Observation, kind: str, key: str) -> Mapping[_Tool, Json]:
    """What each tool brings, nothing if it once did."""
    found: dict[_Tool, Json] = {}
    for item in output(observation):
        # a key that is absent is field-missing's
        if member(item, "type") == kind and key in item:
            tool = tuple(show(member(item, name), 80) for name in ("server_label", "name"))
            if found.setdefault(tool, item[key]) not in _NOTHING:
                found[tool] = item[key]
    return found


def _failed(observation: Observation) -> Json:
    hosted = tuple(hosted_calls(observation))  # a tuple: a type may be any JSON value, so it may have no hash
    items = (item for item in output(observation) if member(item, "type") in hosted)
    return next((item for item in items if member(item, "status") in tuple(_WORDS) or member(item, "error")), None)


RULE = Rule(
    id="hosted-call-failed",
    area="responses",
    # RS27: the answer goes on without what the tool should have brought
    severity=Severity.RISKY,
    summary="a tool that the provider runs failed, or brings nothing",
    who_breaks="users get an answer without the search or the document; the response is completed all the same",
    hint="look for the error in the item: a gateway may reach the tool by another way, or without its credentials",
    check=check,
    where=is_responses,
)
