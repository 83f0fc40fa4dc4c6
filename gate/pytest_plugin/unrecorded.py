"""The scenarios of the suite that have no golden, as one item: nothing else in a run tells that they are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gate.judge.verdict import uncovered_words, without_words
from gate.model import Config, Scenario
from gate.run.policy_check import unrecorded
from gate.store.not_served import not_served
from gate.suite import load_suite

# Of 58 scenarios a screenful would be names.
_SHOWN = 10


class Unrecorded(pytest.Item):
    """An error, as it is exit code 2 of `gate check`; skipped where `min_coverage` says that the others are enough."""

    config_: Config
    scenarios: Sequence[Scenario]
    ran: int

    def setup(self) -> None:
        """Judged here, where pytest calls a failure an error: no scenario drifted."""
        if self._enough():
            pytest.skip(self.sentence())
        pytest.fail(f"{self.sentence()}\n{self._lines()}", pytrace=False)

    def _enough(self) -> bool:
        least = self.config_.policy.min_coverage
        return least is not None and self.ran >= least

    def sentence(self) -> str:
        """How many have no golden, and what to do; or their names, where the others are enough."""
        lost, least = len(self.scenarios), self.config_.policy.min_coverage
        if not self._enough():
            return uncovered_words(lost, self.ran, least)
        names = ", ".join(scenario.id for scenario in self.scenarios)
        return f"{without_words(lost, self.ran)}; {least} are enough (min_coverage): {names}"

    def runtest(self) -> None:
        """Nothing is left to do."""

    def _lines(self) -> str:
        """A line for each, with what it would have shown."""
        lines = [f"  {s.id}{f': it would show {s.about}' if s.about else ''}" for s in self.scenarios[:_SHOWN]]
        more = len(self.scenarios) - _SHOWN
        return "\n".join([*lines, f"  and {more} more: `gate verify --all` names each"] if more > 0 else lines)

    def reportinfo(self) -> tuple[Path, None, str]:
        """(path, no line, the title over a failure), as pytest wants it."""
        return self.path, None, "scenarios without a golden"


class GateYaml(pytest.File):
    """gate.yaml, which names the suite."""

    config_: Config

    def collect(self) -> Iterator[Unrecorded]:
        """The item, unless each scenario has a golden or is listed as not served."""
        folder = Path(self.config_.root, self.config_.golden)
        suite = load_suite(self.config_.suite, Path(self.config_.root), self.config_.left_out)
        if lost := unrecorded(suite, folder):
            item: Unrecorded = Unrecorded.from_parent(self, name="unrecorded")
            item.config_, item.scenarios = self.config_, lost
            item.ran = len(suite) - len(lost) - len(not_served(folder).keys() & {scenario.id for scenario in suite})
            yield item


def items(session: pytest.Session, config: Config) -> Iterator[Unrecorded]:
    """The item, where there is one."""
    file: GateYaml = GateYaml.from_parent(session, path=Path(config.policy.file).resolve())
    file.config_ = config
    yield from file.collect()
