"""The request is redirected before it is answered (T29)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Hop, Observation, Rule, Severity
from gate.observe.answer import grammar, numbered
from gate.text.safe import cut

_TURNS_TO_GET = frozenset({301, 302, 303})
_REDIRECTS = range(300, 400)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Reading what GET serves survives it; a POST that is redirected needs a client that follows, and says it again."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(map(_hops, golden)):
        return
    for sample, found in numbered(candidate):
        hops = _hops(found)
        if hops:
            # a redirect that leads nowhere is no answer to a GET either
            read_only = grammar(found).method == "GET" and found.status not in _REDIRECTS
            turned = any(hop.status in _TURNS_TO_GET for hop in hops) and not read_only
            message = f"the request is redirected with {hops[0].status}"
            message += ": clients repeat it as GET, without its body" if turned else ""
            seen = " → ".join(f"{hop.status} {cut(hop.location, 80)}" for hop in hops[:3])
            yield Drift(
                path="status",
                message=message,
                golden="no redirect",
                candidate=seen,
                sample=sample,
                severity=Severity.INFO if read_only else None,
            )


def _hops(found: Observation) -> tuple[Hop, ...]:
    """The redirects that were followed, and the one that was not: recorders of others store it as the answer."""
    last = (Hop(found.status, found.headers.get("location", "")),) if found.status in _REDIRECTS else ()
    return found.hops + last


RULE = Rule(
    id="redirected",
    area="transport",
    severity=Severity.BREAKING,
    summary="the route answers with a redirect first",
    who_breaks="clients that do not follow redirects of a POST, or repeat it as GET; the Authorization header is lost",
    hint="use the base_url that the redirect leads to (a trailing slash, https, another host)",
    check=check,
)
