"""The pytest plugin, which comes by its entry point, against a real replay server on loopback."""

from __future__ import annotations

import os
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

# pytester forgets what a run inside this process imports, and classes would come twice: those that httpx imports when
# it sends, and our own
import anyio._backends._asyncio
import httpcore
import pytest

import gate.pytest_plugin.items
from gate.model import Exchange
from gate.replay.server import Replay, serve
from gate.store import cassette, proof_file
from gate.store.shipped import goldens
from tests.planted import ALNUM, draw

pytest_plugins = ["pytester"]
assert all((gate.pytest_plugin.items, httpcore, anyio))

NAMES = ("chat", "chat-stream", "embed", "error-bad-key", "max-tokens")
CONFIG = """\
version: 1
suite: [chat, chat-stream, embed, error-bad-key, max-tokens]
samples: {check: 1, confirm: 1}
routes:
  candidate:
    base_url: ${CANDIDATE_BASE_URL}
    api_key_env: CANDIDATE_API_KEY
    models: {chat: smollm2-135m-instruct, embedding: smollm2-135m-instruct}
"""


@pytest.fixture
def here(pytester: pytest.Pytester) -> Path:
    """A repository with goldens, a gate.yaml and a test of its own."""
    for name in NAMES:
        shutil.copytree(goldens() / name, pytester.path / "golden" / name)
    (pytester.path / "gate.yaml").write_text(CONFIG, "utf-8")
    pytester.makepyfile(test_own="def test_own(): pass")
    return pytester.path


Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, here: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """pytest inside this process, which is fast; nothing listens where the route points."""
    monkeypatch.setenv("CANDIDATE_API_KEY", "k")
    monkeypatch.setenv("CANDIDATE_BASE_URL", "http://127.0.0.1:9/v1")
    return partial(pytester.runpytest_inprocess, "-p", "no:cacheprovider")


@pytest.fixture
def process(pytester: pytest.Pytester, run: Run) -> Run:
    """pytest as a user starts it, with the environment of `run`."""
    return partial(pytester.runpytest_subprocess, "-p", "no:cacheprovider", timeout=120)


class Route:
    """A route that replays the goldens, drifting where told, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.drifting: set[str] = set()

    def answer(self, exchange: Exchange) -> Exchange:
        self.asked[exchange.scenario] += 1
        assert exchange.response is not None
        if exchange.scenario in self.drifting:
            body = exchange.response.body.replace(b'"finish_reason"', b'"end_reason"')
            return replace(exchange, response=replace(exchange.response, body=body), chunks=())
        return exchange


@pytest.fixture
def route(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Route]:
    found = Route()
    exchanges = [e for path in cassette.scan(here / "golden").values() for e in cassette.load(path).exchanges]
    with serve(Replay(exchanges, speed=10, mutate=found.answer)) as url:
        monkeypatch.setenv("CANDIDATE_BASE_URL", url)
        yield found


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    return {name: count for name, count in result.parseoutcomes().items() if name != "warnings"}


# -- runs that do not ask for it ----------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), (".",), ("-k", "own"), ("test_own.py",)])
def test_a_plain_run_collects_no_golden(run: Run, arguments: tuple[str, ...]) -> None:
    assert outcomes(run(*arguments)) == {"passed": 1}


def test_cassettes_of_others_are_no_goldens(run: Run, here: Path) -> None:
    folder = here / "tests" / "cassettes" / "one"
    folder.mkdir(parents=True)
    (folder / "cassette.yaml").write_text("version: 1\ninteractions: []\n")
    assert run("tests").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_plain_run_imports_nothing_of_ours(process: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_own="""
        import sys
        def test_own():
            ours = {name for name in sys.modules if name.split(".")[0] == "gate"}
            assert ours == {"gate", "gate.pytest_plugin", "gate.pytest_plugin.plugin"}
            assert not {"httpx", "yaml", "click", "jsonschema"} & set(sys.modules)
        """
    )
    assert outcomes(process("-p", "no:xdist", "-p", "no:cov", "-p", "no:hypothesispytest", "-p", "no:anyio")) == {
        "passed": 1
    }


# -- verify, offline ----------------------------------------------------------------------------


def test_goldens_are_verified_without_a_route(run: Run, route: Route) -> None:
    result = run("golden")
    assert outcomes(result) == {"passed": 5}
    assert route.asked == Counter()
    result.stdout.fnmatch_lines(["gate: goldens are verified offline"])


def test_a_stale_contract_fails_with_the_words_of_gate_verify(run: Run, here: Path) -> None:
    contract = here / "golden" / "chat" / "contract.yaml"
    contract.write_text(contract.read_text().replace("status: 200", "status: 201"))
    result = run("golden/", "test_own.py")
    assert outcomes(result) == {"passed": 5, "failed": 1}
    result.stdout.fnmatch_lines(
        [
            "*golden chat*",
            "golden/chat/contract.yaml: the contract differs from what the cassette gives",
            "*gate verify*",
        ]
    )


def test_a_corrupt_cassette_fails_alone(run: Run, here: Path) -> None:
    (here / "golden" / "chat" / "cassette.yaml").write_text("interactions: [")
    (here / "gate.yaml").unlink()
    result = run("golden")
    assert outcomes(result) == {"passed": 4, "failed": 1}
    result.stdout.fnmatch_lines(["*golden/chat/cassette.yaml*"])


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (("golden/chat",), 1),
        pytest.param(("golden/chat/cassette.yaml",), 1, marks=pytest.mark.slow),
        (("golden/chat/cassette.yaml::chat",), 1),
        pytest.param(("golden", "-k", "chat"), 2, marks=pytest.mark.slow),
        pytest.param(("golden", "-m", "stream"), 1, marks=pytest.mark.slow),
        (("golden", "-m", "not stream and not errors"), 3),
        pytest.param(("golden", "-m", "minimal"), 3, marks=pytest.mark.slow),
        (("--gate-verify", "."), 6),
    ],
)
def test_selection(run: Run, arguments: tuple[str, ...], passed: int) -> None:
    found = outcomes(run("--strict-markers", *arguments))
    assert (found["passed"], "failed" in found, "errors" in found) == (passed, False, False)


def test_slow_is_a_mark_and_the_cassette_knows_its_group(run: Run, here: Path) -> None:
    (here / "gate.yaml").unlink()
    for name in ("cassette.yaml", "contract.yaml"):
        path = here / "golden" / "max-tokens" / name
        path.write_text(path.read_text().replace("  group: text", "  group: slow"))
    assert outcomes(run("golden", "-m", "slow")) == {"passed": 1, "deselected": 4}


# -- a route ------------------------------------------------------------------------------------


def test_a_faithful_route_passes_with_one_request_each(run: Run, route: Route, here: Path) -> None:
    proof_file.write(here / "golden", {"stream": (2, 3)}, date(2026, 11, 29))
    result = run("golden", "--gate-route", "candidate")
    assert outcomes(result) == {"passed": 5}
    assert route.asked == Counter(NAMES)
    caught = "gate: coverage: these goldens would catch 2 of 3 known drifts (proven 2026-11-29)"
    result.stdout.fnmatch_lines(["gate: route candidate against the goldens", "gate: PASS*5 scenarios kept*", caught])


def test_drift_is_a_failure_in_the_words_of_every_report(run: Run, route: Route) -> None:
    route.drifting = {"chat"}
    result = run("golden", "--gate-route", "candidate", "--junitxml", "j.xml")
    assert outcomes(result) == {"passed": 4, "failed": 1}
    result.stdout.fnmatch_lines(
        [
            "*golden chat*",
            "breaking[[]*[]] chat.completions / chat *",
            "  [[]- golden[]] *golden/chat/cassette.yaml:*",
            "  [[]+ candidate[]] *",
            "  who breaks: *",
        ]
    )
    assert "golden_items.py" not in result.stdout.str()  # no traceback of ours
    assert route.asked["chat"] == 2  # confirmed
    suite = ET.parse("j.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "1", "0")


def test_only_what_is_selected_is_sent(run: Run, route: Route) -> None:
    assert outcomes(run("golden", "--gate-route", "candidate", "-k", "embed")) == {"passed": 1, "deselected": 4}
    assert route.asked == Counter(["embed"])


def test_each_item_has_the_time_of_its_own_scenario(run: Run, route: Route, here: Path) -> None:
    run("golden", "--gate-route", "candidate", "--junitxml", "j.xml")
    times = {case.attrib["name"]: float(case.attrib["time"]) for case in ET.parse("j.xml").iter("testcase")}
    folder = here / ".gate" / "pytest" / "candidate"
    for name in ("chat", "chat-stream", "embed"):
        (exchange,) = cassette.load(folder / name / "cassette.yaml").exchanges
        assert exchange.total_ms is not None
        assert times[name] == pytest.approx(exchange.total_ms / 1000, abs=0.002)  # of three decimals
    verified = run("golden", "--junitxml", "j.xml")
    assert outcomes(verified) == {"passed": 5}
    assert all(float(case.attrib["time"]) > 0 for case in ET.parse("j.xml").iter("testcase"))


def test_a_route_that_is_down_is_an_error_and_no_failure(run: Run) -> None:
    result = run("golden", "--gate-route", "candidate", "--junitxml", "j.xml")
    assert outcomes(result) == {"errors": 5}
    suite = ET.parse("j.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("errors")) == ("0", "5")
    assert "golden_items.py" not in result.stdout.str()


def test_the_base_url_can_be_replaced(run: Run, route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    url = os.environ["CANDIDATE_BASE_URL"]
    monkeypatch.delenv("CANDIDATE_BASE_URL")
    result = run("golden/chat", "--gate-route", "candidate", "--gate-base-url", url)
    assert outcomes(result) == {"passed": 1}


def test_what_the_route_sent_is_kept(run: Run, route: Route, here: Path) -> None:
    run("golden", "--gate-route", "candidate", "-k", "chat")
    assert set(cassette.scan(here / ".gate" / "pytest" / "candidate")) == {"chat", "chat-stream"}


@pytest.mark.parametrize(
    ("suite", "policy", "found", "said"),
    [
        ("standard", "", {"passed": 5, "errors": 1},
         "14 of 19 scenarios have no golden: run `gate record`, or write `policy: {min_coverage: 5}` if it is meant"),
        ("standard", "policy: {min_coverage: 6}", {"passed": 5, "errors": 1},
         "14 of 19 scenarios have no golden, and min_coverage is 6: run `gate record`"),
        ("standard", "policy: {min_coverage: 5}", {"passed": 5, "skipped": 1},
         "14 of 19 scenarios have no golden; 5 are enough (min_coverage)"),
        ("minimal, {except: [tool-forced]}", "", {"passed": 3, "errors": 1, "skipped": 2}, "error-invalid-request"),
        ("chat, chat-stream", "", {"passed": 2, "skipped": 3}, "PASS  2 scenarios kept"),
    ],
)  # fmt: skip
def test_scenarios_without_a_golden_are_named(
    run: Run, route: Route, here: Path, suite: str, policy: str, found: dict[str, int], said: str
) -> None:
    lines = CONFIG.replace("[chat, chat-stream, embed, error-bad-key, max-tokens]", f"[{suite}]")
    (here / "gate.yaml").write_text(f"{lines}{policy}\n", "utf-8")
    result = run("golden", "--gate-route", "candidate")
    assert outcomes(result) == found
    assert said in result.stdout.str()
    assert ("tool-forced" in result.stdout.str()) == (suite == "standard")
    assert result.ret == (1 if "errors" in found else 0)


def test_a_part_of_the_goldens_says_nothing_of_the_rest(run: Run, route: Route, here: Path) -> None:
    (here / "gate.yaml").write_text(CONFIG.replace("[chat, ", "[standard, "), "utf-8")
    for selection in (("golden/chat",), ("golden", "-k", "chat"), ("golden", "-m", "minimal")):
        assert run(*selection, "--gate-route", "candidate").ret == 0


def test_a_scenario_outside_the_suite_is_skipped(run: Run, route: Route, here: Path) -> None:
    (here / "gate.yaml").write_text(CONFIG.replace("suite: [chat, ", "suite: ["))
    result = run("golden", "--gate-route", "candidate", "-rs")
    assert outcomes(result) == {"passed": 4, "skipped": 1}
    result.stdout.fnmatch_lines(["SKIPPED*it is not in the suite of gate.yaml"])


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        (("candidate:", "candidat:"), ("--gate-route", "candidate"), "*there is no route candidate*"),
        (("version: 1", "version: 2"), (), "*version*"),
        (("", ""), ("--gate-route", "candidate", "--gate-config", "other.yaml"), "*other.yaml*"),
    ],
)
def test_a_wrong_configuration_is_said_once(
    run: Run, here: Path, change: tuple[str, str], arguments: tuple[str, ...], words: str
) -> None:
    (here / "gate.yaml").write_text(CONFIG.replace(*change) if change[0] else CONFIG)
    result = run("golden", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])
    assert "Traceback" not in result.stderr.str()


def test_the_words_of_an_error_hold_no_key(run: Run, here: Path) -> None:
    """A key that slipped to the wrong place is quoted by the error; the command line masks it as well."""
    key = "sk-" + "proj-" + draw(ALNUM, 40)
    (here / "gate.yaml").write_text(f"{CONFIG}{key}: 1\n")
    result = run("golden", "--gate-route", "candidate")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*xx-xxxx-*"])
    assert key not in result.stdout.str() + result.stderr.str()


def test_a_route_without_configuration_says_what_to_do(run: Run, here: Path) -> None:
    (here / "gate.yaml").unlink()
    result = run("golden", "--gate-route", "candidate")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there is no gate.yaml*", "*gate init*"])


# -- pytest-xdist -------------------------------------------------------------------------------


@pytest.mark.slow
def test_workers_send_every_scenario_once(process: Run, route: Route) -> None:
    result = process("golden", "test_own.py", "--gate-route", "candidate", "-n", "2")
    assert outcomes(result) == {"passed": 6}
    assert route.asked == Counter(NAMES)


@pytest.mark.slow
def test_drift_under_xdist_and_another_distribution(process: Run, route: Route) -> None:
    route.drifting = {"chat"}
    result = process("golden", "--gate-route", "candidate", "-n", "2", "--dist", "worksteal", "-k", "chat or embed")
    assert outcomes(result) == {"passed": 2, "failed": 1}
    assert route.asked == Counter({"chat": 2, "chat-stream": 1, "embed": 1})


@pytest.mark.slow
def test_verify_under_xdist(process: Run) -> None:
    assert outcomes(process("golden", "-n", "2")) == {"passed": 5}
