"""The argument of a rule: the samples of both sides, aligned once for all rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gate.model.findings import Drift
from gate.model.observation import Event, Observation, Samples
from gate.model.words import Area, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """One candidate sample, and the golden samples to compare it with: those that answered in the same form
    (JSON or stream). `golden` is empty where either side has no whole answer. `sample` is its position, from 0."""

    sample: int
    candidate: Observation
    golden: tuple[Observation, ...]

    def drift(
        self,
        *,
        path: str,
        message: str,
        golden: str,
        candidate: str,
        severity: Severity | None = None,
        at: Event | None = None,
        frame: int | None = None,
        byte: int | None = None,
        area: Area | None = None,
        who_breaks: str = "",
        hint: str = "",
        suspicion: bool = False,
    ) -> Drift:
        """A drift of this sample. `golden` and `candidate` are evidence in words.

        `at` is the event that shows it; without one, `frame` (a number) and `byte` (an offset in the body), if known.
        """
        if at:
            frame, byte = at.frame.number, at.frame.start
        return Drift(
            path=path,
            message=message,
            golden=golden,
            candidate=candidate,
            sample=self.sample,
            severity=severity,
            frame=frame,
            byte=byte,
            area=area,
            who_breaks=who_breaks,
            hint=hint,
            suspicion=suspicion,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One step of one scenario on both sides, made once for all rules (`gate.observe.alignment.aligned`).

    `pairs` has every candidate sample, in order; `answers` those that have golden samples to compare with.
    """

    golden: Samples
    candidate: Samples
    pairs: tuple[Pair, ...]
    # Made at once and not when asked for: nearly every rule asks.
    answers: tuple[Pair, ...] = field(init=False, repr=False)
    # By function and not by name: two rules that share a helper share its result.
    cache: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "answers", tuple(pair for pair in self.pairs if pair.golden))

    def once(self, work: Callable[[Comparison], T]) -> T:
        """`work(self)`, computed once however many rules ask for it."""
        if work not in self.cache:
            self.cache[work] = work(self)
        result: T = self.cache[work]
        return result
