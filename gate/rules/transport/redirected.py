"""The request is redirected before it is answered (T29)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Hop, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar
from gate.text.safe import cut

# https://www.rfc-editor.org/rfc/rfc9110#section-15.4: clients may, or must, repeat a POST as GET
_TURNS_TO_GET = frozenset({301, 302, 303})
# 304 among them: we send no conditional request, so that it answers nothing
_REDIRECTS = range(300, 400)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A GET can be repeated; a POST needs a client that follows redirects and sends its body again."""
    for pair, hops in unseen(comparison, _hops):
        # a redirect that leads nowhere does not answer a GET either
        read_only = grammar(pair.candidate).method == "GET" and pair.candidate.status not in _REDIRECTS
        turned = any(hop.status in _TURNS_TO_GET for hop in hops) and not read_only
        consequence = ": clients repeat it as GET, without its body" if turned else ""
        yield pair.drift(
            path="status",
            message=f"the request is redirected with {hops[0].status}{consequence}",
            golden="no redirect",
            candidate=" → ".join(f"{hop.status} {cut(hop.location, 80)}" for hop in hops[:3]),
            severity=Severity.INFO if read_only else None,
        )


def _hops(observation: Observation) -> tuple[Hop, ...]:
    """The redirects that were followed, and one that was not: recorders of others store it as the answer."""
    location = observation.headers.get("location", "")
    last = (Hop(observation.status, location),) if observation.status in _REDIRECTS else ()
    return observation.hops + last


RULE = Rule(
    id="redirected",
    area="transport",
    # T29: the body or the key is lost on the way
    severity=Severity.BREAKING,
    summary="the route answers with a redirect first",
    who_breaks="clients that do not follow redirects of a POST, or repeat it as GET; the Authorization header is lost",
    hint="use the base_url that the redirect leads to (a trailing slash, https, another host)",
    check=check,
)
