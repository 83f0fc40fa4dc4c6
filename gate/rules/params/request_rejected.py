"""The candidate refuses a request that the golden serves.

PA01, PA03–PA11, PA14, PA17–PA21; TL20, TL22, TL24; EM04, EM05, EM07, EM09.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import numbered
from gate.wire.shape import show

REFUSALS = frozenset({400, 413, 422})  # of the request itself; key, path and overload have statuses of their own
_PARAM = re.compile(r"[A-Za-z_][\w.\[\]]{0,80}")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Quotes what the refusal says: which parameter, which code, which words."""
    golden, candidate = comparison.golden, comparison.candidate
    # what the golden refuses too is its contract: the scenarios of errors live from it
    if not all(g.ok for g in golden):
        return
    for sample, found in numbered(candidate):
        if found.status in REFUSALS:
            param = _param(found)
            what = f"parameter {param}" if param else "request"
            message = f"the {what} is rejected with status {found.status}: {_words(found)}"
            path = f"request.{param}" if param else "request"
            yield Drift(
                path=path,
                message=message,
                golden=f"status {golden[0].status}",
                candidate=f"status {found.status}",
                sample=sample,
            )


def _param(found: Observation) -> str:
    """The parameter that the error names, when it reads like one."""
    named = member(found.error, "param")
    known = isinstance(named, str) and _PARAM.fullmatch(named)
    return named if known else ""


def _words(found: Observation) -> str:
    code, said = member(found.error, "code"), _said(found)
    return f"{show(said, 200)} ({code[:60]})" if isinstance(code, str) and code else show(said, 200)


def _said(found: Observation) -> Json:
    """The message of the error, in whichever envelope it comes."""
    # OpenAI; a plain string; Mistral and Cerebras; FastAPI
    holders = (member(found.error, "message"), found.error, member(found.body, "message"), member(found.body, "detail"))
    return next((value for value in holders if value), found.text.strip()[:400] or "no reason given")


RULE = Rule(
    id="request-rejected",
    area="params",
    severity=Severity.BREAKING,
    summary="the candidate rejects a request that the golden serves",
    who_breaks="every caller that sends this parameter, message form or size",
    hint="map or drop the parameter for this route (routes.<name>.map in gate.yaml), or in the gateway",
    check=check,
)
