"""What one request of the suite cost on one side, for reports that compare routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measures:
    """One request of a scenario, on one side: counts over its samples, and means in ms and tokens over those that show
    the figure; None where none does.

    Small enough to stand in the JSON report, so that `gate merge` can compare routes. `posts` and `billed_…` are those
    of a gateway before a replay server: what it sent there for these answers, and the tokens of all of that. None: as
    the gate's own attempts, and the answer's tokens.
    """

    side: Literal["golden", "candidate"]
    step: int
    model: str = ""  # as the request names it
    answers: int = 0
    errors: int = 0  # answers with an error status
    unanswered: int = 0
    broken: int = 0  # streams that did not end as they should
    attempts: int = 0  # requests of the gate, retries included
    posts: int | None = None
    connect: float | None = None
    ttft: float | None = None
    gap: float | None = None
    total: float | None = None
    prompt: float | None = None
    completion: float | None = None
    billed_prompt: float | None = None
    billed_completion: float | None = None
