"""The built-in scenarios as promised, and the loader's words for what is wrong in a team's own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gate import suite
from gate.endpoints import endpoints
from gate.errors import ConfigError
from gate.model import Json, Scenario, Step
from gate.store import yaml_file
from gate.suite import GROUPS, SETS, builtin, builtin_set, load_suite
from gate.suite.asks import asks
from gate.suite.scenario import SCHEMA, read_scenarios
from gate.wire.form import MEDIA

ROOT = Path(__file__).parent.parent
FOLDER = Path(suite.__file__).parent
FILES = sorted(FOLDER.rglob("*.yaml"))


def every_step() -> Iterator[tuple[Scenario, Step]]:
    for scenario in builtin().values():
        for step in scenario.steps:
            yield scenario, step


def inside(value: Json) -> Iterator[Json]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(inner)


# -- what the built-in suite promises -----------------------------------------------------------


def test_minimal_is_five_calls() -> None:
    minimal = builtin_set("minimal")
    assert [s.id for s in minimal] == ["chat", "chat-stream", "tool-forced", "embed", "error-invalid-request"]
    assert sum(step.repeat for s in minimal for step in s.steps) == 5
    assert minimal[2].steps[0].body["tool_choice"] == "required"
    assert "messages" not in minimal[4].steps[0].body


def test_the_sets_hold_each_other_and_are_of_the_promised_size() -> None:
    ids = {name: {s.id for s in builtin_set(name)} for name in SETS}
    assert ids["minimal"] < ids["standard"] < ids["full"]
    assert not ids["full"] & ids["slow"]
    assert ids["full"] | ids["slow"] == set(builtin())
    assert 14 <= len(ids["standard"]) <= 20
    assert 40 <= len(ids["full"]) <= 90


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_built_in_file_is_one_valid_scenario_that_a_person_can_read(path: Path) -> None:
    (scenario,) = read_scenarios(path, path.name, FOLDER)
    assert scenario.id == path.stem
    assert scenario.about
    assert len(scenario.tags) == 1
    # a Responses API or streamed scenario stands with what it exercises
    assert scenario.group == path.parent.name
    text = path.read_text("utf-8")
    assert len(text) < 4000
    assert all(len(line) <= 120 for line in text.splitlines())


def test_no_payload_names_a_model_but_the_unknown_one() -> None:
    named = {step.body["model"] for _, step in every_step() if isinstance(step.body, dict) and "model" in step.body}
    assert named == {"no-such-model"}
    texts = " ".join(path.read_text("utf-8") for path in FILES)
    assert not re.search(r"gpt-|claude|llama|gemini|mistral|text-embedding|whisper|dall-e", texts, re.I)


def test_everything_that_affects_the_answer_is_pinned_but_in_the_bare_request() -> None:
    for scenario, step in every_step():
        if step.endpoint == "chat.completions" and step.raw is None and scenario.id != "bare":
            assert {"max_tokens", "max_completion_tokens"} & set(step.body), scenario.id
            # models that reason refuse a temperature
            assert {"temperature", "max_completion_tokens"} & set(step.body), scenario.id
        if step.endpoint == "embeddings":
            assert step.body["encoding_format"] == ("base64" if scenario.id == "embed-base64" else "float")
    assert set(builtin()["bare"].steps[0].body) == {"messages"}


def test_constants_of_the_error_scenarios() -> None:
    keys = {scenario.id: step.key for scenario, step in every_step() if step.key != "route"}
    assert keys == {"error-bad-key": "bad", "error-empty-key": "none"}
    raw = builtin()["error-malformed-json"].steps[0].raw
    assert raw
    with pytest.raises(json.JSONDecodeError):
        json.loads(raw)


def test_twins_are_mutual_and_differ_only_in_how_they_are_sent() -> None:
    def plain(step: Step) -> Json:
        body = dict(step.body)
        return {key: value for key, value in body.items() if key not in {"stream", "stream_options"}}

    twins = [(s, builtin()[s.twin]) for s in builtin().values() if s.twin]
    assert len(twins) >= 20
    for scenario, twin in twins:
        assert twin.twin == scenario.id or scenario.id == "chat-stream-usage"
        assert [plain(step) for step in scenario.steps] == [plain(step) for step in twin.steps]
        assert [bool(s.body.get("stream")) for s in scenario.steps] != [bool(s.body.get("stream")) for s in twin.steps]


def test_long_texts_are_not_written_out() -> None:
    for name, at_least in [
        ("error-too-long", 1_000_000),
        ("responses-too-long-stream", 1_000_000),
        ("embed-long", 40_000),
    ]:
        found = [v["$repeat"] for v in inside(builtin()[name].steps[0].body) if isinstance(v, dict) and "$repeat" in v]
        assert [len(r["text"]) * r["times"] >= at_least for r in found] == [True]


CLAUSES: list[tuple[str, dict[str, Any]]] = [
    ("chat-stream-usage", {"stream": True, "stream_options": {"include_usage": True}}),
    ("tool-forced-stream", {"stream": True, "tool_choice": "required"}),
    ("tool-parallel-stream", {"stream": True}),
    ("max-tokens", {"max_tokens": 16}),
    ("tool-named", {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}}),
    ("tool-none", {"tool_choice": "none"}),
    ("error-unknown-tool", {"tool_choice": {"type": "function", "function": {"name": "no_such_tool"}}}),
    ("json-object", {"response_format": {"type": "json_object"}}),
    ("json-schema-cut", {"max_tokens": 16}),
    ("json-schema-cut-stream", {"max_tokens": 16, "stream": True}),
    ("json-schema-refusal-stream", {"stream": True}),
    ("n-2", {"n": 2}),
    ("logprobs", {"logprobs": True}),
    ("embed-dimensions", {"dimensions": 256}),
    ("embed-empty", {"input": ""}),
    ("error-wrong-type", {"temperature": "warm"}),
    ("responses-stream", {"stream": True}),
    ("responses-tool", {"tool_choice": "required"}),
    ("tool-text-stream", {"stream": True}),
    ("transcription-verbose", {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}),
    ("responses-web-search", {"include": ["web_search_call.action.sources"]}),
    ("responses-too-long-stream", {"stream": True}),
    ("param-parallel-tool-calls", {"parallel_tool_calls": False}),
    ("param-reasoning-effort", {"reasoning_effort": "low"}),
    ("param-max-completion-tokens", {"max_completion_tokens": 16}),
]


@pytest.mark.parametrize(("name", "members"), CLAUSES)
def test_a_scenario_sends_what_it_is_for(name: str, members: dict[str, Any]) -> None:
    body = builtin()[name].steps[0].body
    assert {key: body.get(key) for key in members} == members


def test_more_of_what_scenarios_are_for() -> None:
    found = builtin()
    texts = found["embed-batch"].steps[0].body["input"]
    assert len(set(texts)) == len(texts) - 1
    assert [len(step.body["input"]) for step in found["embed-sizes"].steps] == [1, 8, 16]
    assert found["gzip-stream"].steps[0].headers == {"accept-encoding": "gzip"}
    assert found["gzip-stream"].steps[0].body["stream"] is True
    assert (found["models"].steps[0].method, found["files"].steps[0].method) == ("GET", "GET")
    assert 30 <= len(found["long-history"].steps[0].body["messages"]) <= 40
    assert found["client-cancels"].steps[0].cancel_after_chunks == 3
    assert found["client-gives-up"].steps[0].give_up_after == 1
    assert found["client-gives-up"].steps[0].body == found["client-gives-up"].steps[1].body
    assert found["burst"].steps[0].repeat >= 20
    roles = {name: found[name].steps[0].body["messages"][0]["role"] for name in ("history", "history-developer")}
    assert roles == {"history": "system", "history-developer": "developer"}
    schema = found["json-schema"].steps[0].body["response_format"]["json_schema"]["schema"]
    kinds = {
        value["type"] for value in inside(schema) if isinstance(value, dict) and isinstance(value.get("type"), str)
    }
    assert kinds >= {"object", "array", "string", "boolean", "number", "integer"}
    assert any("enum" in value for value in inside(schema) if isinstance(value, dict))
    (tool,) = found["error-tool-schema"].steps[0].body["tools"]
    assert set(tool["function"]["parameters"]["required"]) > set(tool["function"]["parameters"]["properties"])
    golden = [v for v in inside(found["tool-roundtrip-golden"].steps[1].body) if isinstance(v, dict) and "$golden" in v]
    assert golden == [{"$golden": 0}, {"$golden": 0, "path": "tool_calls[0].id"}]


def test_the_page_lists_every_scenario_key_and_placeholder() -> None:
    page = (ROOT / "docs/suite.md").read_text("utf-8")
    for scenario in builtin().values():
        row = f"| `{scenario.id}` | {scenario.group} | {scenario.about} |"
        assert row in page.splitlines(), "docs/suite.md has a row for every built-in scenario"
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| [a-z]+ \|", page, re.M)
    assert sorted(listed) == sorted(builtin())
    for name in SETS[:3]:
        size = f"`{name}` has {len(builtin_set(name))} scenarios"
        assert size in " ".join(page.split()), "docs/suite.md has the size of every set"
    schema = yaml_file.schema(SCHEMA)
    words = {*schema["properties"], *schema["$defs"]["step"]["properties"], *endpoints(), *GROUPS}
    assert {word for word in words if f"`{word}`" not in page} == set(), "docs/suite.md names keys, endpoints, groups"
    assert {
        word for word in ("$reply", "$golden", "$repeat", "$case", "$file", "$model") if f"`{{{word}: " not in page
    } == set()


def test_the_examples_of_the_page_are_valid(tmp_path: Path) -> None:
    write(tmp_path, "faq.jsonl", '{"id": "returns", "question": "How do I return shoes?"}\n')
    write(tmp_path, "hello.wav", "RIFF")
    ids = []
    for block in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/suite.md").read_text("utf-8"), re.S):
        write(tmp_path, "example.yaml", block)
        ids += [scenario.id for scenario in read_scenarios(tmp_path / "example.yaml", "example.yaml", tmp_path)]
    assert ids == ["refund-question", "hello", "faq-returns"]


# -- choosing -----------------------------------------------------------------------------------

PLAIN = """\
id: mine
group: text
steps:
  - endpoint: chat.completions
    model: chat
    body: {messages: []}
"""


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


def chosen(names: list[str], root: Path) -> list[str]:
    return [scenario.id for scenario in load_suite(names, root)]


def test_names_are_sets_ids_files_and_folders(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", PLAIN)
    write(tmp_path, "more/a/b.yml", PLAIN.replace("mine", "deep").replace("group: text", "group: errors"))
    write(tmp_path, "more/notes.txt", "not a scenario")
    assert chosen(["models"], tmp_path) == ["models"]
    assert chosen(["minimal", "chat", "minimal"], tmp_path) == [s.id for s in builtin_set("minimal")]
    assert chosen(["more/", "mine.yaml", "embed", "models"], tmp_path) == ["models", "mine", "embed", "deep"]
    assert chosen([str(tmp_path / "more"), "./more", "more/a/b.yml"], tmp_path) == ["deep"]
    (scenario,) = load_suite(["more"], tmp_path)
    assert scenario.source == "more/a/b.yml:1"


def test_the_order_of_a_run_ends_with_errors(tmp_path: Path) -> None:
    groups = [scenario.group for scenario in load_suite(["slow", "full"], tmp_path)]
    assert groups == sorted(groups, key=GROUPS.index)
    assert (groups[0], groups[-1]) == ("text", "errors")
    assert chosen(["full"], tmp_path)[0] == "chat"


def test_how_long_the_long_ones_must_last_is_an_option(tmp_path: Path) -> None:
    found = {s.id: s.min_seconds for s in load_suite(["slow"], tmp_path, min_seconds=180)}
    assert (found["long-stream"], found["long-answer"], found["image"]) == (180, 180, None)
    assert builtin()["long-stream"].min_seconds == 60


def test_wrong_names(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError) as caught:
        load_suite(["standart"], tmp_path)
    assert str(caught.value) == (
        "suite: `standart` is not a suite, a built-in scenario, or a file or folder beside gate.yaml\n"
        "  fix: did you mean `standard`?"
    )
    with pytest.raises(ConfigError, match="the folder holds no scenario files"):
        load_suite(["empty"], tmp_path)


def test_a_suite_without_some_of_its_scenarios(tmp_path: Path) -> None:
    assert [s.id for s in load_suite(["minimal"], tmp_path, ["embed", "tool-forced"])] == [
        *("chat", "chat-stream", "error-invalid-request")
    ]
    # the twin of what stays may be what was left out
    assert len(load_suite(["standard"], tmp_path, ["tool-forced"])) == len(builtin_set("standard")) - 1
    with pytest.raises(ConfigError) as caught:
        load_suite(["minimal"], tmp_path, ["tool-force"])
    assert str(caught.value) == (
        "suite: `except` names tool-force, which the suite does not have\n  fix: did you mean `tool-forced`?"
    )


def test_an_id_can_be_had_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", PLAIN)
    write(tmp_path, "b.yaml", "# mine too\n" + PLAIN)
    with pytest.raises(ConfigError) as caught:
        load_suite(["a.yaml", "b.yaml"], tmp_path)
    assert str(caught.value) == (
        "b.yaml:2: the scenario id `mine` is taken: a.yaml:1 has it\n  fix: give it an id of its own"
    )


# -- a team's own files -------------------------------------------------------------------------

TWO = """\
id: mine
group: tools
steps:
  - endpoint: chat.completions
    model: chat
    body: {messages: []}
  - endpoint: chat.completions
    model: chat
    body:
      messages:
        - X
"""
ID = "must be an id of lower case letters, digits and single `-`, not "
FILE = """\
id: mine
group: text
steps:
  - endpoint: audio.transcriptions
    model: stt
    body: {file: X}
"""
SENT = f"it is relative to the scenario's folder, and ends in one of {', '.join(sorted(MEDIA))}"
BAD = [
    (PLAIN.replace("mine", "../../etc"), ":1: `id` " + ID + "`../../etc`"),
    (PLAIN.replace("mine", "Mine"), ":1: `id` " + ID + "`Mine`"),
    (PLAIN.replace("mine", "a--b"), ":1: `id` " + ID + "`a--b`"),
    (PLAIN.replace("id: mine", 'id: "mine\\n"'), ":1: `id` " + ID + "`mine\\n`"),
    (PLAIN.replace("id: mine\n", ""), ":1: the file lacks the key `id`"),
    (PLAIN.replace("group: text", "group: txt"), ":2: `group` must be one of text, stream, tools, structured, embeddings, params, slow, errors, not `txt`\n  fix: did you mean `text`?"),
    (PLAIN + "twins: x\n", ":7: the file has no key `twins`\n  fix: did you mean `twin`?"),
    (PLAIN + "twin: chat-steam\n", ":1: the twin `chat-steam` of mine does not exist\n  fix: did you mean `chat-stream`?"),
    (PLAIN + "twin: mine\n", ":1: mine is its own twin"),
    (PLAIN.replace("chat.completions", "chat.completion"), ":4: there is no endpoint `chat.completion`\n  fix: did you mean `chat.completions`?"),
    (PLAIN.replace("chat.completions", "unknown"), ":4: the endpoint `unknown` needs a `path`"),
    (PLAIN.replace("model: chat", "modell: chat"), ":5: `steps[0]` has no key `modell`\n  fix: did you mean `model`?"),
    (PLAIN.replace("{messages: []}", "{model: x, messages: []}"), ":6: `model` is set both in the step and in its body\n  fix: keep the role, and name the model in the route's `models`"),
    (PLAIN.replace("body: {messages: []}", 'raw: "{}"'), ":5: `model` needs a `raw` that is a JSON object and names a model"),
    (PLAIN.replace("    model: chat\n", "").replace("{messages: []}", "{model: {$model: Chat}}"), ":5: `steps[0].body.model.$model` must name a role such as chat"),
    (PLAIN.replace("    model: chat\n", "").replace("{messages: []}", "{x: {$model: chat}}"), ":5: `steps[0].body.x.$model` can only stand as the body's `model`"),
    (PLAIN.replace("{messages: []}", "[]"), ":5: `model` needs a `body` that is a mapping"),
    (PLAIN + "    raw: x\n", ":4: a POST needs either `body` or `raw`"),
    (PLAIN + "    method: GET\n", ":6: a GET has no `body`"),
    (PLAIN + "    method: PUT\n", ":7: `steps[0].method` must be one of GET, POST, DELETE, not `PUT`"),
    (PLAIN + "    path: /../admin\n", ":7: `steps[0].path` must be a path below base_url, such as /files, not `/../admin`"),
    (PLAIN + "    path: //evil.example/x\n", ":7: `steps[0].path` must be a path below base_url, such as /files, not `//evil.example/x`"),
    (PLAIN + "    expect: {status: 99}\n", ":7: `steps[0].expect.status` must be a status such as 200, or a list of them, not `99`"),
    (PLAIN + "    headers: {Authorization: x}\n", ":7: `Authorization` can't be used here: give the name of a header other than authorization (see `key`)"),
    (PLAIN + "    repeat: 100000\n", ":7: `steps[0].repeat` must be a whole number from 1 to 200, not `100000`"),
    (PLAIN.split("steps")[0] + "steps: []\n", ":3: `steps` must be a list of 1 to 20 steps, not empty"),
    # placeholders
    (TWO.replace("X", "{$reply: 1}"), ":11: `steps[1].body.messages[0].$reply` must be the number of an earlier step (here: 0)"),
    (TWO.replace("X", "{$golden: -1}"), ":11: `steps[1].body.messages[0].$golden` must be the number of an earlier step (here: 0)"),
    (TWO.replace("X", "{$reply: true}"), ":11: `steps[1].body.messages[0].$reply` must be the number of an earlier step (here: 0)"),
    (TWO.replace("messages: []", "messages: [{$reply: 0}]"), ":6: `steps[0].body.messages[0].$reply` must be the number of an earlier step (here: none, because this is the first)"),
    (TWO.replace("X", '{$reply: 0, path: "a..b"}'), ":11: `steps[1].body.messages[0].$reply` has a path unlike \"tool_calls[0].id\""),
    (TWO.replace("X", "{$reply: 0, pth: a}"), ":11: `$reply` can't be combined with `pth`\n  fix: did you mean `path`?"),
    (TWO.replace("X", "{$reply: 0, $golden: 0}"), ":11: `$reply` can't be combined with `$golden`"),
    (TWO.replace("X", "{$replay: 0}"), ":11: `$replay` is not a placeholder\n  fix: did you mean `$reply`?"),
    (TWO.replace("X", "{role: user, content: {$secret: 0}}"), ":11: `$secret` is not a placeholder\n  fix: known: $reply, $golden, $repeat, $case, $file, $model"),
    (TWO.replace("X", "{$repeat: {text: a}}"), ":11: `steps[1].body.messages[0].$repeat` must be {text: …, times: N}"),
    (TWO.replace("X", "{$repeat: {text: a, times: 0}}"), ":11: `steps[1].body.messages[0].$repeat` must be {text: …, times: N}"),
    (TWO.replace("X", "{$repeat: {text: aa, times: 99999999}}"), ":11: `steps[1].body.messages[0].$repeat` makes more than 16,777,216 characters"),
    (TWO.replace("X", "{$case: a}"), ":11: `steps[1].body.messages[0].$case` needs `inputs: FILE.jsonl` in this scenario"),
    (FILE.replace("X", "{$file: none.wav}"), ":6: can't read none.wav: No such file or directory"),
    (FILE.replace("X", "{$file: mine.yaml}"), ":6: `mine.yaml` is not the path of a file to send\n  fix: " + SENT),
    (FILE.replace("X", "{$file: /etc/a.wav}"), ":6: `/etc/a.wav` is not the path of a file to send\n  fix: " + SENT),
    (FILE.replace("X", "{$file: empty.wav}"), ":6: empty.wav is empty"),
    (FILE.replace("X", "{$file: large.wav}"), ":6: large.wav is larger than 1024 KiB"),
    (FILE.replace("X", "{$file: 1}"), ":6: `steps[0].body.file.$file` must be the name of a file, or {name: hello.wav, base64: …}"),
    (FILE.replace("X", "{$file: {name: a.wav}}"), ":6: `steps[0].body.file.$file` must be the name of a file, or {name: hello.wav, base64: …}"),
    (FILE.replace("X", '{$file: {name: "a\\nb", base64: AAAA}}'), ":6: `steps[0].body.file.$file` must be the name of a file, or {name: hello.wav, base64: …}"),
    (FILE.replace("X", "{$file: {name: a.wav, base64: A}}"), ":6: `steps[0].body.file.$file` has a `base64` that is none"),
    (FILE.replace("X", "{a: {$file: empty.png}}"), ":6: `steps[0].body.file.a.$file` can only stand as a field of the body, or in a list there"),
    (FILE.replace("X", "{$file: {$case: clip}}"), ":6: `steps[0].body.file.$file` needs `inputs: FILE.jsonl` in this scenario"),
    (TWO.replace("X", "{$case: 1}"), ":11: `steps[1].body.messages[0].$case` must name a field of the lines in `inputs`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD, ids=[message[1:60] for _, message in BAD])
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, "own/mine.yaml", text)
    for name, size in (("empty.wav", 0), ("empty.png", 1), ("large.wav", 1024 * 1024 + 1)):
        write(tmp_path, f"own/{name}", "x" * size)
    with pytest.raises(ConfigError) as caught:
        load_suite(["own"], tmp_path)
    assert str(caught.value) == "own/mine.yaml" + message


def test_a_file_stands_in_its_scenario_by_what_it_holds(tmp_path: Path) -> None:
    write(tmp_path, "clips/a.wav", "RIFF")
    write(tmp_path, "own/mine.yaml", FILE.replace("X", "[{$file: ../clips/a.wav}, {$file: {name: b, base64: AA==}}]"))
    (found,) = load_suite(["own"], tmp_path)
    assert found.steps[0].body == {
        "file": [{"$file": {"name": "a.wav", "base64": "UklGRg=="}}, {"$file": {"name": "b", "base64": "AA=="}}]
    }
    before = asks(found)
    write(tmp_path, "clips/a.wav", "RIFG")
    assert asks(load_suite(["own"], tmp_path)[0]) != before, "a golden of another file is stale"


@pytest.mark.skipif(os.name == "nt", reason="links want a privilege there")
@pytest.mark.parametrize(
    ("sent", "link", "target"),
    [
        ("../../a.wav", "", ""),  # beside the checkout
        ("a.wav", "own/a.wav", "../../a.wav"),
        ("a.wav", "own/a.wav", "../.env"),  # of the checkout, under another name
        ("clips/a.wav", "own/clips", "../.."),
    ],
)
def test_no_scenario_sends_what_lies_elsewhere(tmp_path: Path, sent: str, link: str, target: str) -> None:
    write(tmp_path, "a.wav", "RIFF")
    write(tmp_path, "team/.env", "KEY=1")
    write(tmp_path, "team/own/mine.yaml", FILE.replace("X", f"{{$file: {sent}}}"))
    if link:
        (tmp_path / "team" / link).symlink_to(target)
    with pytest.raises(ConfigError, match=f":6: {sent} leads out of the folder of gate.yaml, or to what is no such"):
        load_suite(["own"], tmp_path / "team")


@pytest.mark.skipif(os.name == "nt", reason="links want a privilege there")
def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    write(tmp_path, "own/mine.yaml", FILE.replace("X", "{$file: a.wav}"))
    (tmp_path / "own/a.wav").symlink_to("a.wav")
    with pytest.raises(ConfigError, match=r":6: can't read a\.wav: "):
        load_suite(["own"], tmp_path)


def test_a_folder_of_scenarios_elsewhere_has_its_own_files(tmp_path: Path) -> None:
    write(tmp_path, "own/a.wav", "RIFF")
    write(tmp_path, "own/mine.yaml", FILE.replace("X", "{$file: a.wav}"))
    (tmp_path / "team").mkdir()
    assert load_suite(["../own"], tmp_path / "team")


def test_a_json_schema_keeps_its_own_dollar_words(tmp_path: Path) -> None:
    body = '{$defs: {a: {$ref: "#/$defs/b", $comment: x}}, messages: [{$reply: 0, path: "a[0][1].b"}]}'
    write(tmp_path, "mine.yaml", TWO.replace("      messages:\n        - X\n", f"      x: {body}\n"))
    (scenario,) = load_suite(["mine.yaml"], tmp_path)
    assert scenario.steps[1].body["x"]["$defs"] == {"a": {"$ref": "#/$defs/b", "$comment": "x"}}
