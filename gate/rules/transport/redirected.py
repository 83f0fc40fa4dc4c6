"""The request is redirected before it is answered (T29)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
from gate.questions import grammar, numbered
from gate.safetext import cut

_TURNS_TO_GET = frozenset({301, 302, 303})


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Reading what GET serves survives it; a POST that is redirected needs a client that follows, and says it again."""
    if any(g.hops for g in golden):
        return
    for sample, found in numbered(candidate):
        if found.hops:
            read_only = grammar(found).method == "GET"
            turned = any(hop.status in _TURNS_TO_GET for hop in found.hops) and not read_only
            message = f"the request is redirected with {found.hops[0].status}"
            message += ": clients repeat it as GET, without its body" if turned else ""
            seen = " → ".join(f"{hop.status} {cut(hop.location, 80)}" for hop in found.hops[:3])
            yield Drift("status", message, "no redirect", seen, sample, Severity.INFO if read_only else None)


RULE = Rule(
    id="redirected",
    area="transport",
    severity=Severity.BREAKING,
    summary="the route answers with a redirect first",
    who_breaks="clients that do not follow redirects of a POST, or repeat it as GET; the Authorization header is lost",
    hint="use the base_url that the redirect leads to (a trailing slash, https, another host)",
    check=check,
)
