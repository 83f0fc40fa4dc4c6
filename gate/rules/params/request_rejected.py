"""The candidate refuses a request that the golden accepts.

PA01, PA03–PA11, PA14, PA17–PA21; TL20, TL22, TL24; EM04, EM05, EM07, EM09.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.refusal import REFUSALS, blamed, root
from gate.observe.request import mistaken
from gate.observe.scopes import has_failures
from gate.wire.shape import show

# RFC 9110, 15.5.14: the content is larger than the server takes. nginx has 1 MB unless told otherwise:
# https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
_TOO_LARGE = 413
_TOO_LARGE_BREAKS = "callers whose requests are as large: long histories, pictures, files, batches"
_TOO_LARGE_HINT = "raise the limit of the gateway (nginx: client_max_body_size) or of the route, or send less at once"

# error-wrong-type and error-unknown-tool: nobody whose requests are right breaks of a route that minds
_MISTAKEN_HINT = "mend the caller; the API itself refuses such a request"

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
            weight, breaks, hint = _weighed(pair.candidate, named)
            yield pair.drift(
                path=f"request.{parameter}" if parameter else "request",
                message=f"the {subject} is rejected with status {status}: {_reason(pair.candidate)}",
                golden=f"status {comparison.golden[0].status}",
                candidate=f"status {status}",
                severity=weight,
                who_breaks=breaks,
                hint=hint,
            )


def _weighed(observation: Observation, named: str) -> tuple[Severity | None, str, str]:
    """Severity, who breaks and what to do, where they are not the rule's."""
    wrong = mistaken(observation)
    if wrong and root(named or wrong) == wrong:
        return Severity.RISKY, f"callers whose {wrong} is wrong by the API's reference", _MISTAKEN_HINT
    return (None, _TOO_LARGE_BREAKS, _TOO_LARGE_HINT) if observation.status == _TOO_LARGE else (None, "", "")


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
