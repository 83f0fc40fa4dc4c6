"""The candidate refuses a request that the golden accepts.

PA01, PA03–PA11, PA14, PA17–PA21; TL20, TL22, TL24; EM04, EM05, EM07, EM09.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.refusal import REFUSALS, blamed
from gate.observe.scopes import has_failures
from gate.wire.shape import show

# RFC 9110, 15.5.14: the content is larger than the server takes. nginx has 1 MB unless told otherwise:
# https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
_TOO_LARGE = 413
_TOO_LARGE_BREAKS = "callers whose requests are as large: long histories, pictures, files, batches"
_TOO_LARGE_HINT = "raise the limit of the gateway (nginx: client_max_body_size) or of the route, or send less at once"

# `messages[0].role` and `tools[0].function.parameters`; longer than 80 is prose, not a path
_PARAM = re.compile(r"[A-Za-z_][\w.\[\]]{0,80}")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Quotes what the refusal says: which parameter, which code, which words."""
    # what the golden refuses too is its contract, as in the scenarios of errors
    if not all(golden.ok for golden in comparison.golden):
        return
    for pair in comparison.pairs:
        status = pair.candidate.status
        if status in REFUSALS:
            parameter = _parameter(pair.candidate)
            named = parameter or blamed(pair.candidate)
            subject = f"parameter {named}" if named else "request"
            large = status == _TOO_LARGE
            yield pair.drift(
                path=f"request.{parameter}" if parameter else "request",
                message=f"the {subject} is rejected with status {status}: {_reason(pair.candidate)}",
                golden=f"status {comparison.golden[0].status}",
                candidate=f"status {status}",
                who_breaks=_TOO_LARGE_BREAKS if large else "",
                hint=_TOO_LARGE_HINT if large else "",
            )


def _parameter(observation: Observation) -> str:
    """The parameter that the error names, when it reads like one."""
    named = member(observation.error, "param")
    return named if isinstance(named, str) and _PARAM.fullmatch(named) else ""


def _reason(observation: Observation) -> str:
    """The message of the error as JSON text, and its code."""
    code, message = member(observation.error, "code"), show(_message(observation), 200)
    return f"{message} ({code[:60]})" if isinstance(code, str) and code else message


def _message(observation: Observation) -> Json:
    """The message of the error, in whichever envelope it comes."""
    error, body = observation.error, observation.body
    # OpenAI; a plain string; Mistral and Cerebras; FastAPI
    holders = (member(error, "message"), error, member(body, "message"), member(body, "detail"))
    # an HTML page says what it is in its first lines (width of evidence)
    return next((value for value in holders if value), observation.text.strip()[:400] or "no reason given")


RULE = Rule(
    id="request-rejected",
    area="params",
    # PA14, PA17 and PA21 are risky in the catalogue, for few clients send them; here the suite's own request was
    # refused
    severity=Severity.BREAKING,
    summary="the candidate rejects a request that the golden accepts",
    who_breaks="every caller that sends this parameter, message form or size",
    hint="map or drop the parameter for this route (routes.<name>.map in gate.yaml), or in the gateway",
    check=check,
    where=has_failures,
)
