"""What rules of this area share: the changes of a request that the golden's gateway, if there is one, does not make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gate.model import MISSING, Comparison, Drift, Json, Pair, Passage, Severity
from gate.observe.changes import Change, body_changes
from gate.wire.shape import indexless, show

_SHOWN = 120


def unseen(comparison: Comparison, find: Callable[[Passage], Iterable[Change]]) -> Iterator[tuple[Pair, Change]]:
    """(pair, change) of each candidate sample that came through a gateway, less those of the golden."""
    known = {_key(change) for passage in _passages(comparison) for change in find(passage)}
    for pair in comparison.pairs:
        passage = pair.candidate.passage
        yield from ((pair, change) for change in (find(passage) if passage else ()) if _key(change) not in known)


def _passages(comparison: Comparison) -> Iterator[Passage]:
    yield from (sample.passage for sample in comparison.golden if sample.passage is not None)


def _key(change: Change) -> tuple[str, ...]:
    return change.kind, indexless(change.path), change.to, show(change.after, _SHOWN)


def in_body(comparison: Comparison, *kinds: str) -> Iterator[tuple[Pair, Change]]:
    """The changes of the body of these kinds."""
    for pair, change in comparison.once(_of_bodies):
        if change.kind in kinds:
            yield pair, change


def _of_bodies(comparison: Comparison) -> tuple[tuple[Pair, Change], ...]:
    return tuple(unseen(comparison, body_changes))


def drift(pair: Pair, change: Change, message: str, severity: Severity | None = None) -> Drift:
    """The drift of a change: the client's side stands as the golden, the upstream's as the candidate."""
    return pair.drift(
        path=change.path,
        message=message,
        golden=f"{_words(change.before)} as the client sent it",
        candidate=f"{_words(change.after)} as it reached the upstream",
        severity=severity,
    )


def _words(value: Json) -> str:
    return "absent" if value is MISSING else show(value, _SHOWN)
