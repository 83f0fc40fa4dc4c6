"""Fixtures of aimock: what to answer to which words, in a form of its own. No API sent it, so it is no recording.

Read: https://github.com/CopilotKit/aimock/blob/main/fixtures/examples/llm/blocks-tool-first.json
"""

from __future__ import annotations

from collections.abc import Iterable

from gate.adapters.form import Form
from gate.adapters.source import Source
from gate.endpoints import members
from gate.model import Exchange

_ADVICE = "its answers are text and calls, not what an API sent: serve them with aimock, and record that server"


def _recognise(source: Source) -> bool:
    fixtures = members(source.document, "fixtures")
    return bool(fixtures) and all(isinstance(one, dict) and one.keys() >= {"match", "response"} for one in fixtures)


def _read(source: Source) -> Iterable[Exchange]:
    raise source.root.error(f"fixtures of aimock can't be imported: {_ADVICE}")


FORM = Form("a file of aimock's fixtures", _recognise, _read, (), _ADVICE)
