"""The role of a message is another one upstream, such as system for developer (RQ08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """developer and system stand for each other in most models; any other change makes another conversation."""
    for pair, change in in_body(comparison, "changed"):
        if part(change.path) == "messages" and change.path.endswith(".role"):
            # the one replaces the other: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages
            alike = [change.before, change.after] in (["developer", "system"], ["system", "developer"])
            message = f"the role {show(change.before, 40)} becomes {show(change.after, 40)}"
            yield drift(pair, change, message, Severity.RISKY if alike else Severity.BREAKING)


RULE = Rule(
    id="request-role-changed",
    area="request",
    severity=Severity.RISKY,
    summary="a message reaches the upstream under another role",
    who_breaks="models that weigh a developer message more than a system message; upstreams that take only one of them",
    hint="let the gateway keep roles; map developer to system only for upstreams that need it",
    check=check,
    where=has_passages,
)
