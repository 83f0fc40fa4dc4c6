"""Requests that fail at random: told once for the route, with their rate, whatever the kind of failure. Pure.

What fails each time is contract drift, and left to the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gate.judge.budgets import EVERYWHERE
from gate.judge.fingerprint import fingerprint
from gate.judge.served import ABSENT
from gate.model import Ending, Exchange, Finding, Location, Observation, Rate, Severity
from gate.observe.answer import entire
from gate.text.plural import count

REQUESTS_FAILED = "requests-failed"
# Chosen: a few per cent are what callers put up with. The share itself counts and not the interval, so that the word
# does not hang on how many requests a suite has.
_FEW = 0.03
# Chosen: how many steps may be expected to fail in all of their samples by chance alone, before one that does so is
# taken for drift. At 15 % three samples of fifteen steps are 0.05 such steps.
_UNLIKELY = 0.01
_UNWELL = "look behind the route for an instance that restarts or is overloaded; its other answers were judged"
_SLOW = "look whether the route is overloaded; if it may take so long, raise routes.<name>.timeouts in gate.yaml"
# Resets, timeouts and 5xx are sent again, twice by default (SD06): https://github.com/openai/openai-python#retries
_REPEATS = frozenset({"reset", "timeout", *map(str, range(500, 600))})
_REPEATED = "SDKs do so twice by default, and take longer"
_NOT_REPEATED = "SDKs never repeat a request whose answer was cut or empty"
_LOAD = re.compile(r"@load-\d+\Z")  # the cell of a hermetic check that asks for many streams at once


@dataclass(frozen=True, slots=True)
class Tried:
    """The requests of one step: how many were `sent`, one word for each that `failed`, and whether any `came` whole."""

    scenario: str
    step: int
    sent: int
    failed: tuple[str, ...]
    came: bool


def whole(golden: Sequence[Observation], candidate: Sequence[Observation]) -> tuple[Observation, ...]:
    """The candidate's samples that rules judge: those that did not fail; all of them where each failed."""
    return tuple(sample for sample in candidate if not _failure(golden, sample)) or tuple(candidate)


def tried(
    scenario: str,
    step: int,
    golden: Sequence[Observation],
    candidate: Sequence[Observation],
    attempts: Mapping[int, Sequence[Exchange]],
) -> Tried:
    """What was sent for a step. `attempts` has those of each sample, by the identity of its observation."""
    final = [_failure(golden, sample) for sample in candidate]
    earlier = [_attempt(exchange, sample) for sample in candidate for exchange in attempts.get(id(sample), ())[:-1]]
    failed = tuple(word for word in (*earlier, *final) if word)
    return Tried(scenario, step, len(final) + len(earlier), failed, "" in final)


def _failure(golden: Sequence[Observation], sample: Observation) -> str:
    """How a sample failed; empty where it did not, or where a golden sample is like it."""
    word = _word(sample)
    return word if word and all(_word(other) != word for other in golden) else ""


def _word(sample: Observation) -> str:
    if sample.form == "none":
        return _unanswered(sample.ending)
    if sample.status >= 500:
        return str(sample.status)
    if sample.ending in (Ending.CUT, Ending.RESET, Ending.TIMEOUT) and not entire(sample):
        return "timeout" if sample.ending is Ending.TIMEOUT else "cut"
    return "empty" if sample.ok and sample.form == "empty" else ""


def _attempt(exchange: Exchange, final: Observation) -> str:
    """How an attempt failed that was followed by another; empty for a limit or a refused parameter."""
    if exchange.response is None:
        return "" if _was_idle(exchange) else _unanswered(exchange.ending)
    status = exchange.response.status
    # asked again and still not there: the route lacks it, and nothing of that is chance
    absent = status in ABSENT and final.status != status
    return str(status) if status >= 500 or absent else ""


def _was_idle(exchange: Exchange) -> bool:
    """Whether an orderly end met a request on a connection that was used before: servers close idle ones at any moment,
    and every client sends such a request again (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1)."""
    reused = exchange.connect_ms is None and exchange.total_ms is not None
    return reused and exchange.ending is Ending.CUT


def _unanswered(ending: Ending) -> str:
    # a client that left before the first byte got what the scenario asked for
    return {Ending.CANCELLED: "", Ending.TIMEOUT: "timeout"}.get(ending, "reset")


# -- over the whole run -------------------------------------------------------------------------


def at_random(steps: Iterable[Tried]) -> tuple[Finding, ...]:
    """One finding for all requests that failed where others of the same step came through, and one for each load,
    because what fails there has a reason; none without such."""
    known = [step for step in steps if step.came]
    loads = [[step] for step in known if _is_load(step)]
    groups = [[step for step in known if not _is_load(step)], *loads]
    return tuple(_finding(group) for group in groups if any(step.failed for step in group))


def undecided(steps: Sequence[Tried]) -> dict[tuple[str, int], str]:
    """(scenario, step) → why it can't be judged: all of its requests failed, and on this route that may be chance."""
    known = [step for step in steps if step.came and not _is_load(step)]
    share = sum(len(step.failed) for step in known) / max(1, sum(step.sent for step in known))
    return {
        (step.scenario, step.step): f"{_all(step)} failed ({', '.join(dict.fromkeys(step.failed))}), and on this route "
        f"{100 * share:.0f} % of the others do so at random: too few to tell"
        for step in steps
        if not step.came and step.failed and len(steps) * share ** len(step.failed) > _UNLIKELY
    }


def _all(step: Tried) -> str:
    return "the one request" if step.sent == 1 else f"each of {count(step.sent, 'request')}"


def _is_load(step: Tried) -> bool:
    return _LOAD.search(step.scenario) is not None


def _finding(steps: Sequence[Tried]) -> Finding:
    words = Counter(word for step in steps for word in step.failed)
    rate = Rate(words.total(), sum(step.sent for step in steps))
    kinds = ", ".join(f"{number} {word}" for word, number in sorted(words.items()))
    load = _is_load(steps[0])
    scenario, how = (steps[0].scenario, "of as many at once") if load else (EVERYWHERE, "at random")
    return Finding(
        rule=REQUESTS_FAILED,
        area="transport",
        severity=Severity.RISKY if rate.share >= _FEW else Severity.INFO,
        endpoint=EVERYWHERE,
        scenario=scenario,
        step=0,
        path="requests",
        message=f"{rate.hits} of {rate.samples} requests failed {how}: {kinds}",
        golden="every request was answered",
        candidate=f"{100 * rate.share:.0f} % failed, {rate.span}",
        hits=rate.hits,
        samples=rate.samples,
        fingerprint=fingerprint(REQUESTS_FAILED, EVERYWHERE, scenario, 0, "requests"),
        location=Location(),
        hint=_SLOW if set(words) == {"timeout"} else _UNWELL,
        who_breaks=f"callers that do not send it again; {_REPEATED if _REPEATS.issuperset(words) else _NOT_REPEATED}",
    )
