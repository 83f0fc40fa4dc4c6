"""Forms with files: what clients send is read, and what scenarios send is the same bytes each time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import MISSING, Exchange, Headers, Json, Request
from gate.observe.exchange import observe
from gate.observe.refusal import refusals
from gate.wire import form
from tests.rules_table import plain

OURS: Headers = (("Content-Type", form.CONTENT_TYPE),)
# As curl 7.88 sends `-F model=m -F 'file=@a.wav' -F 'timestamp_granularities[]=word'`.
CURL = (
    b'--------------------------1\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
    b'--------------------------1\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\nRI\xffF\r\n\r\n\r\n"
    b'--------------------------1\r\nContent-Disposition: form-data; name="timestamp_granularities[]"\r\n\r\nword\r\n'
    b"--------------------------1--\r\n"
)
BY_CURL: Headers = (("content-type", "multipart/form-data; boundary=------------------------1"),)


def test_a_form_is_read_as_its_client_meant_it() -> None:
    assert form.parts(CURL, BY_CURL) == [
        ("model", "", b"m"),
        ("file", "a.wav", b"RI\xffF\r\n\r\n"),
        ("timestamp_granularities[]", "", b"word"),
    ]
    told = form.told(b"RI\xffF\r\n\r\n")
    assert told.startswith("8 bytes, sha256 ")
    assert form.document(CURL, BY_CURL) == {"model": "m", "file": told, "timestamp_granularities": ["word"]}


@pytest.mark.parametrize(
    ("body", "headers", "found"),
    [
        (b"{}", (("content-type", "application/json"),), None),
        (b"{}", (), None),
        (CURL, (("content-type", "multipart/form-data"),), []),  # without its boundary
        (CURL, OURS, []),  # another boundary
        (None, OURS, []),
        (b"--x\r\nno head--x--", (("content-type", "multipart/form-data; boundary=x"),), []),
        (CURL, (("Content-Type", 'multipart/form-data; boundary="------------------------1"; charset=x'),), 3),
        (CURL, (("Content-Type", "Multipart/Form-Data; Boundary=------------------------1"),), 3),
    ],
)
def test_what_is_no_form(body: bytes | None, headers: Headers, found: object) -> None:
    parts = form.parts(body, headers)
    assert (len(parts) if parts else parts) == found
    assert (form.document(body, headers) is None) == (parts is None)


def test_a_form_is_written_the_same_way_each_time() -> None:
    fields = [("model", "", b"m"), ("file", "a.wav", b"RI\xffF\r\n"), ("x[]", "", b"")]
    assert form.parts(form.written(fields), OURS) == fields
    assert form.written(fields) == form.written(fields)
    assert b'name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRI' in form.written(fields)
    # a name must not end its own quotation, nor the line
    assert form.parts(form.written([('a"\r\nb', 'c"', b"")]), OURS) == [("a%22%0D%0Ab", "c%22", b"")]
    with pytest.raises(ValueError, match="boundary"):
        form.written([("a", "", form.written(fields))])
    with pytest.raises(ValueError, match="boundary"):  # a key of a reply that is sent back
        form.written([(f"a[{form.CONTENT_TYPE.replace('multipart/form-data; boundary=', '--')}]", "", b"")])


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("text", [("f", "", b"text")]),
        (True, [("f", "", b"true")]),
        (0.5, [("f", "", b"0.5")]),
        (None, [("f", "", b"null")]),
        (["a", 1], [("f[]", "", b"a"), ("f[]", "", b"1")]),
        ({"a": {"b": ["c"]}}, [("f[a][b][]", "", b"c")]),
        ([], []),
        ("\ud800", [("f", "", b"\xed\xa0\x80")]),
    ],
)
def test_values_become_the_fields_that_sdks_send(value: Json, fields: list[form.Part]) -> None:
    assert list(form.fields("f", value)) == fields


@pytest.mark.parametrize(
    ("name", "media", "known"),
    [
        ("a.wav", "audio/wav", True),
        ("a.b.MP3", "audio/mpeg", True),
        ("keys.pem", "application/octet-stream", False),
        ("wav", "audio/wav", True),
        ("", "application/octet-stream", False),
    ],
)
def test_a_media_type_is_that_of_the_name(name: str, media: str, known: bool) -> None:
    assert (form.media_type(name), form.is_media(name)) == (media, known)


def transcribed(request: Request, status: int = 200, body: Json = None) -> Exchange:
    one = plain(body or {"text": "Hi"}, url="/v1/audio/transcriptions", status=status)
    return replace(one, request=replace(one.request, headers=request.headers, body=request.body))


def asking(*fields: tuple[str, bytes]) -> Request:
    parts = [(name, "", value) for name, value in fields]
    return Request("POST", "", OURS, form.written([*parts, ("file", "a.wav", b"x")]))


def test_the_fields_of_a_form_are_what_was_asked() -> None:
    """vllm-project/vllm 49119: a streamed transcription, whose request is a form."""
    seen = observe(transcribed(asking(("model", b"m"), ("stream", b"true"), ("echo", b"false")))).request
    assert seen == {"model": "m", "stream": True, "echo": False, "file": form.told(b"x")}
    # a body in the form of a form, under another label
    assert observe(transcribed(replace(asking(), headers=()))).request is MISSING


def test_a_parameter_of_a_form_can_be_refused() -> None:
    refusal = {
        "error": {
            "message": "Unsupported parameter: 'temperature'",
            "param": "temperature",
            "type": "x",
            "code": "unsupported_parameter",
        }
    }
    attempts = [transcribed(asking(("temperature", b"0")), 400, refusal), transcribed(asking())]
    assert refusals(attempts) == (("temperature", None),)


def test_fields_of_one_name() -> None:
    assert form.gathered([("a[]", 1), ("a[]", 2), ("b", 1), ("b", 2)]) == {"a": [1, 2], "b": 2}
    assert form.gathered([("a", 1), ("a[]", 2)]) == {"a": 2}
    assert form.gathered([("a[]", 1), ("a", 2)]) == {"a": 2}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_none(body: bytes) -> None:
    for headers in (OURS, BY_CURL, (("content-type", "multipart/form-data; boundary=-"),)):
        assert isinstance(form.document(body, headers), dict)
