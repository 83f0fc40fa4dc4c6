"""What a team can do about a finding that it does not want mended: record again, or tolerate it for a while."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date

from gate.judge.budgets import EVERYWHERE
from gate.judge.prove import PROOF
from gate.model import Finding
from gate.reports.words.headlines import Headline
from gate.text.safe import line

# chosen: a sprint and a half; a tolerance without an end hides the next drift at that place.
DAYS = 30
# chosen: a command of two lines at 120 columns; without names it records all goldens again, which adopts other changes.
_FEW = 8  # most scenarios that a command names


def tolerance(finding: Finding, *, reason: str, until: date, everywhere: bool = False) -> dict[str, str]:
    """The finding as an entry of `policy.tolerate`, as narrow as it can be; `everywhere` leaves out the scenario."""
    place = {"scenario": "" if everywhere else _scenario(finding), "path": finding.path}
    known = {key: value for key, value in place.items() if value}
    return {"rule": finding.rule, **known, "reason": reason, "until": until.isoformat()}


def commands(headline: Headline, report: str = "") -> Iterator[tuple[str, str]]:
    """(when, command) for each way out of a finding; what a command quotes is safe in a shell and to print. `report` is
    the file that has the finding, where it is not the last run of whoever reads this."""
    first, scenarios = headline.first, _scenarios(headline)
    if first.rule in PROOF:
        return
    # an SDK's and a gateway's doing is in no golden that could be recorded again
    if first.area not in ("sdk", "request") and first.scenario not in ("", EVERYWHERE):
        chosen = "".join(f" --only {_quoted(name)}" for name in scenarios) if len(scenarios) <= _FEW else ""
        yield "if the change is meant", f"gate refresh{chosen} --write"
    options = f"{f' --from {report}' if report else ''}{' --all-scenarios' if several(headline) else ''}"
    yield "if it can wait", f"gate tolerate {_quoted(first.fingerprint)}{options} --reason '…'"


def ways_out(headline: Headline, report: str = "") -> list[str]:
    """A line for each way out."""
    return [f"  {when}: {command}" for when, command in commands(headline, report)]


def several(headline: Headline) -> bool:
    """Whether the cause is in more than one scenario."""
    return len(_scenarios(headline)) > 1


def _scenarios(headline: Headline) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_scenario, headline.findings)))


def _scenario(finding: Finding) -> str:
    """As gate.yaml has it: without the route that merging adds."""
    return finding.scenario.removeprefix(f"{finding.route}/") if finding.route else finding.scenario


def _quoted(text: str) -> str:
    return shlex.quote(line(text, 200))
