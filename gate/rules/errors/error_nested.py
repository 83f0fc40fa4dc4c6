"""The upstream's error as JSON, a page or a traceback inside the message (ER20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.rules.errors._streamed import fails, said, streamed_errors
from gate.wire.shape import show

# bounded repetitions: the message is untrusted, and may hold the JSON escaped once more
# keys of OpenAI's and FastAPI's errors (ER03, ER20); 20 blanks are a bound on time
_JSON = re.compile(r'[{\[]\s{0,20}\\?["\'](?:error|message|detail|code|type)\\?["\']\s{0,20}:')
# what a proxy answers by itself: https://html.spec.whatwg.org/multipage/syntax.html#the-doctype
_PAGE = re.compile(r"<(?:!doctype\s{1,20}html|html)[\s>]", re.IGNORECASE)
# https://docs.python.org/3/library/traceback.html
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
_FORMS = {"JSON text": _JSON, "an HTML page": _PAGE, "a traceback": _TRACEBACK}


def check(comparison: Comparison) -> Iterator[Drift]:
    """In error.message, plain or in a stream, where the golden has words."""
    if any(map(_nested, (*golden_failures(comparison), *filter(fails, comparison.golden)))):
        return
    for pair in (*failures(comparison), *(pair for pair, _ in streamed_errors(comparison))):
        if form := _nested(pair.candidate):
            yield pair.drift(
                path="error.message",
                message=f"error.message contains the upstream's error as {form}",
                golden="words",
                candidate=show(_message(pair.candidate)),
                at=said(pair.candidate, "message")[1],
            )


def _message(observation: Observation) -> str:
    message = said(observation, "message")[0] if observation.ok else member(observation.error, "message")
    return message if isinstance(message, str) else ""


def _nested(observation: Observation) -> str:
    """What the message holds in place of words; "" where it has words alone."""
    message = _message(observation)
    return next((form for form, pattern in _FORMS.items() if pattern.search(message)), "")


RULE = Rule(
    id="error-nested",
    area="errors",
    severity=Severity.INFO,
    summary="error.message contains another error as JSON, a page or a traceback",
    who_breaks="code and param of the real error are lost; users see raw JSON, HTML or the inside of a server",
    hint="let the gateway unwrap the upstream's error",
    check=check,
    where=has_failures,
)
