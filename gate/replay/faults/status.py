"""Other answers than the recorded one: statuses with their headers, errors and pages with status 200."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import formatdate

from gate.model import Json
from gate.replay.faults import Kind
from gate.replay.reply import Part, Reply

# What OpenAI says with these statuses: https://platform.openai.com/docs/guides/error-codes
_TYPES = {
    400: ("invalid_request_error", None, "The request is invalid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: (
        "invalid_request_error",
        "unsupported_country_region_territory",
        "Country, region, or territory not supported",
    ),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}
_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"


def answered(reply: Reply, status: int, body: bytes, media: str) -> Reply:
    """Another answer altogether, whole and at once."""
    return Reply(status, (("content-type", media),), (Part(0.0, body),), now=reply.now)


def custom(reply: Reply, status: int, headers: dict[str, str], body: Json) -> Reply:
    """An answer with a status, headers and a body (a text as it is, else JSON; None: OpenAI's error) of a person's."""
    raw = body.encode() if isinstance(body, str) else error(status) if body is None else json.dumps(body).encode()
    answer = answered(reply, status, raw, "text/plain; charset=utf-8" if isinstance(body, str) else "application/json")
    for name, value in headers.items():
        answer = answer.with_header(name, value)
    return answer


def error(status: int) -> bytes:
    """OpenAI's error body of a status."""
    other = ("invalid_request_error" if status < 500 else "server_error", None, "The request failed.")
    kind, code, message = _TYPES.get(status, other)
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()


def status(reply: Reply, code: int) -> Reply:
    """The status with OpenAI's error body."""
    return answered(reply, code, error(code), "application/json")


def retry_after(reply: Reply, seconds: int) -> Reply:
    """Retry-After in seconds (RFC 9110, section 10.2.3)."""
    return reply.with_header("retry-after", str(seconds))


def retry_after_date(reply: Reply, seconds: int) -> Reply:
    """Retry-After as a date so many seconds from now."""
    return reply.with_header("retry-after", formatdate(reply.now + seconds, usegmt=True))


def error_200(reply: Reply) -> Reply:
    """A JSON error with status 200: a client of a stream sees no event."""
    return answered(reply, 200, error(500), "application/json")


def html_200(reply: Reply) -> Reply:
    """A login page with status 200, as captive portals and expired single sign-on send it."""
    return answered(reply, 200, _PAGE, "text/html; charset=utf-8")


def empty_200(reply: Reply) -> Reply:
    """A success without a body, as proxies send it whose upstream went away."""
    return answered(reply, 200, b"", reply.header("content-type") or "application/json")


def wrong_content_type(reply: Reply) -> Reply | None:
    """An event stream labelled as JSON, anything else as plain text."""
    if reply.header("content-type") is None:
        return None
    return reply.with_header("content-type", "application/json" if reply.is_stream else "text/plain")


def close(reply: Reply) -> Reply:
    """The answer announces that it is the last one of its connection."""
    return replace(reply, connection="close")


def keep_alive(reply: Reply) -> Reply:
    """The answer announces that the connection stays."""
    return replace(reply, connection="keep-alive")


FAULTS = (
    Kind("status-{code}", "that status with OpenAI's error body, at once", status),
    Kind("retry-after-{n}", "the header Retry-After with that many seconds", retry_after),
    Kind("retry-after-date-{n}", "Retry-After as the date that many seconds from now", retry_after_date),
    Kind("error-200", "a JSON error with status 200", error_200),
    Kind("html-200", "a page of HTML with status 200", html_200),
    Kind("empty-200", "status 200 without a body", empty_200),
    Kind("wrong-content-type", "a stream labelled `application/json`, a body `text/plain`", wrong_content_type),
    Kind("close", "with `Connection: close`", close),
    Kind("keep-alive", "with `Connection: keep-alive`", keep_alive),
)
