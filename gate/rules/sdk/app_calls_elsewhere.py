"""app-calls-elsewhere: the team's own client wants to reach a host besides its base_url.

Seen through the proxy variables, which most HTTP clients honour and raw sockets don't: best effort.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import runs


def check(comparison: Comparison) -> Iterator[Drift]:
    """Hosts that the run on the goldens as they are is not known to call."""
    for pair, call in runs(comparison):
        for host in call.candidate.outside:
            if host not in call.golden.outside:
                message = f"a connection to {host} was tried; it was refused"
                yield pair.drift(path="outside", message=message, golden="only the base_url", candidate=host)


RULE = Rule(
    id="app-calls-elsewhere",
    area="sdk",
    severity=Severity.RISKY,
    summary="your application connects to another host than its base_url",
    who_breaks="networks with an egress list, and whoever answers for where prompts go",
    hint="find out which library calls it (telemetry, a fallback, an address in the code), and switch it off",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
