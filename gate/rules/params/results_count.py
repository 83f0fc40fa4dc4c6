"""Not one result for each thing that was asked for: images, moderations, choices for prompts, models (PA40)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import answered, grammar
from gate.observe.request import asked


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden answer has as many as the request asks for; of models, any at all."""
    path = _list(comparison.golden[0]) if len(comparison.golden) else ""
    counts = [_count(sample, path) for sample in comparison.golden if answered(sample)] if path else []
    for pair in comparison.pairs if counts else ():
        wanted, found = _wanted(pair.candidate), _count(pair.candidate, path)
        fits = found > 0 if wanted is None else found == wanted
        # a golden with another number does not show what its clients rely on
        usual = min(counts) > 0 if wanted is None else set(counts) == {wanted}
        # an answer without the list is field-missing's
        listed = answered(pair.candidate) and isinstance(member(_final(pair.candidate), path), list)
        if listed and usual and not fits:
            yield pair.drift(
                path=path,
                message=f"{path} has {found} entries" + (f", and the request asks for {wanted}" if wanted else ""),
                golden=str(wanted or f"{min(counts)} or more"),
                candidate=str(found),
                # a ranking names its documents by index: what is left of it is right
                severity=Severity.RISKY if isinstance(asked(pair.candidate, "documents"), list) else None,
            )


def _list(observation: Observation) -> str:
    """Where the results are; of a ranking, whose endpoint has no schema, under `results` or `data`."""
    path = grammar(observation).results
    ranking = not path and isinstance(asked(observation, "documents"), list) and not grammar(observation).path
    return next((key for key in ("results", "data") if members(_final(observation), key)), "") if ranking else path


def _count(observation: Observation, path: str) -> int:
    return len(members(_final(observation), path))


def _final(observation: Observation) -> Json:
    return observation.answer.final if observation.answer else None


def _wanted(observation: Observation) -> int | None:
    """How many results the request asks for; None for a list of models, whose length is the route's."""
    if observation.endpoint == "models":
        return None
    documents = asked(observation, "documents")
    if isinstance(documents, list):
        # https://docs.cohere.com/reference/rerank: as many as top_n, which are all by default
        most = asked(observation, "top_n")
        return min(len(documents), most) if type(most) is int else len(documents)
    each = asked(observation, "n")
    times = each if type(each) is int else 1
    return times * max(map(_things, (asked(observation, "prompt"), asked(observation, "input"))))


def _things(value: Json) -> int:
    """How many prompts a value holds: a list of numbers is one prompt in tokens, parts of one message are one input."""
    several = isinstance(value, list) and all(isinstance(item, str | list) for item in value)
    return max(len(value), 1) if several else 1


RULE = Rule(
    id="results-count",
    area="params",
    # PA40: code that zips requests and results pairs the wrong ones, or raises
    severity=Severity.BREAKING,
    summary="there is not one result for each thing that was asked for",
    who_breaks="code that pairs inputs with results by their place; pickers of models that show an empty list",
    hint="send single requests, or choose a route that takes lists",
    check=check,
)
