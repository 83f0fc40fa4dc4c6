"""The request is redirected before it is answered (T29)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from gate.model import Drift, Hop, Rule, Samples, Severity
from gate.questions import grammar, numbered
from gate.safetext import cut

_TURNS_TO_GET = frozenset({301, 302, 303})


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """301, 302 and 303 lose a POST's body, another host or scheme the key; 307 and 308 cost a round trip."""
    if any(g.hops for g in golden):
        return
    for sample, found in numbered(candidate):
        if found.hops:
            hop = max(found.hops, key=_weight)
            read_only = grammar(found).method == "GET"
            severity = Severity.INFO if read_only else Severity.BREAKING if _weight(hop) else Severity.RISKY
            message = f"the request is redirected with {hop.status}{_what(hop)}"
            seen = " → ".join(f"{h.status} {cut(h.location, 80)}" for h in found.hops[:3])
            yield Drift("status", message, "no redirect", seen, sample, severity)


def _weight(hop: Hop) -> int:
    return 2 * (hop.status in _TURNS_TO_GET) + _leaves(hop)


def _leaves(hop: Hop) -> bool:
    try:
        return bool(urlsplit(hop.location).netloc)
    except ValueError:
        return True


def _what(hop: Hop) -> str:
    if hop.status in _TURNS_TO_GET:
        return ": clients repeat it as GET, without its body"
    return ", to a full URL: clients drop the key when the host differs" if _leaves(hop) else ""


RULE = Rule(
    id="redirected",
    area="transport",
    severity=Severity.RISKY,
    summary="the route answers with a redirect first",
    who_breaks="clients that do not follow redirects of a POST, or repeat it as GET; the Authorization header is lost",
    hint="use the base_url that the redirect leads to (a trailing slash, https, another host)",
    check=check,
)
