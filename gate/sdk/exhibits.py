"""What the HTML page shows of two versions of an SDK: where their transcripts differ. The bytes are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gate.judge.report import Exhibitor
from gate.model import Exhibit, Finding, Raised, Transcript
from gate.model.exhibits import Line, Observed
from gate.wire.shape import show

_Said = dict[tuple[str, int, str], list[str]]
_MOST = 40  # lines; chosen: a screen


def transcribed(exhibit: Exhibitor) -> Exhibitor:
    """The exhibits that `exhibit` makes, with the lines in which the two versions differ for texts."""

    def made(
        seen: Sequence[Observed], findings: Sequence[Finding], variables: Mapping[str, str]
    ) -> tuple[Exhibit, ...]:
        told = {finding.scenario for finding in findings}
        said: _Said = {(one.scenario, one.step, one.side): _lines(one) for one in seen if one.scenario in told}
        return tuple(_differing(one, said) for one in exhibit(seen, (), variables))

    return made


def _differing(one: Exhibit, said: _Said) -> Exhibit:
    mine = said.get((one.scenario, one.step, one.side), [])
    other = said.get((one.scenario, one.step, "golden" if one.side == "candidate" else "candidate"), [])
    lines = tuple(Line(_named(text), text) for text in mine if text not in other)
    # no stream of bytes: what an application saw of it
    return replace(one, form="text", request=(), response=lines[:_MOST], headers=(), marks=(), excerpts=(), curl="")


def _named(text: str) -> str:
    """The call and the name of the value: the same on both sides."""
    return ": ".join(text.split(": ")[:2])


def _lines(one: Observed) -> list[str]:
    _, exchange = one.shown()
    return [f"{seen.call}: {line}" for seen in exchange.transcripts for line in _transcript(seen)]


def _transcript(seen: Transcript) -> Iterator[str]:
    """Lines that can be compared: without times, which are never the same."""
    yield seen.outcome + (f", {seen.detail}" if seen.detail else "")
    if seen.error:
        yield from _raised(seen.error)
    for kind, named in (("", seen.values), ("events ", seen.events)):
        yield from (f"{kind}{name}: {show(value)}" for name, value in sorted(named.items()))
    told = {"headers": seen.headers, "warning": seen.warnings, "unhandled": seen.unhandled, "outside": seen.outside}
    for name, texts in told.items():
        yield from (f"{name}: {text}" for text in texts)
    if seen.timeout_s is not None:
        yield f"timeout: {seen.timeout_s:g} s"
    for number, post in enumerate(seen.posts, 1):
        yield f"request {number}: {post.method} {post.path} {show(post.body)}" + (
            f", {post.ending}" if post.ending else ""
        )


def _raised(error: Raised) -> Iterator[str]:
    yield "raises " + " < ".join(error.classes)
    read = ("message", "status", "type", "code", "param", "request_id", "retryable", "quoted")
    yield from (f"error.{name}: {show(getattr(error, name))}" for name in read if getattr(error, name) is not None)
