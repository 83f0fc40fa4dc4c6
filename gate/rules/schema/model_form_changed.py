"""The answer's `model` turns from a dated snapshot to an alias, or back (S37)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered
from gate.observe.request import asked
from gate.rules.schema._models import dated, named, same_model, words
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where both routes were asked for the same model and name it. A route that is asked for a snapshot and names it
    does what one does that is asked for an alias and names that."""
    golden = [sample for sample in comparison.golden if answered(sample)]
    forms = {_form(sample) for sample in golden}
    # noise (B04): the golden itself names it now so, now so, or another model altogether
    if len(forms) != 1 or None in forms:
        return
    for pair in comparison.pairs:
        candidate = pair.candidate
        # the same name for the same name, mostly
        if named(candidate) == named(golden[0]) and asked(candidate, "model") == asked(golden[0], "model"):
            continue
        if answered(candidate) and _turned(golden[0], candidate):
            yield pair.drift(
                path="model",
                message=f"model is {_word(candidate)}, where the golden names {_word(golden[0])}",
                golden=_shown(golden[0]),
                candidate=_shown(candidate),
            )


def _turned(golden: Observation, candidate: Observation) -> bool:
    """The same model was asked for, and it is named in another form and in another relation to what was asked for."""
    form = _form(candidate)
    alike = words(str(asked(golden, "model"))) == words(str(asked(candidate, "model")))
    return form not in (None, _form(golden)) and alike and dated(named(golden)) != dated(named(candidate))


def _form(observation: Observation) -> str | None:
    """How the named model relates to the one asked for; None where it is another one."""
    requested, said = asked(observation, "model"), named(observation)
    if not isinstance(requested, str) or not said or not same_model(requested, said):
        return None
    before, after = dated(requested), dated(said)
    return "as asked" if before == after else "resolved" if after else "shortened"


def _word(observation: Observation) -> str:
    return "a dated snapshot" if dated(named(observation)) else "an alias"


def _shown(observation: Observation) -> str:
    return f"{show(named(observation), 60)}, asked for {show(asked(observation, 'model'), 60)}"


RULE = Rule(
    id="model-form-changed",
    area="schema",
    # B04: the very name and its snapshot are both right; reports of S37 are of costs and logs, not of failed answers
    severity=Severity.INFO,
    summary="the answer names an alias where the golden names a dated snapshot, or the reverse",
    who_breaks="cost tables and audits that are keyed by the name: nobody can tell any more which version answered",
    hint="let the gateway pass the upstream's model on, or key tables by the name without its date",
    check=check,
)
