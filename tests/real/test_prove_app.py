"""`gate prove --app` with an application on the official SDK, over our own goldens; and one that calls besides."""

from __future__ import annotations

import json
import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from gate.cli.prove import command
from gate.errors import ConfigError

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "golden" / "tool-roundtrip"
WEATHER = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'tests' / 'apps' / 'weather.py'))}"
TRIED = (
    "answer-empty", "usage-missing", "arguments-object", "tool-call-as-text", "status-429+retry-after-1*1",
    "tool-then-reset*1", "tool-then-reset*3",
)  # fmt: skip


def _told(app: str, tried: Sequence[str], timeout: float = 20) -> tuple[int, dict[str, list[str]]]:
    """The exit code, and `severity rule path` by scenario."""
    only = [word for name in tried for word in ("--only", name)]
    arguments = [str(GOLDEN), "--app", app, "--timeout", str(timeout), "--report", "json", *only]
    result = CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False)
    found: dict[str, list[str]] = {}
    report = json.loads(result.output)
    for one in report["scenarios"]:
        found[one["id"]] = []
    for one in report["findings"]:
        found[one["scenario"]].append(f"{one['severity']} {one['rule']} {one['path']}")
    return int(result.return_value), found


def test_an_application_that_trusts_what_it_reads() -> None:
    """It crashes where a field is not what it was, and runs its tool again where it begins anew."""
    code, found = _told(WEATHER, TRIED)
    assert code == 1
    crash, unmarked = "breaking app-breaks end", "info app-runs-tool-again request.id"
    assert found == {
        "app": [],
        "app!answer-empty": [crash],
        "app!usage-missing": [crash],
        "app!arguments-object": [crash],
        "app!tool-call-as-text": [crash],
        "app!status-429+retry-after-1*1": [unmarked],
        "app!tool-then-reset*1": [unmarked],
        "app!tool-then-reset*3": ["breaking app-runs-tool-again executions", unmarked],
    }


def test_an_application_that_looks_first() -> None:
    """What it can't do it says; that it does not count what never came is told as something else that it prints."""
    code, found = _told(f"{WEATHER} --careful", TRIED)
    gave_up, unmarked = "info app-breaks end", "info app-runs-tool-again request.id"
    assert found == {
        "app": [],
        "app!answer-empty": [gave_up],
        "app!usage-missing": ["risky app-breaks output"],
        "app!arguments-object": [gave_up],
        "app!tool-call-as-text": [gave_up],
        "app!status-429+retry-after-1*1": [unmarked],
        "app!tool-then-reset*1": [unmarked],
        "app!tool-then-reset*3": ["risky app-breaks end", unmarked],
    }
    assert code == 0


ASKS = """
    import json, os, sys, urllib.request
    url = os.environ["OPENAI_BASE_URL"] + "/models"
    answer = urllib.request.urlopen(url, timeout=float(sys.argv[1])).read()
    print(*(model["id"] for model in json.loads(answer or b'{"data": []}')["data"]))
"""


def test_hosts_besides_a_hang_and_a_silent_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No SDK: Python's own client, which honours the proxy variables, and waits for as long as it is told."""
    monkeypatch.setitem(globals(), "GOLDEN", ROOT / "golden" / "models")
    script = tmp_path / "ask.py"
    elsewhere = """
    try:
        urllib.request.urlopen("https://telemetry.test/v1/events", timeout=5)
    except OSError:
        pass
    """
    script.write_text(textwrap.dedent(ASKS) + textwrap.dedent(elsewhere))
    app = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"
    code, found = _told(f"{app} 60", ["silence", "answer-empty"], timeout=3)
    assert code == 1
    assert found == {
        "app": ["risky app-calls-elsewhere outside"],
        "app!answer-empty": ["breaking app-breaks output"],
        "app!silence": ["breaking app-breaks end"],
    }


def test_an_application_that_does_something_else_is_refused() -> None:
    with pytest.raises(ConfigError, match="asked the replay server for nothing"):
        _told(f"{shlex.quote(sys.executable)} -c 'print(1)'", ["silence"])
