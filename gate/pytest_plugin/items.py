"""Goldens as pytest items: one each, verified offline, or judged from one concurrent run of the route.

A drift is a failure. What could not be judged is an error, which pytest tells apart where it happens in `setup`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gate.config import gate_yaml
from gate.errors import ConfigError, GateError
from gate.judge.budgets import check_budgets
from gate.judge.report import judge
from gate.judge.verdict import fails
from gate.model import Config, Finding, Report
from gate.pytest_plugin import unrecorded
from gate.pytest_plugin.shares import share_of
from gate.redact.scrub import without_secrets
from gate.reports.words.findings import crash_lines, finding_lines
from gate.run.check import Check
from gate.run.coverage import coverage
from gate.run.job import Job, prepare
from gate.run.policy_check import check_age, check_policy, known_scenarios
from gate.run.record import write
from gate.run.verify import problems_of
from gate.store import cassette
from gate.store.sides import load_side, nearby
from gate.suite import GROUPS, SETS, load_suite


class Goldens:
    """What the goldens of one pytest process share: configuration, marks, and the run."""

    def __init__(self, config: pytest.Config, roots: Sequence[Path]) -> None:
        self.roots = roots
        self.route: str | None = config.getoption("gate_route")
        self.base_url: str | None = config.getoption("gate_base_url")
        self.worker: dict[str, object] = getattr(config, "workerinput", {})
        self.results: dict[int, Report | GateError] = {}
        self.lacking: Sequence[unrecorded.Unrecorded] = ()
        for mark in sorted({*GROUPS, *SETS}):
            config.addinivalue_line("markers", f"{mark}: scenarios of this group or suite (swapgate)")
        try:
            self.config = self._config(config)
            self.marks = self._marks()
            if self.route and not self.worker and not config.option.collectonly:
                # Not in workers: each of them would print the same usage error.
                self.job()  # what is misspelt is said once, before anything runs
        except GateError as error:
            raise pytest.UsageError(without_secrets(str(error))) from error
        # where another distribution was asked for, nobody knows a worker's share: each item runs alone
        self.shares = bool(self.route) and config.getoption("dist", "no") == "load"

    def _config(self, config: pytest.Config) -> Config | None:
        named: Path | None = config.getoption("gate_config")
        nearby_ = (Path(config.invocation_params.dir, "gate.yaml"), config.rootpath / "gate.yaml")
        path = named or next((path for path in nearby_ if path.is_file()), None)
        if path is None and self.route:
            raise ConfigError("there is no gate.yaml", where=str(config.rootpath), fix="run `gate init`")
        return gate_yaml.load(path) if path else None

    def _marks(self) -> dict[str, tuple[str, ...]]:
        if self.config is None:
            return {}
        suite = load_suite(self.config.suite, Path(self.config.root), self.config.left_out)
        return {scenario.id: (scenario.group, *scenario.tags) for scenario in suite}

    def job(self) -> Job:
        """The run that is about to happen. Raises ConfigError."""
        if self.config is None or self.route is None:
            raise ConfigError("no route was named", where="--gate-route")
        return prepare(self.config, self.route, base_url=self.base_url, environ=dict(os.environ))

    @property
    def golden(self) -> Path | None:
        """The configuration's folder of goldens."""
        return Path(self.config.root, self.config.golden).resolve() if self.config else None

    def _above(self) -> Sequence[Path]:
        return self.golden.parents if self.golden else ()

    def scenario(self, folder: Path) -> str:
        """The id of a golden: its folder's path below the goldens of the configuration, else below the argument."""
        above = [root.parent if (root / "cassette.yaml").is_file() else root for root in self.roots]
        parents = [root for root in (self.golden, *above) if root and root in folder.parents]
        return folder.relative_to(parents[0]).as_posix() if parents else folder.name

    # -- hooks ----------------------------------------------------------------------------------

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """A cassette below an argument."""
        # Other names are cassettes of other tests in the same repository.
        if file_path.name != "cassette.yaml":
            return None
        path = file_path.resolve()
        if not any(root in (path, *path.parents) for root in self.roots):
            return None
        file: GoldenFile = GoldenFile.from_parent(parent, path=file_path)
        file.goldens = self
        return file

    def pytest_report_header(self) -> str:
        """A line that says whether goldens are verified or a route is checked."""
        return f"gate: route {self.route} against the goldens" if self.route else "gate: goldens are verified offline"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Pass a worker whether goldens are sent in shares."""
        node.workerinput["gate_shares"] = self.shares

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object:
        """Send each worker whole shares of the goldens."""
        if not self.shares:
            return None
        from gate.pytest_plugin.scheduler import Shares

        return Shares(config, log)

    def share(self, nodeid: str, number: int) -> int:
        """The share of an item, of which each is one run: all items of a process, or what its worker will get."""
        if not self.worker:
            return 0
        workers = int(str(self.worker.get("workercount", 1)))
        return share_of(nodeid, workers) if self.worker.get("gate_shares") else number

    @pytest.hookimpl(tryfirst=True)  # before -k and -m look at the items
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Give each golden its share, the items that are sent in one run, and the whole folder an item for what it
        lacks."""
        if self.route and self.config and any(root in (self.golden, *self._above()) for root in self.roots):
            self.lacking = list(unrecorded.items(session, self.config))
            items += self.lacking
        for number, item in enumerate(_goldens(items)):
            item.share = self.share(item.nodeid, number)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """The time of an item is its scenario's own: else the first would have that of the whole run."""
        report = yield
        if isinstance(item, GoldenItem) and self.route:
            last = call.when == "call" or (call.when == "setup" and not report.passed)
            report.duration = self.seconds(item) if last else 0.0
        return report

    def seconds(self, item: GoldenItem) -> float:
        """The median of one call of the scenario in seconds; 0.0 where it is not known."""
        report = self.results.get(item.share)
        results = report.scenarios if isinstance(report, Report) else ()
        return next((result.latency.get("total_p50", 0.0) / 1000 for result in results if result.id == item.name), 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The sentence under the verdict; workers have no terminal."""
        for report in self.results.values():
            if isinstance(report, Report):
                terminalreporter.write_line(f"gate: {report.verdict.upper()}  {report.reason}")
                for note in (report.lead, *report.notes):
                    if note:
                        terminalreporter.write_line(f"gate: {note}")
        for item in self.lacking:  # the item may be skipped, of which pytest says little
            terminalreporter.write_line(f"gate: {item.sentence()}")

    # -- the run --------------------------------------------------------------------------------

    def judged(self, item: GoldenItem) -> Report | GateError:
        """The report over the item's share, made once, when its first item runs; or why there is none."""
        if item.share not in self.results:
            try:
                self.results[item.share] = self._checked([other.name for other in shared(item)], item.share)
            except GateError as error:
                # Kept like a report: a route that is down is asked once, not once for each golden.
                self.results[item.share] = error
        return self.results[item.share]

    def _checked(self, names: Sequence[str], share: int) -> Report:
        job = self.job()
        golden = load_side(job.golden, honour_states=True)
        today = date.today()
        known = known_scenarios(job.config, golden)
        check_policy(job.config.policy, golden, known)
        check_age(job.config.policy, golden, today)
        check_budgets(job.config.policy, job.scenarios, job.config.samples)
        # before anything is sent and paid for: a file that is no proof ends the run
        proven = coverage(nearby(job.golden))
        check = Check(
            scenarios=[s for s in job.scenarios if s.id in names and s.id in golden.exchanges],
            route=job.route,
            golden=golden,
            policy=job.config.policy,
            limits=job.limits,
            plan=job.config.samples,
            scrubber=job.scrubber,
            key=job.key,
            run_id=job.run_id,
            today=today,
            versions=job.versions,
        )
        checked = asyncio.run(check.run())
        # a folder of this plugin's own: workers must not read each other's answers
        folder = Path(
            job.config.root, ".gate", "pytest", f"{job.route.name}-{share}" if self.worker else job.route.name
        )
        # A golden that left the suite must not be judged by the answers of a run before.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write(folder, checked.files)
        candidate = load_side(nearby(folder), honour_states=True)
        notes = (*checked.notes, *proven)
        return judge(check.chosen, candidate, check.policy, today, notes, known, scrubber=job.scrubber)


def _goldens(items: Sequence[pytest.Item]) -> Iterator[GoldenItem]:
    return (item for item in items if isinstance(item, GoldenItem))


class GoldenFile(pytest.File):
    """A cassette file; it holds one item."""

    goldens: Goldens

    def collect(self) -> Iterator[GoldenItem]:
        """The golden, marked with its group and suites."""
        name = self.goldens.scenario(self.path.resolve().parent)
        item: GoldenItem = GoldenItem.from_parent(self, name=name)
        item.goldens = self.goldens
        for mark in dict.fromkeys(self.goldens.marks.get(name) or self._group()):
            item.add_marker(mark)
        yield item

    def _group(self) -> Iterator[str]:
        """The group in the cassette, for a run without a configuration; an unreadable one fails when its item runs."""
        try:
            group = cassette.load(self.path).facts.get("group")
        except GateError:
            return
        if group in GROUPS:
            yield str(group)


class GoldenItem(pytest.Item):
    """One golden: its failure is drift or a broken golden, its error that nothing could be judged."""

    goldens: Goldens
    share = 0

    def setup(self) -> None:
        """Run the route, where one was named, unless an item before has done so."""
        if self.goldens.route is None:
            return
        report = self.goldens.judged(self)
        if isinstance(report, GateError):
            # In `setup`, where pytest calls a failure an error: nothing was judged.
            pytest.fail(without_secrets(str(report)), pytrace=False)
        result = next((other for other in report.scenarios if other.id == self.name), None)
        if result is None:
            pytest.skip("it is not in the suite of gate.yaml")
        if result.status == "skipped":
            pytest.skip(result.reason)
        crashes = [crash for crash in report.crashes if crash.scenario == self.name]
        if crashes:
            pytest.fail(
                without_secrets("\n".join(line for crash in crashes for line in crash_lines(crash))), pytrace=False
            )
        if result.status == "incomplete":
            pytest.fail(f"could not be judged: {result.reason}", pytrace=False)

    def runtest(self) -> None:
        """Fail with the findings, in the words of every report."""
        if self.goldens.route is None:
            wrong = list(map(without_secrets, problems_of(self.name, nearby(self.path), self.goldens.config, False)))
        else:
            report = self.goldens.judged(self)
            wrong = self._drift(report) if isinstance(report, Report) else []  # else `setup` has failed
        if wrong:
            pytest.fail("\n\n".join(wrong), pytrace=False)

    def _drift(self, report: Report) -> list[str]:
        known = {result.id for result in report.scenarios}
        # a budget over the whole run belongs to no scenario, and must fail something
        first = self is shared(self)[0]
        findings = [f for f in report.findings if f.scenario == self.name or (first and f.scenario not in known)]
        bad = [finding for finding in findings if fails(finding, report.fail_on)]
        rest = [finding for finding in findings if finding not in bad and finding.outcome != "off"]
        if rest:
            self.add_report_section("call", "gate: does not fail the build", "\n\n".join(map(_words, rest)))
        return [_words(finding) for finding in bad]

    def reportinfo(self) -> tuple[Path, None, str]:
        """(path, no line, the title over a failure), as pytest wants it."""
        return self.path, None, f"golden {self.name}"


def shared(item: GoldenItem) -> list[GoldenItem]:
    """The items that one run of this process sends."""
    return [other for other in _goldens(item.session.items) if other.share == item.share]


def _words(finding: Finding) -> str:
    return "\n".join(finding_lines(finding))
