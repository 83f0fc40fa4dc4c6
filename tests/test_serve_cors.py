"""Pages of another origin: those of this machine may ask and read, others get what every client gets, to the byte."""

from __future__ import annotations

import pytest

from gate.model import Exchange, Headers, Request, Response
from gate.replay.service import Answer, Service
from gate.replay.serving import Server, serving
from tests.raw_http import connect, read, request

URL = "http://127.0.0.1:1/v1/chat/completions"
ASKED = b'{"model":"m","messages":[{"role":"user","content":"Hi"}]}'
RECORDED: Headers = (("content-type", "application/json"), ("x-request-id", "r"))


def service(*more: tuple[str, str]) -> Service:
    sent = Request("POST", "https://api.example.com/v1/chat/completions", (), ASKED)
    return Service({"chat": [Exchange(sent, Response(200, "OK", (*RECORDED, *more), b"{}"), scenario="chat")]})


def ask(at: Service, origin: str, method: str = "POST", **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return at.respond(Request(method, URL, (("Origin", origin), ("authorization", "Bearer k"), *named), ASKED))


ORIGINS = [
    ("http://localhost:5173", True),
    ("https://localhost", True),
    ("http://app.localhost:80", True),
    ("http://127.0.0.1:8000", True),
    ("http://127.9.8.7", True),
    ("http://[::1]:3000", True),
    ("https://example.com", False),
    ("http://localhost.example.com", False),
    ("http://127.0.0.1.example.com", False),
    ("http://localhost:5173/", False),
    ("http://localhost:5173\n", True),  # blanks around a value are not part of it
    ("file://", False),
    ("null", False),
    ("", False),
]


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS)
def test_which_pages_may_read(origin: str, *, allowed: bool) -> None:
    reply = ask(service(), origin).reply
    leave = (
        ("access-control-allow-origin", origin.strip()),
        ("access-control-expose-headers", "*"),
        ("vary", "Origin"),
    )
    assert reply.headers == ((*RECORDED, *leave) if allowed else RECORDED)


def test_what_was_recorded_of_it_is_kept_where_it_can_be() -> None:
    at = service(
        ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "X-Request-ID"), ("Vary", "Accept")
    )
    assert ask(at, "http://localhost").reply.headers[2:] == (
        ("Access-Control-Allow-Origin", "http://localhost"),
        ("Access-Control-Expose-Headers", "X-Request-ID"),
        ("Vary", "Accept, Origin"),
    )


PREFLIGHTS: list[tuple[dict[str, str], Headers]] = [
    (
        {"access_control_request_method": "POST", "access_control_request_headers": "authorization, x-stainless-os"},
        (
            ("access-control-allow-origin", "http://localhost"),
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-headers", "authorization, x-stainless-os"),
            ("vary", "Origin"),
        ),
    ),
    (
        {"access_control_request_method": "GET", "access_control_request_headers": "a: b"},
        (
            ("access-control-allow-origin", "http://localhost"),
            ("access-control-allow-methods", "GET"),
            ("vary", "Origin"),
        ),
    ),
]


@pytest.mark.parametrize(("headers", "answer"), PREFLIGHTS)
def test_a_browser_asks_first(headers: dict[str, str], answer: Headers) -> None:
    asked = ask(service(), "http://localhost", "OPTIONS", **headers)
    assert (asked.reply.status, asked.reply.headers, asked.reply.body, asked.scenario) == (204, answer, b"", "")


@pytest.mark.parametrize(
    ("origin", "method", "asked"),
    [
        ("http://localhost", "OPTIONS", ""),
        ("http://localhost", "OPTIONS", "PO ST"),
        ("https://e.com", "OPTIONS", "POST"),
    ],
)
def test_other_questions_are_requests_that_nobody_recorded(origin: str, method: str, asked: str) -> None:
    assert ask(service(), origin, method, access_control_request_method=asked).reply.status == 404


def test_the_bytes_are_those_recorded_without_an_origin() -> None:
    plain = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: r\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    body = b"2\r\n{}\r\n0\r\n\r\n"
    leave = b"access-control-allow-origin: http://localhost\r\naccess-control-expose-headers: *\r\nvary: Origin\r\n"
    with serving(Server(service())) as base, connect(base) as peer:
        for origin, extra in (
            ({}, b""),
            ({"origin": "https://example.com"}, b""),
            ({"origin": "http://localhost"}, leave),
        ):
            peer.sendall(request("/v1/chat/completions", ASKED, **origin))
            got, _ = read(peer, until=b"0\r\n\r\n")
            assert got == plain.replace(b"transfer-encoding", extra + b"transfer-encoding") + body
