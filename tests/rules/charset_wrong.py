"""charset-wrong: a label that names another encoding."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules._written import transcribed
from tests.rules_table import HELLO, Row, chunk, completion, plain, stream


def labelled(charset: str, text: str = "Größe") -> Exchange:
    """A plain answer under this label; its JSON is raw, not escaped."""
    body = str(completion({"content": text})).replace("'", '"').replace("None", "null").encode()
    return plain(body, headers={"content-type": f"application/json{charset}"})


def streamed(charset: str) -> Exchange:
    return stream(
        *HELLO[:2],
        chunk({"content": "lo."}),
        chunk({}, "stop"),
        headers={"content-type": f"text/event-stream{charset}"},
    )


CASES = (
    Row(
        "a gateway labels UTF-8 as Latin-1",
        labelled("; charset=utf-8"),
        labelled("; charset=ISO-8859-1"),
        ("risky headers.content-type",),
    ),
    Row("a charset that nobody knows", labelled(""), labelled('; charset="utf8mb4"'), ("risky headers.content-type",)),
    Row("a stream of ASCII alone", streamed(""), streamed("; charset=latin1"), ("info headers.content-type",)),
    Row(
        "a plain body of ASCII alone",
        labelled("", "a"),
        labelled("; charset=latin1", "b"),
        ("info headers.content-type",),
    ),
    Row("B31: added, or written otherwise", labelled(""), labelled("; charset=UTF8")),
    Row("B31: gone", labelled("; charset=utf-8"), labelled("")),
    Row("ASCII is a part of UTF-8", labelled(""), labelled("; charset=us-ascii", "a")),
    Row("the golden says so too", labelled("; charset=latin1"), labelled("; charset=latin1")),
    Row(
        "a transcript as text",
        transcribed("é".encode()),
        transcribed("é".encode(), "text/plain; charset=latin-1"),
        ("risky headers.content-type",),
    ),
)
