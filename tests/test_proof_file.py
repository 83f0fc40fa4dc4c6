"""What `gate prove --write` stores with the goldens, and what every verdict says of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gate.errors import CassetteError
from gate.judge.prove import Proof, Row, by_area
from gate.mutations import mutations
from gate.reports.words.coverage import coverage_line
from gate.store import proof_file
from tests.rules_table import completion, plain
from tests.test_cli import gate, put


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one golden, proven, and a candidate that is like it."""
    folder = tmp_path_factory.mktemp("proven")
    for side in ("golden", "new"):
        put(folder / side, chat=plain(completion()))
    assert gate("prove", str(folder / "golden"), "--write").exit_code == 0
    return folder


@pytest.fixture
def team(proven: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(proven, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def notes() -> list[str]:
    said = json.loads(gate("diff", "golden", "new", "--report", "json").output)
    return [note for note in said["notes"] if note.startswith("coverage")]


def test_every_verdict_says_what_the_goldens_would_catch(team: Path) -> None:
    stored = json.loads(Path("golden/proof.json").read_text())
    caught, known = (sum(numbers) for numbers in zip(*stored["areas"].values(), strict=True))
    assert 0 < caught < known == len(mutations())
    (note,) = notes()
    assert note.startswith(
        f"coverage: these goldens would catch {caught} of {known} known drifts (proven {stored['date']})"
    )
    assert "embeddings" in note.partition("they are blind to ")[2]
    assert "stream" in note.partition("they are blind to ")[2]
    assert gate("verify", "golden", "--write").exit_code == 0  # the file is nobody's golden
    assert "proof.json" not in gate("diff", "golden", "new").output


@pytest.mark.parametrize("change", ["cassette", "gate"])
def test_a_proof_of_other_goldens_says_so(team: Path, change: str) -> None:
    if change == "cassette":
        put(Path("golden"), other=plain(completion()))
        put(Path("new"), other=plain(completion()))
    else:
        stored = Path("golden/proof.json").read_text()
        Path("golden/proof.json").write_text(json.dumps({**json.loads(stored), "gate": "0.0.1"}))
    (note,) = notes()
    assert note.endswith("they have changed since, or gate has: gate prove --write")


def test_nothing_is_said_where_nothing_was_proven(team: Path) -> None:
    Path("golden/proof.json").unlink()
    assert notes() == []


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", "null", '"x"', "{}", '{"areas": 3}', '{"areas": {"a": [1]}}', '{"areas": {"a": "12"}, "date": 1}',
     '{"areas": {}, "date": "soon", "gate": 1, "goldens": 1}', "[" * 100_000, '{"areas": {}, "date": "2026-01-01"}'],
)  # fmt: skip
def test_what_is_no_proof_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "proof.json").write_text(text)
    with pytest.raises(CassetteError, match="no proof of goldens") as told:
        proof_file.read(tmp_path)
    assert told.value.where.endswith("proof.json")


@pytest.mark.parametrize(
    ("areas", "stale", "words"),
    [
        ({}, False, "would catch 0 of 0 known drifts (proven 2026-01-01)"),
        ({"stream": (1, 2)}, False, "would catch 1 of 2 known drifts (proven 2026-01-01)"),
        ({"stream": (1, 2), "usage": (0, 3), "sdk": (0, 0)}, False, "1 of 5 known drifts (proven 2026-01-01); they are blind to usage"),
        ({"stream": (2, 2)}, True, "(proven 2026-01-01); they have changed since, or gate has: gate prove --write"),
    ],
)  # fmt: skip
def test_the_line(areas: dict[str, tuple[int, int]], stale: bool, words: str) -> None:
    assert coverage_line(areas, "2026-01-01", stale=stale).endswith(words)


def test_what_is_not_exercised_or_missed_would_not_be_caught() -> None:
    names = tuple(mutations())
    rows = (Row(names[0], "s", "missed"), Row(names[0], "t", "caught"), Row(names[1], "s", "tolerated"))
    areas = by_area(Proof((*rows, Row(names[2], "s", "caught")), names[3:], ("s", "t")))
    assert {area: caught for area, (caught, _) in areas.items() if caught} == {mutations()[names[2]].area: 1}
    assert sum(known for _, known in areas.values()) == len(names)
