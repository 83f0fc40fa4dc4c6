"""The table of all forms, in the order in which they are tried, and the reading of a file in whichever it is."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from gate.adapters import (
    aimock,
    batch_output,
    event_lines,
    go_vcr,
    har,
    httpmock,
    json_body,
    langchain,
    mastra,
    nock,
    pairs,
    ruby_vcr,
    sse_body,
)
from gate.adapters.form import Form
from gate.adapters.source import Source
from gate.errors import CassetteError
from gate.model import Absent, Exchange

FORMS: tuple[Form, ...] = (
    sse_body.FORM,
    event_lines.FORM,
    batch_output.FORM,
    pairs.FORM,
    json_body.FORM,
    har.FORM,
    nock.FORM,
    mastra.FORM,
    ruby_vcr.FORM,
    go_vcr.FORM,
    httpmock.FORM,
    langchain.FORM,
    aimock.FORM,
)
_ABSENT: tuple[Absent, ...] = get_args(Absent)


def form_of(source: Source) -> Form | None:
    """The form of a file, None where it has none of the known ones."""
    return next((form for form in FORMS if form.recognise(source)), None)


def read(source: Source, form: Form) -> tuple[Exchange, ...]:
    """The exchanges of a file of that form. Raises CassetteError where it is broken, or holds none."""
    exchanges = tuple(_with_absent(exchange, form) for exchange in form.read(source))
    if not exchanges:
        raise CassetteError("there is no answer in it", where=source.file, fix="leave it out")
    return exchanges


def unknown(source: Source) -> CassetteError:
    """Why a file can't be read: what is wrong with it, or which forms were tried."""
    tried = ", ".join(form.name for form in FORMS)
    if source.problem and source.raw.lstrip()[:1] in (b"{", b"["):
        return source.problem
    fix = "name a file of one of these forms"
    return CassetteError(f"no known form of a recording; tried: {tried}", where=source.file, fix=fix)


def _with_absent(exchange: Exchange, form: Form) -> Exchange:
    absent = {*form.absent, *exchange.absent}
    return replace(exchange, absent=tuple(word for word in _ABSENT if word in absent))
