"""An error as the text of an answer: a page of a proxy, an exception's words, the upstream's JSON (ER36)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.breaches import read
from gate.observe.request import output
from gate.observe.texts import Written, mentions, speaks_of, texts
from gate.wire.shape import show

# https://www.rfc-editor.org/rfc/rfc9110#section-15: errors are 4xx and 5xx. Each form begins the text: prose that
# explains an error has words before it.
_STATUS = r"[45]\d\d\b"
_PAGE = re.compile(
    rf"\s*<(?:!doctype\s{{1,20}}html|html).{{0,2000}}?<(?:title|h1)>\s*{_STATUS}", re.DOTALL | re.IGNORECASE
)
# what openai-python's exceptions say, and how gateways in Python name theirs with the module
_RAISED = re.compile(
    rf"\s*(?:Error code: {_STATUS} - [{{<]|Traceback \(most recent call last\):\n"
    r"|(?:[a-z_]\w{0,40}\.){1,6}\w{1,60}(?:Error|Exception): )"
)
_STATUS_LINE = re.compile(rf"\s*(?:HTTP )?[Ee]rror:? ({_STATUS})")
# the members of errors and of what stands around them (ER03): nothing else may be there
_MEMBERS = frozenset(
    {"error", "detail", "message", "code", "type", "param", "status", "statusCode", "request_id", "success"}
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden text is one, and the request speaks of none; JSON only where none was asked for."""
    for pair, text, form in texts(comparison).unshown(_error):
        quoted = mentions(pair.candidate, text.text.strip()[:_QUOTED])
        if not quoted and not _may_be(pair.candidate, text.text, form):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} is an error: {form}",
                golden="an answer",
                candidate=show(text.text.strip(), 80),
                severity=Severity.RISKY if form == _LINE else None,
            )


_QUOTED = 30  # characters of a log in the request by which an answer quotes it
_JSON, _LINE = "the upstream's JSON", "a status and its words"
_PAGE_OF, _EXCEPTION = "the page of a proxy", "an exception"


def _may_be(observation: Observation, text: str, form: str) -> bool:
    """Whether the request is about such things, so that an answer may be one."""
    if form == _PAGE_OF:
        return speaks_of(observation, "html", "page")
    if form == _EXCEPTION:
        # "what does this print", "what does it raise"
        return speaks_of(observation, "exception", "raise", "traceback", "print(")
    if form == _LINE:
        return mentions(observation, _STATUS_LINE.findall(text)[0])
    # told to answer in JSON, models say with `error` that they can't; an object in it is a server's
    worded = isinstance(member(read(text).value, "error"), str)
    return output(observation) is not None or (worded and speaks_of(observation, "json"))


def _error(text: Written) -> str:
    """What an answer is in place of words; "" where it is an answer."""
    if text.kind != "answer":
        return ""
    string = text.text
    if _PAGE.match(string):
        return _PAGE_OF
    if _RAISED.match(string):
        return _EXCEPTION
    if _STATUS_LINE.match(string):
        return _LINE
    return _JSON if _is_error(string) else ""


def _is_error(string: str) -> bool:
    value = read(string).value if string.lstrip()[:1] == "{" and ('"error"' in string or '"detail"' in string) else None
    if not isinstance(value, dict) or not value.keys() <= _MEMBERS:
        return False
    error = value.get("error", value.get("detail"))
    return bool(error) and (isinstance(error, str) or (isinstance(error, dict) and "message" in error))


RULE = Rule(
    id="error-as-text",
    area="errors",
    # ER36: a success, so that nothing is tried again, and the error is kept as an answer
    severity=Severity.BREAKING,
    summary="an error comes as the text of an answer",
    who_breaks="retries and fallbacks never run; the error is shown, stored and sent back as what the model said",
    hint="let the gateway answer with the upstream's status, or send an error event in a stream",
    check=check,
)
