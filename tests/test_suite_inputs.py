"""Scenarios made of a team's own inputs, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.errors import ConfigError
from gate.suite import load_suite


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


INPUTS = """\
id: faq
group: text
inputs: faq.jsonl
twin: faq-stream
steps:
  - endpoint: chat.completions
    model: chat
    body: {messages: [{role: user, content: {$case: question}}], n: {$case: n}}
"""
STREAM = INPUTS.replace("faq-stream", "FAQ").replace("id: faq", "id: faq-stream").replace("FAQ", "faq")


def test_inputs_make_a_scenario_of_each_line(tmp_path: Path) -> None:
    write(tmp_path, "s/faq.yaml", INPUTS)
    write(tmp_path, "s/faq-stream.yaml", STREAM)
    write(
        tmp_path,
        "s/faq.jsonl",
        '\ufeff{"question": "Wo?", "n": 1}\n\n{"id": "ship", "question": ["a"], "n": null, "x": 0}\r\n',
    )
    found = {scenario.id: scenario for scenario in load_suite(["s"], tmp_path)}
    assert {name: s.twin for name, s in found.items()} == {
        "faq-001": "faq-stream-001",
        "faq-ship": "faq-stream-ship",
        "faq-stream-001": "faq-001",
        "faq-stream-ship": "faq-ship",
    }
    assert found["faq-001"].steps[0].body == {"messages": [{"role": "user", "content": "Wo?"}], "n": 1}
    assert found["faq-ship"].steps[0].body == {"messages": [{"role": "user", "content": ["a"]}], "n": None}
    assert found["faq-ship"].source == "s/faq.jsonl:3"


FILES = """\
id: calls
group: text
inputs: calls.jsonl
steps:
  - endpoint: audio.transcriptions
    model: stt
    body: {file: {$file: {$case: clip}}}
"""


def test_each_line_may_name_a_file(tmp_path: Path) -> None:
    write(tmp_path, "s/calls.yaml", FILES)
    write(tmp_path, "s/clips/a.wav", "RIFF")
    write(tmp_path, "s/calls.jsonl", '{"clip": "clips/a.wav"}\n')
    (found,) = load_suite(["s"], tmp_path)
    assert found.steps[0].body == {"file": {"$file": {"name": "a.wav", "base64": "UklGRg=="}}}
    for clip, words in (
        ("b.wav", "can't read b.wav: No such file or directory"),
        ({"name": "a", "base64": "?"}, "`body.file.$file` has a `base64` that is none"),
        (1, "`body.file.$file` must be the name of a file, or {name: hello.wav, base64: …}"),
    ):
        write(tmp_path, "s/calls.jsonl", json.dumps({"clip": clip}) + "\n")
        with pytest.raises(ConfigError) as caught:
            load_suite(["s"], tmp_path)
        assert str(caught.value) == f"s/calls.jsonl:1: {words}"


LINE = '{"question": "a", "n": 1}\n'
BAD_INPUTS: list[tuple[bytes | None, str]] = [
    (None, "s/faq.yaml:3: can't read s/faq.jsonl: No such file or directory"),
    (b"\n\n", 's/faq.yaml:3: s/faq.jsonl has no case\n  fix: write one JSON object a line: {"prompt": "…"}'),
    (b"\xff\n", "s/faq.yaml:3: can't read s/faq.jsonl: it is not UTF-8 text"),
    (LINE.encode() * 1000, "s/faq.yaml:3: s/faq.jsonl has more than 999 cases"),
    (b" " * (8 * 1024 * 1024 + 1), "s/faq.yaml:3: s/faq.jsonl is larger than 8 MiB"),
    ((LINE + "[]\n").encode(), 's/faq.jsonl:2: this line is not a JSON object\n  fix: one case a line: {"prompt": "…"}'),
    ((LINE + "{'a': 1}\n").encode(), 's/faq.jsonl:2: this line is not a JSON object\n  fix: one case a line: {"prompt": "…"}'),
    (b"[" * 100_000, 's/faq.jsonl:1: this line is not a JSON object\n  fix: one case a line: {"prompt": "…"}'),
    (
        b'\n{"questions": "a", "n": 1}\n',
        "s/faq.jsonl:2: this case lacks the field `question` that faq asks for\n  fix: did you mean `questions`?",
    ),
    (b'{"id": "../x", "question": 1, "n": 1}', "s/faq.jsonl:1: `id` must be of lower case letters, digits and single `-`"),
    (b'{"id": 7, "question": 1, "n": 1}', "s/faq.jsonl:1: `id` must be of lower case letters, digits and single `-`"),
    (
        b'{"question": {"$reply": 0}, "n": 1}',
        "s/faq.jsonl:1: `body.messages[0].content.$reply` must be the number of an earlier step (here: none, because this is the first)",
    ),
    ((LINE + '{"id": "001", "question": 1, "n": 1}').encode(), "s/faq.jsonl:2: the scenario id `faq-001` is taken: s/faq.jsonl:1 has it\n  fix: give it an id of its own"),
    (LINE.encode(), "s/faq.jsonl:1: the twin `faq-stream-001` of faq-001 does not exist\n  fix: did you mean `chat-stream`?"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BAD_INPUTS, ids=[m[:50] for _, m in BAD_INPUTS])
def test_wrong_inputs_are_named_with_their_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    write(tmp_path, "s/faq.yaml", INPUTS)
    if content is not None:
        (tmp_path / "s/faq.jsonl").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_suite(["s/faq.yaml"], tmp_path)
    assert str(caught.value) == message


@pytest.mark.parametrize("inputs", ["../../faq.jsonl", "link.jsonl"])
def test_inputs_lie_in_the_folder_of_gate_yaml(tmp_path: Path, inputs: str) -> None:
    """Their lines are sent: a scenario that somebody proposes must not name a history of whoever runs it."""
    write(tmp_path, "faq.jsonl", '{"question": "Wo?", "n": 1}\n')
    write(tmp_path, "team/s/faq.yaml", INPUTS.replace("faq.jsonl", inputs).replace("twin: faq-stream\n", ""))
    if inputs == "link.jsonl":
        try:
            (tmp_path / "team/s/link.jsonl").symlink_to("../../faq.jsonl")
        except OSError:
            pytest.skip("links want a privilege on Windows")
    with pytest.raises(
        ConfigError, match=f"s/faq.yaml:3: {inputs} leads out of the folder of gate.yaml\n  fix: keep a"
    ):
        load_suite(["s"], tmp_path / "team")
