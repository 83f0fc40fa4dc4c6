"""The command line as a user drives it: exit codes, words of errors, and files that repeat the verdict."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gate.cli import COMMANDS, GROUPS, group, run
from gate.errors import GateError
from gate.model import Exchange
from gate.store.cassette import dump
from tests.rules_table import ASK_TOOL, HELLO, call, completion, plain, stream


def gate(*arguments: str) -> Result:
    """One command line in this process; the exit code is what the shell would see."""
    result = CliRunner().invoke(group, arguments, standalone_mode=False)
    if isinstance(result.exception, GateError):
        result.exit_code = result.exception.exit_code
        result.output_bytes += str(result.exception).encode()
    elif result.exception is None:
        result.exit_code = result.return_value or 0
    return result


def put(folder: Path, **exchanges: Exchange | Sequence[Exchange]) -> Path:
    """A folder of cassettes, one for each keyword."""
    for name, found in exchanges.items():
        path = folder / name.replace("_", "-") / "cassette.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(dump({}, (found,) if isinstance(found, Exchange) else found), "utf-8")
    return folder


CALLED = {"content": None, "tool_calls": [call()]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_diff_of_equal_folders_passes(here: Path) -> None:
    put(here / "golden", chat=plain(completion()), chat_stream=stream(*HELLO))
    put(here / "candidate", chat=plain(completion(id="chatcmpl-2")), chat_stream=stream(*HELLO))
    result = gate("diff", "golden", "candidate")
    assert (result.exit_code, result.output.startswith("PASS")) == (0, True)


def test_diff_reports_a_drift_and_writes_every_format(here: Path) -> None:
    put(here / "golden", tool=plain(completion(CALLED, "tool_calls"), ASK_TOOL))
    put(here / "candidate", tool=plain(completion(CALLED, "stop"), ASK_TOOL))
    result = gate("diff", "golden/", "candidate/", "--report", "json:out.json", "--report", "junit:out/j.xml")
    found = json.loads(Path("out.json").read_text())
    assert result.exit_code == 1
    assert "breaking[finish-reason-changed] chat.completions / tool" in result.output
    assert [f["location"]["file"] for f in found["findings"]] == ["candidate/tool/cassette.yaml"]
    assert Path("out/j.xml").read_text().startswith("<?xml")


def test_diff_of_two_files_needs_no_common_name(here: Path) -> None:
    Path("a.yaml").write_text(dump({}, [plain(completion())]))
    Path("b.yaml").write_text(dump({}, [plain(completion(finish="end_turn"))]))
    assert gate("diff", "a.yaml", "b.yaml").exit_code == 1
    assert gate("diff", "a.yaml", "a.yaml").exit_code == 0


def test_a_scenario_that_the_candidate_lacks_is_incomplete(here: Path) -> None:
    put(here / "golden", chat=plain(completion()), other=plain(completion()))
    put(here / "candidate", chat=plain(completion()))
    result = gate("diff", "golden", "candidate")
    assert result.exit_code == 3
    assert "the candidate has no recording of it" in result.output


def test_an_outage_is_no_drift(here: Path) -> None:
    put(here / "golden", chat=plain(completion()))
    put(here / "candidate", chat=plain(b"<html>bad gateway</html>", status=502, scenario="chat", outage=True))
    result = gate("diff", "golden", "candidate", "--report", "json")
    report = json.loads(result.output)
    assert (result.exit_code, report["verdict"], report["findings"]) == (3, "incomplete", [])


def _nothing(here: Path) -> None:
    (here / "golden").mkdir()


def _corrupt(here: Path) -> None:
    put(here / "golden", chat=plain(completion()))
    (here / "golden" / "chat" / "cassette.yaml").write_text("interactions: [")


@pytest.mark.parametrize(
    ("prepare", "arguments", "words"),
    [
        (_nothing, ("diff", "golden", "golden"), "no cassette in it"),
        (_nothing, ("diff", "missing", "golden"), "no such file or folder"),
        (_corrupt, ("diff", "golden", "golden"), "golden/chat/cassette.yaml"),
        (_nothing, ("check",), "there is no gate.yaml"),
        (_nothing, ("explain", "finish-reason-chanced"), "did you mean finish-reason-changed?"),
        (_nothing, ("explain", "retry-after-missing"), "split, one id for each drift"),
        (_nothing, ("verify",), "there is no golden to verify"),
    ],
)
def test_what_can_not_be_done_exits_2_with_the_reason(
    here: Path, prepare: Callable[[Path], None], arguments: tuple[str, ...], words: str
) -> None:
    prepare(here)
    result = gate(*arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_an_unknown_report_format_names_those_that_exist(here: Path) -> None:
    result = CliRunner().invoke(group, ["diff", "a", "b", "--report", "junitt:x"])
    assert result.exit_code == 2
    assert "no format 'junitt'; there are: " in result.output


@pytest.mark.parametrize("arguments", [("rules",), ("diff", "golden", "golden")])
def test_a_bug_of_ours_is_no_verdict(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr("gate.cli.rules.rules", broken)
    monkeypatch.setattr("gate.cli.diff.load_side", broken)
    assert run(list(arguments)) == 2
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert "ZeroDivisionError: of ours\nerror: a bug of the gate, not a verdict\n  fix: report it" in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 100_000)
    except OSError:  # Linux's word for the end of a terminal that nobody holds any more
        return b""


def test_progress_is_shown_on_a_terminal_alone(here: Path) -> None:
    """The bar goes to standard error where that is a terminal; a pipe or a CI log gets none of it."""
    code = (
        "from gate.cli._run import progress\nfrom gate.run.runner import Progress\n"
        "with progress('checking') as told:\n"
        "    print(told is None)\n"
        "    told and told(Progress('done', 'chat', 0, 1, 2))\n"
    )
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")
    argv = [sys.executable, "-c", code]
    piped = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert (piped.stdout, piped.stderr) == ("True\n", "")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=theirs, text=True, env={**os.environ, "TERM": "xterm"}
    ) as process:
        assert process.stdout
        assert process.stdout.read() == "False\n"
        process.wait()
    os.close(theirs)
    shown = b"".join(iter(partial(_read, ours), b"")).decode()
    os.close(ours)
    assert "checking" in shown
    assert "1/2" in shown


def test_every_command_is_listed_once() -> None:
    assert len(COMMANDS) == sum(map(len, GROUPS.values()))


def test_every_command_has_help() -> None:
    for name in COMMANDS:
        result = CliRunner().invoke(group, [name, "--help"])
        assert result.exit_code == 0, result.output
        assert "Usage:" in result.output


def test_rules_and_explain(here: Path) -> None:
    assert "finish-reason-changed" in gate("rules").output
    assert "## Who breaks" in gate("explain", "finish-reason-changed").output


def test_explain_finds_a_finding_of_a_report(here: Path) -> None:
    put(here / "golden", chat=plain(completion()))
    put(here / "candidate", chat=plain(completion(finish="end_turn")))
    gate("diff", "golden", "candidate", "--report", "json:r.json")
    fingerprint = json.loads(Path("r.json").read_text())["findings"][0]["fingerprint"]
    result = gate("explain", fingerprint, "--from", "r.json")
    assert (result.exit_code, fingerprint in result.output, "## Who breaks" in result.output) == (0, True, True)


@pytest.fixture
def process(here: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def started(*arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "gate", *arguments]
        return subprocess.run(argv, cwd=here, capture_output=True, text=True, timeout=60, env=dict(os.environ))

    return started


def test_the_real_process_tells_errors_without_a_traceback(
    process: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = process("diff", "nowhere", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: nowhere: no such file or folder")
    assert process("--version").stdout.startswith("gate ")
    assert process("nonsense").returncode == 2
    assert "  check " in process("--help").stdout


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device", "gate.yaml"), BrokenPipeError()])
def test_what_the_system_refuses_is_no_bug_of_the_gate(
    here: Path, error: OSError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Path, "write_text", lambda *_: (_ for _ in ()).throw(error))
    assert run(["init"]) == 2
    text = capsys.readouterr().err
    assert text.startswith("error: gate.yaml: No space left" if error.errno else "error: ")
    assert "Traceback" not in text
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("module", ["click", "gate.cli", "gate.cli.rules", "gate.errors"])
def test_ctrl_c_while_modules_are_imported(module: str, here: Path) -> None:
    """As the interpreter does it when the signal comes in the middle of an import."""
    code = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.argv = ['gate', 'rules']\n"
        "from gate.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "stopped")
