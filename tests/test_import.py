"""`gate import`: cassettes that every other command takes, nothing secret in them, and nothing lost of what was there.
And what `gate diff` says of files that are no cassettes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from gate.cli import run
from gate.store import cassette
from tests.stored import same_as_vcrpy
from tests.test_adapters import GO, LINES, PLAIN, RUBY, SSE, har, log

VCRPY = f"""\
interactions:
- request: {{body: '{{}}', headers: {{}}, method: POST, uri: https://us.i.posthog.com/batch/}}
  response: {{body: {{string: '{{}}'}}, headers: {{}}, status: {{code: 200, message: OK}}}}
- request: {{body: '{{"model":"m"}}', headers: {{}}, method: POST, uri: https://api.openai.com/v1/chat/completions}}
  response: {{body: {{string: '{PLAIN}'}}, headers: {{}}, status: {{code: 200, message: OK}}}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


# -- import ---------------------------------------------------------------------------------------


def test_imported_files_are_goldens(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(here, hi_json=PLAIN, hi_chunks_txt=LINES, polly__hello__recording_har=log(har({"text": PLAIN})))
    assert run(["import", "hi.json", "hi.chunks.txt", "polly"]) == 0
    said = capsys.readouterr().out
    assert "golden/hi/cassette.yaml: 1 answer of hi.json (a bare JSON body)\n" in said
    assert "  not recorded there: headers, request, status, times\n" in said
    assert sorted(cassette.scan(here / "golden")) == ["hello", "hi", "hi.chunks"]
    stored = yaml.safe_load((here / "golden/hi/cassette.yaml").read_text())
    assert stored["gate"]["imported"] == "a bare JSON body"
    assert stored["interactions"][0]["gate"] == {"absent": ["request", "status", "headers", "times"]}
    assert run(["verify", "golden", "--write"]) == 0
    assert run(["verify", "golden"]) == 0
    assert "3 goldens verified: all is well" in capsys.readouterr().out
    assert run(["diff", "golden", "golden"]) == 0


def test_a_drift_between_imported_files_is_explained(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(here, golden__hi_json=PLAIN, candidate__hi_json=PLAIN.replace('"index":0', '"index":"0"'))
    assert run(["import", "golden/hi.json", "--to", "old"]) == 0
    assert run(["import", "candidate/hi.json", "--to", "new"]) == 0
    assert run(["diff", "old", "new", "--report", "json:gate.json"]) == 1
    finding = json.loads((here / "gate.json").read_text())["findings"][0]
    assert (finding["rule"], finding["path"]) == ("field-type-changed", "choices[0].index")
    capsys.readouterr()
    assert run(["explain", finding["fingerprint"], "--from", "gate.json"]) == 0
    assert "choices[0].index" in capsys.readouterr().out


def test_vcrpy_replays_what_was_imported(here: Path) -> None:
    put(here, a_yml=RUBY)
    assert run(["import", "a.yml"]) == 0
    same_as_vcrpy(here / "golden/a/cassette.yaml")


def test_no_secret_reaches_the_disk(here: Path) -> None:
    key = "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z"
    sent = [{"name": "Authorization", "value": f"Bearer {key}"}, {"name": "Cookie", "value": "s=1234567890abcdef"}]
    answer = PLAIN.replace('"Hi"', f'"Your key is {key}"')
    entry = har({"text": answer}, headers=[{"name": "Set-Cookie", "value": "s=1234567890abcdef"}])
    entry["request"]["headers"] = sent
    put(here, a_har=log(entry))
    assert run(["import", "a.har"]) == 0
    written = (here / "golden/a/cassette.yaml").read_text()
    assert key not in written
    assert "1234567890abcdef" not in written


REFUSED = [
    (["import", "a.txt"], "a.txt: no known form of a recording; tried: a bare SSE body"),
    (["import", "empty"], "empty: no recording in it"),
    (["import", "none.json"], "none.json: can't read it: No such file or directory"),
    (["import", "hi.json", "hi.sse"], "hi.sse: hi.json would be hi/cassette.yaml as well"),
    (["import", "there.json"], "golden/there/cassette.yaml: there is a cassette already"),
    (["import", "cut.har"], "cut.har:3: not valid JSON"),
]


@pytest.mark.parametrize(("command", "error"), REFUSED)
def test_what_is_refused(command: list[str], error: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(
        here,
        a_txt="hello",
        empty__a_txt="hello",
        hi_json=PLAIN,
        hi_sse=SSE,
        there_json=PLAIN,
        golden__there__cassette_yaml=VCRPY,
    )
    put(here, cut_har='{"log":\n{"entries":\n[')
    assert run(command) == 2
    assert error in capsys.readouterr().err
    assert sorted(path.name for path in (here / "golden").iterdir()) == ["there"]


def test_of_a_folder_recordings_are_taken(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(here, all__a__b_yaml=GO, all__notes_txt="hello", golden__a__b__cassette_yaml=VCRPY, all___hidden=SSE)
    assert run(["import", "all", "--overwrite"]) == 0
    assert "all/notes.txt: passed over, no known form of a recording" in capsys.readouterr().err
    assert sorted(cassette.scan(here / "golden")) == ["a/b"]
    assert cassette.load(here / "golden/a/b/cassette.yaml").facts["imported"] == "a cassette of go-vcr"


def test_a_file_without_end_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.cli.import_.files.MAX_FILE", 10)
    put(here, hi_json=PLAIN)
    assert run(["import", "hi.json"]) == 2


# -- diff -----------------------------------------------------------------------------------------

STRAYS = [
    ("services: {a: 1}\n", "b.yaml was passed over: not a cassette: it has no `interactions`"),
    ("[1, 2]\n", "b.yaml was passed over: not a cassette: the document is not a mapping"),
    (
        SSE,
        "b.yaml was passed over: this is a bare SSE body, not a vcrpy cassette; `gate import` makes a cassette of it",
    ),
    (PLAIN, "b.yaml was passed over: this is a bare JSON body, not"),
    (GO, "b.yaml was passed over: this is a cassette of go-vcr, not"),
]
BROKEN = [
    "",
    "interactions: 7\n",
    "interactions: []\n",
    "version: 1\ngate: {}\n",
    "a: [\n",
    VCRPY.replace("method", "metod"),
]


@pytest.mark.parametrize(("text", "note"), STRAYS)
def test_stray_files_are_named_and_passed_over(
    text: str, note: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(here, golden__a_yaml=VCRPY, golden__b_yaml=text, candidate__a_yaml=VCRPY)
    assert run(["diff", "golden", "candidate"]) == 0
    assert note in " ".join(capsys.readouterr().out.split())
    # Alone they are an error: somebody took them for a cassette.
    assert run(["diff", "golden/b.yaml", "candidate/a.yaml"]) == 2
    assert run(["verify", "golden"]) == 2


def test_a_candidate_s_stray_file_is_no_pass(here: Path) -> None:
    put(here, golden__a_yaml=VCRPY, golden__b_yaml=VCRPY, candidate__a_yaml=VCRPY, candidate__b_yaml=SSE)
    assert run(["diff", "golden", "candidate"]) == 3


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_cassette_ends_it(text: str, here: Path) -> None:
    put(here, golden__a_yaml=VCRPY, golden__b_yaml=text, candidate__a_yaml=VCRPY)
    assert run(["diff", "golden", "candidate"]) == 2


def test_nothing_to_compare_is_no_pass(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(here, golden__a_yaml=SSE, candidate__a_yaml=VCRPY)
    assert run(["diff", "golden", "candidate"]) == 2
    assert (
        "golden: no cassette in it\n  fix: golden/a.yaml was passed over: this is a bare SSE" in capsys.readouterr().err
    )


def test_a_scenario_is_named_by_its_api_call(here: Path) -> None:
    put(here, golden__a_yaml=VCRPY, candidate__a_yaml=VCRPY)
    assert run(["diff", "golden", "candidate", "--report", "json:gate.json"]) == 0
    assert json.loads((here / "gate.json").read_text())["scenarios"][0]["endpoint"] == "chat.completions"
