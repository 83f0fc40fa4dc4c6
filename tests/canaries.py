"""More than thirty kinds of secrets, and every place of an exchange where one may stand."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any

from gate.model import Exchange, Headers, Request, Response
from gate.redact.scrub import Scrubber

RUN_KEY = "tk_live.run-time/key+of=ours"
SCRUBBER = Scrubber(secrets=(RUN_KEY,), patterns=(r"EMP-\d{5}", r"(?i)project nightjar"))

PEM = "-----BEGIN~ RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7Qk3pemcanary\nq8Zr1f==\n-----END RSA PRIVATE KEY-----"
JWT = "ey~JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
_SPLIT = {
    "this run's key": RUN_KEY,
    "this run's key as base64": base64.b64encode(f"u:{RUN_KEY}".encode()).decode(),
    "openai": "sk~-Ab3dEf6hIj9kLmNoPqRsTuVwXyZ0123456789abcdefghijk",
    "openai project": "sk~-proj-T3BlbkFJ-aB_cD9-xyz0123456789",
    "openai echo": "sk~-pr**************************9xYz",
    "anthropic": "sk~-ant-api03-Zz9-Yy8_Xx7Ww6Vv5Uu4Tt3Ss2",
    "openrouter": "sk~-or-v1-0123456789abcdef0123456789abcdef",
    "groq": "gs~k_0123456789abcdefABCDEF0123456789abcd",
    "xai": "xa~i-0123456789abcdefABCDEF0123456789",
    "google": "AI~zaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "huggingface": "hf~_QwErTyUiOpAsDfGhJkLzXcVbNm0123456",
    "github": "gh~p_0123456789abcdefABCDEF0123456789abcd",
    "github fine-grained": "gi~thub_pat_11ABCDEFG0abcdefghijkl_MNOPQRSTUV0123",
    "gitlab": "gl~pat-Zx9Yw8Vu7Ts6Rq5Po4Nm",
    "aws id": "AK~IAIOSFODNN7EXAMPLE",
    "aws secret": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "jwt": JWT,
    "bearer": "Bearer 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "basic": "Basic dXNlcjpzM2NyM3RwYXNz",
    "slack": "xo~xb-123456789012-abcdefGHIJKL",
    "stripe": "sk~_live_4eC39HqLyjWDarjtT1zdp7dc",
    "sendgrid": "SG~.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc",
    "pem": PEM,
    "url with a password": "postgres://svc:hunter2pass@db.internal/app",
    "named value": "api_key=0a1b2c3d4e5f60718293",
    "email": "jane.roe+billing@mail.example.co.uk",
    "phone": "+1 (415) 555-2671",
    "phone, national": "(555) 123-4567",
    "phone, dashes": "415-555-0132",
    "phone, compact": "+4915112345678",
    "card": "4012 8888 8888 1881",
    "card, compact": "5500005555555559",
    "amex": "3782-822463-10005",
    "iban": "DE89 3704 0044 0532 0130 00",
    "ssn": "078-05-1120",
    "organisation": "org-Zq81mNopQrStUvWx",
    "project": "proj_Zq81mNopQrStUvWx",
    "team pattern": "EMP-90210",
}
CANARIES = {name: text.replace("~", "") for name, text in _SPLIT.items()}
"""Kind of secret → one; `~` keeps the scanners of code hosts from taking them for real."""


def sse(*documents: Any, done: bool = True) -> bytes:
    lines = [f"data: {json.dumps(d, ensure_ascii=False)}\n\n" for d in documents]
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


def delta(text: str, key: str = "content", **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {key: text}, "finish_reason": None}], **more}


def exchange(
    request: Any = None, response: bytes = b"{}", headers: Headers = (), url: str = "https://h/v1/chat/completions"
) -> Exchange:
    body = request if isinstance(request, bytes) else json.dumps(request or {}).encode()
    return Exchange(Request("POST", url, (), body), Response(200, "OK", headers, response), scenario="chat", step=1)


def answer(clean: Exchange) -> bytes:
    assert clean.response is not None
    return clean.response.body


def pieces(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def carriers(canary: str) -> dict[str, Exchange]:
    """One exchange per place where a secret may stand."""
    said = f"Here: {canary} and more"
    arguments = json.dumps({"to": canary, "n": 3})
    tool = [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": arguments}}]
    nested = json.dumps({"outer": json.dumps({"inner": said})})
    return {
        "request header": Exchange(Request("GET", "https://h/v1/models", (("X-Custom", said),)), None),
        "authorization": Exchange(Request("GET", "https://h/v1/models", (("Authorization", canary),)), None),
        "response header": exchange(headers=(("Set-Cookie", f"s={canary}"), ("x-anything", canary))),
        "listed header": exchange(headers=(("x-request-id", said), ("www-authenticate", f'realm="{canary}"'))),
        "request body": exchange({"messages": [{"role": "user", "content": said}]}),
        "request key": exchange({canary: 1}),
        "response body": exchange(response=json.dumps({"choices": [{"message": {"content": said}}]}).encode()),
        "escaped": exchange(response=json.dumps({"c": said + "é"}).replace("/", "\\/").encode()),
        "unicode escapes": exchange(response=('{"c":"' + "".join(f"\\u{ord(c):04x}" for c in said) + '"}').encode()),
        "indented": exchange(response=json.dumps({"error": {"message": said}}, indent=2).encode()),
        "tool arguments": exchange(response=json.dumps({"message": {"tool_calls": tool}}).encode()),
        "json in json": exchange(response=json.dumps({"content": nested}).encode()),
        "stream": exchange(response=sse(delta("x"), delta(said), delta("y"))),
        "stream of lists": exchange(response=sse([said], said)),
        "stream of 3": exchange(response=sse(*(delta(p) for p in pieces(said, 3)))),
        "stream of 1": exchange(response=sse(*(delta(p) for p in pieces(said, 1)))),
        "streamed arguments": exchange(
            response=sse(
                *(
                    {"choices": [{"delta": {"tool_calls": [{"function": {"arguments": p}, "index": 0}]}, "index": 0}]}
                    for p in pieces(arguments, 4)
                )
            )
        ),
        "responses": exchange(
            response=sse(
                *(
                    {"type": kind, "output_index": i, "delta": p}
                    for p in pieces(said, 5)
                    for i, kind in enumerate(["response.output_text.delta", "response.reasoning.delta"])
                )
            )
        ),
        "logprobs": exchange(
            response=json.dumps(
                {"choices": [{"logprobs": {"content": [{"token": p, "logprob": -1} for p in pieces(said, 2)]}}]}
            ).encode()
        ),
        "ndjson": exchange(response=b"".join(json.dumps({"response": p}).encode() + b"\n" for p in pieces(said, 4))),
        "html": exchange(response=f"<html><body>{said}</body></html>".encode()),
        "cut off": exchange(response=('{"a": "b", "c": ' + json.dumps(said)[:-1]).encode()),
        "malformed request": exchange(('{"content": ' + json.dumps(said) + ",}").encode()),
        "sse comment": exchange(response=f": {said}\n\ndata: [DONE]\n\n".encode()) if "\n" not in said else exchange(),
        "gzip": exchange(
            response=gzip.compress(json.dumps({"c": said}).encode(), mtime=0), headers=(("content-encoding", "gzip"),)
        ),
        "raw deflate": exchange(
            response=zlib.compress(json.dumps({"c": said}).encode(), wbits=-15),
            headers=(("content-encoding", "deflate"),),
        ),
        "detail": Exchange(Request("POST", "https://h/v1"), None, detail=said),
    }
