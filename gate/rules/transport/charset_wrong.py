"""Content-Type names a charset that the body is not in (T40)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar

# https://www.rfc-editor.org/rfc/rfc9110#section-8.3.2
_CHARSET = re.compile(r";\s{0,8}charset\s{0,8}=\s{0,8}[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def check(comparison: Comparison) -> Iterator[Drift]:
    """JSON and event streams are UTF-8 (RFC 8259, 8.1); a label that says so, or says nothing, is right (B31)."""
    for pair, charset in unseen(comparison, _wrong):
        yield pair.drift(
            path="headers.content-type",
            message=f"content-type says charset={charset}, and the body is UTF-8",
            golden="utf-8, or no charset",
            candidate=charset,
            # the same bytes in both, as long as the answer is ASCII
            severity=Severity.INFO if _is_ascii(pair.candidate) else None,
        )


def _wrong(observation: Observation) -> str:
    """The charset that JSON or a stream is labelled with, where that is not UTF-8 or a part of it."""
    found = _CHARSET.search(observation.headers.get("content-type", ""))
    written = observation.form in ("json", "stream") or (
        observation.form == "text" and "text" in grammar(observation).texts
    )
    if not found or not written or observation.framing.bad_utf8:
        return ""
    # ASCII is a part of UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-1
    return "" if _name(found[1]) in ("utf-8", "ascii") else found[1]


def _name(charset: str) -> str:
    """Python's name of a charset, so that UTF8 and utf-8 are one."""
    try:
        return codecs.lookup(charset).name
    except LookupError:
        return ""


def _is_ascii(observation: Observation) -> bool:
    if observation.form != "stream":
        return observation.text.isascii()
    return all(event.frame.data is None or event.frame.data.isascii() for event in observation.events)


RULE = Rule(
    id="charset-wrong",
    area="transport",
    # SDKs read UTF-8 whatever the label says; line readers of httpx, requests, .NET and Java follow it
    severity=Severity.RISKY,
    summary="content-type names a charset that the body is not in",
    who_breaks="clients that follow the label show Ã¼ for ü, or raise on a charset that they do not know",
    hint="label JSON and event streams with charset=utf-8, or with none",
    check=check,
)
