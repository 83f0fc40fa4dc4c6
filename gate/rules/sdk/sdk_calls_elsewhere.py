"""sdk-calls-elsewhere: the SDK wants to reach a host that the application did not name."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Hosts that the version before did not call."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    for host in call.candidate.outside:
        if host not in call.golden.outside:
            yield Told("outside", f"a connection to {host} was tried; it was refused", "only the base_url", host)


RULE = Rule(
    id="sdk-calls-elsewhere",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK connects to another host than its base_url",
    who_breaks="networks with an egress list, and whoever answers for where prompts go",
    hint="find out what it sends there, and switch it off, before the upgrade is taken",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
