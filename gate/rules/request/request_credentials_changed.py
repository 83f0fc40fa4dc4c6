"""The key that reaches the upstream is none, or the word of a program for nothing (RQ15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.model import MISSING, Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.redact.kinds import DUMMY_KEY, NO_KEYS
from gate.rules.request._headers import CREDENTIALS
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """`Bearer undefined` is breaking, a lost key risky; a client's key that is passed on is info, because whoever runs
    the upstream can then use it."""
    for pair, change in unseen(comparison, _credentials):
        yield drift(pair, change, change.to, _SEVERITY[change.kind])


_SEVERITY = {"changed": Severity.BREAKING, "dropped": Severity.RISKY, "added": Severity.INFO}


def _credentials(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    if call is None:
        return
    before, after = _key(passage.sent.headers), _key(call.sent.headers)
    credential = after.rpartition(" ")[2] or after
    if credential.lower() in NO_KEYS or after.strip().lower() in NO_KEYS | {"bearer"}:
        yield Change("changed", _PATH, before or MISSING, after, "the upstream gets a word for no key as its key")
    elif before and not after:
        yield Change("dropped", _PATH, before, MISSING, "no key reaches the upstream")
    elif before and before == after and DUMMY_KEY in before:
        yield Change("added", _PATH, before, after, "the client's own key reaches the upstream")


_PATH = "headers.authorization"


def _key(headers: Mapping[str, str]) -> str:
    return next((headers[name] for name in CREDENTIALS if headers.get(name)), "")


RULE = Rule(
    id="request-credentials-changed",
    area="request",
    severity=Severity.BREAKING,
    summary="the upstream gets no credentials, or invented ones",
    who_breaks="every request: the upstream refuses it, or books it elsewhere",
    hint="give the gateway a key for its upstream, and check the variable that it reads",
    check=check,
    where=has_passages,
)
