"""A repository as a whole: services, versions, remarks, drafts, formats, and files that are hostile."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gate.errors import ConfigError
from gate.inventory import draft
from gate.inventory import files as tree
from gate.inventory.answers import Answers
from gate.inventory.assumptions import assumptions
from gate.inventory.manifests import Asked, asked, is_manifest
from gate.inventory.model import Call, Parameter, Place
from gate.inventory.scan import NO_GRAMMAR, scan
from gate.inventory.source import read
from gate.inventory.syntax import script
from gate.inventory.syntax.node import UnreadableError
from gate.inventory.words import FORMATS
from gate.suite import builtin
from tests.test_cli import gate, here

__all__ = ["here"]
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "gate/inventory/scan.schema.json").read_text("utf-8"))

DESK = """\
import os

from openai import OpenAI

SCHEMA = {"type": "object"}


def client() -> OpenAI:
    return OpenAI(base_url=os.environ["LLM_BASE_URL"], timeout=20, max_retries=0)


def ask(llm: OpenAI, messages: list[dict[str, str]]) -> str:
    stream = llm.chat.completions.create(
        model="gpt-4o", messages=messages, stream=True, extra_body={"guided_json": SCHEMA})
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream)
"""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A repository with two services."""
    return write(
        tmp_path,
        {
            "services/desk/pyproject.toml": '[project]\nname = "desk"\ndependencies = ["openai>=2", "httpx"]\n',
            "services/desk/requirements.lock": "openai==2.54.0\nhttpx==0.28.1\n",
            "services/desk/desk/llm.py": DESK,
        },
    )


def test_the_page_shows_what_is_printed(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    page = (ROOT / "docs/scan.md").read_text("utf-8")
    result = gate("scan")
    assert result.exit_code == 0
    assert page.split("```\n")[2] == result.output


# -- services and versions ----------------------------------------------------------------------


def test_each_call_belongs_to_the_nearest_manifest_and_its_lock_file(tmp_path: Path) -> None:
    one = "import openai\nopenai.OpenAI().models.list()\n"
    root = write(
        tmp_path,
        {
            "package.json": '{"dependencies": {"openai": "^4.0.0"}}',
            "package-lock.json": '{"packages": {"node_modules/openai": {"version": "4.104.0"}}}',
            "apps/web/package.json": '{"dependencies": {"openai": "6.1.0"}}',
            "apps/web/src/deep/a.ts": 'import OpenAI from "openai";\nnew OpenAI().models.list();\n',
            "api/requirements.txt": "openai==1.99.1\nrequests>=2\n",
            "api/app/main.py": one,
            "worker/setup.cfg": "[options]\ninstall_requires =\n    openai>=1\n",
            "worker/main.py": one,
            "loose.py": one,
            "docs/pyproject.toml": '[project]\nname = "docs"\ndependencies = ["sphinx"]\n',
        },
    )
    found = scan(root)
    services = {service.folder: service for service in found.services}
    assert set(services) == {".", "apps/web", "api", "worker"}
    assert {name: [call.place.file for call in one.calls] for name, one in services.items()} == {
        ".": ["loose.py"],
        "apps/web": ["apps/web/src/deep/a.ts"],
        "api": ["api/app/main.py"],
        "worker": ["worker/main.py"],
    }
    versions = {f"{name} {p.name}": (p.version, p.pinned) for name, one in services.items() for p in one.packages}
    assert versions == {
        ". npm:openai": ("4.104.0", True),
        "apps/web npm:openai": ("4.104.0", True),  # that of the workspace's lock file, whatever the manifest asks for
        "api pypi:openai": ("1.99.1", True),
        "api pypi:requests": (">=2", False),
        "worker pypi:openai": (">=1", False),
    }
    assert [(one.id, str(one.place)) for one in found.remarks] == [
        ("sdk-not-pinned", "worker/setup.cfg:3"),
        ("version-differs", "api/requirements.txt:1"),
    ]


MANIFESTS = [
    ("pyproject.toml", '[project]\ndependencies = ["OpenAI[x]>=1.2,<3; python_version>\'3\'"]', "pypi:openai >=1.2,<3 2"),
    ("pyproject.toml", '[project.optional-dependencies]\nai = ["litellm==1.2"]', "pypi:litellm ==1.2 2"),
    ("pyproject.toml", '[dependency-groups]\ndev = ["httpx", {include-group = "x"}]', "pypi:httpx  2"),
    ("pyproject.toml", '[tool.poetry.dependencies]\nopenai = "^1.0"\nhttpx = {version = "0.27"}', "pypi:openai ^1.0 2|pypi:httpx 0.27 3"),
    ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\nopenai = {path = "../x"}', "pypi:openai  2"),
    ("requirements-dev.txt", "# openai\nopenai ~= 1.35 # why\nlangchain_openai @ https://a.example/x", "pypi:openai ~= 1.35 1|pypi:langchain-openai  3"),
    ("setup.py", "setup(install_requires=['openai>=1', \"requests\"])", "pypi:openai >=1 1|pypi:requests  1"),
    ("Pipfile", '[packages]\nopenai = "==1.0"\n[dev-packages]\nhttpx = "*"', "pypi:openai ==1.0 2|pypi:httpx * 4"),
    ("package.json", '{"dependencies": {"openai": "6.1.0"},\n"devDependencies": {"ai": "workspace:*"}}', "npm:openai ==6.1.0 1|npm:ai  2"),
    ("package.json", '{"peerDependencies": {"@ai-sdk/openai": "^2 || ^3"}}', "npm:@ai-sdk/openai ^2 || ^3 1"),
    ("pyproject.toml", "not toml", ""),
    ("pyproject.toml", '[project]\ndependencies = "openai"', ""),
    ("package.json", '["openai"]', ""),
    ("package.json", "[" * 100_000, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "found"), MANIFESTS)
def test_manifests(name: str, text: str, found: str) -> None:
    def told(one: Asked) -> str:
        return f"{one.key} {one.range} {one.line}"

    assert is_manifest(name)
    assert "|".join(map(told, asked(name, text))) == found


def test_clients_that_stay_where_they_are(tmp_path: Path) -> None:
    head = "import openai\n"
    write(tmp_path, {"a.py": f"{head}openai.OpenAI(base_url='http://a/v1')", "b.py": f"{head}openai.OpenAI()"})
    assert [(one.id, str(one.place)) for one in scan(tmp_path).remarks] == [("base-url-uneven", "b.py:2")]
    # an argument that is computed may set it, and Azure's clients have an address of another kind
    write(
        tmp_path,
        {"b.py": f"{head}openai.OpenAI(**options)\nopenai.AzureOpenAI()", "tests/c.py": f"{head}openai.OpenAI()"},
    )
    assert scan(tmp_path).remarks == ()


# -- drafts -------------------------------------------------------------------------------------


def called(endpoint: str = "chat.completions", streaming: str = "no", *parameters: str, name: str = "create") -> Call:
    named = tuple(map(Parameter, parameters))
    return Call(Place("a.py", 1), endpoint, "pypi:openai", name, streaming, parameters=named)


SUITES = [
    ([], ()),
    ([called()], ("standard",)),
    ([called("chat.completions", "no", "seed", "n")], ("standard", "n-2", "param-seed")),
    ([called("chat.completions", "no", "extra_body.logit_bias")], ("standard", "param-logit-bias")),
    (
        [called("chat.completions", "yes", "response_format")],
        ("standard", "json-schema-cut-stream", "json-schema-refusal-stream", "json-schema-stream"),
    ),
    ([called(name="chat.completions.parse")], ("standard", "json-object", "json-schema-cut", "json-schema-refusal")),
    ([called("responses")], ("responses",)),
    ([called("responses", "either", "tools")], ("responses", "responses-stream", "responses-tool")),
    ([called("embeddings")], ("embed", "embed-batch", "embed-base64")),
    ([called("audio.speech"), called("images")], ("audio-speech", "image")),
    ([called("completions"), called("moderations")], ("completions", "completions-list", "moderations")),
    ([called("responses", "no", "store", "previous_response_id")], ("responses", "responses-previous")),
]


@pytest.mark.parametrize(("calls", "names"), SUITES)
def test_the_suite_sends_what_the_code_sends(calls: list[Call], names: tuple[str, ...]) -> None:
    assert draft.suite(calls, builtin().values()) == names


def test_paths_that_no_golden_shows_would_be_errors_in_gate_yaml(tmp_path: Path) -> None:
    code = "import openai\nr = openai.OpenAI().chat.completions.create(model='m')\n"
    code += "print(r.usage.total_tokens, r.choices[0].message.content, r.choices[0].message.made_up, r.service_tier)\n"
    found = scan(write(tmp_path, {"a.py": code}))
    assert found.draft.depends_on == ("choices[].message.content", "usage.total_tokens")
    assert ("service_tier", Place("a.py", 3)) in found.reads
    golden = write(
        tmp_path / "golden", {"chat/contract.yaml": "status: 200\nfields: {usage.total_tokens: 'integer, always'}\n"}
    )
    assert scan(tmp_path, golden).draft.depends_on == ("usage.total_tokens",)


def test_the_goldens_say_which_parameters_are_ignored(here: Path) -> None:
    code = "import openai\nopenai.OpenAI().chat.completions.create(model='m', seed=1, tool_choice='none', n=1)\n"
    params = "params: {seed: 'ignored: the answers differ', tool_choice none: 'rejected: status 400', n: 'honoured: 1'}"
    write(here, {"a.py": code, "golden/p/contract.yaml": f"status: 200\n{params}\n", "golden/q/contract.yaml": "x"})
    (call,) = scan(here, here / "golden").calls
    assert [(one.name, one.golden) for one in call.parameters] == [
        ("model", ""),
        ("seed", "ignored: the answers differ"),
        ("tool_choice", "rejected: status 400"),
        ("n", ""),
    ]
    assert "seed (golden: ignored: the answers differ)" in gate("scan", "--golden", "golden").output
    (here / "gate.yaml").write_text("version: 1\ngolden: golden/\nsuite: [standard]\nroutes: {}\n")
    assert "seed (golden: ignored" in gate("scan").output


# -- formats ------------------------------------------------------------------------------------


def test_json_follows_its_schema(desk: Path) -> None:
    write(desk, {"tests/test_a.py": "import openai\nopenai.OpenAI(max_retries=0).models.list()", "b.py": "openai = ("})
    document = json.loads(FORMATS["json"](scan(desk)))
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["unread"] == {"b.py": "no Python of this version, line 1"}
    assert document["assumptions"][0]["line"] == 15
    assert document["reads"] == {"choices[].delta.content": ["services/desk/desk/llm.py:15"]}
    assert [call["in_tests"] for service in document["services"] for call in service["calls"]] == [True, False]


def test_sarif_has_a_result_for_each_line(desk: Path) -> None:
    write(desk, {"worker/setup.cfg": "openai>=1", "bad.py": b"# openai \x00"})
    (run,) = json.loads(FORMATS["sarif"](scan(desk)))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    told = [(one["ruleId"], one["level"], rules[one["ruleIndex"]]) for one in run["results"]]
    assert told == [
        ("choices-unchecked", "warning", "choices-unchecked"),
        ("sdk-not-pinned", "note", "sdk-not-pinned"),
        ("version-differs", "note", "version-differs"),
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("services/desk/desk/llm.py", {"startLine": 15})
    assert run["invocations"][0]["executionSuccessful"] is False


def test_names_of_strangers_reach_no_terminal(tmp_path: Path) -> None:
    code = "import openai\nopenai.OpenAI(base_url='http://a/\\x1b[2Jv1').chat.completions.create(model='##[error]\\n::x')\n"
    write(tmp_path, {"a\x1b[31m##[error].py": code, "b\n::error::x.py": "openai = ("})
    if os.name != "nt":  # a name that is no text
        (tmp_path / os.fsdecode(b"\xff\xfe.py")).write_text(code)
    found = scan(tmp_path)
    for name, render in FORMATS.items():
        text = render(found)
        text.encode()  # no surrogate is left
        assert not re.search(r"\x1b|##\[|^::", text, re.MULTILINE), name


def test_reports_go_where_they_are_asked_for(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    result = gate("scan", "services", "--report", "json:out/a.json", "--report", "sarif")
    assert json.loads(result.output)["version"] == "2.1.0"
    assert json.loads((desk / "out/a.json").read_text("utf-8"))["scan_version"] == 1
    assert "no format 'junit'" in str(gate("scan", "--report", "junit").exception)
    assert gate("scan", "services/desk/desk/llm.py").output.endswith("1 fragile assumption, 0 remarks\n")
    missing = gate("scan", "nowhere")
    assert (missing.exit_code, "no such file or folder" in missing.output) == (2, True)


def test_scripts_without_grammars_are_incomplete(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, {"a.ts": "new OpenAI()", "b.py": "import openai\nopenai.OpenAI().models.list()"})
    assert gate("scan").exit_code == 0

    def missing(suffix: str) -> None:
        raise ImportError(suffix)

    monkeypatch.setattr(script, "_parser", missing)
    result = gate("scan")
    assert (result.exit_code, f"a.ts: {NO_GRAMMAR}" in result.output, "1 call" in result.output) == (3, True, True)


# -- hostile source -----------------------------------------------------------------------------

DEEP = {
    "parentheses.py": "openai = " + "(" * 50_000 + ")" * 50_000,
    "lists.py": "openai = " + "[" * 5_000 + "]" * 5_000,
    "minus.py": "openai = " + "-" * 90_000 + "1",
    "sum.py": "openai = " + "+".join(["1"] * 50_000),
    "calls.py": "openai" + ".a()" * 20_000,
    "blocks.py": "openai = 1\n" + "".join(f"{' ' * n}if x:\n" for n in range(99)) + " " * 99 + "pass",
    "elifs.py": "openai = 1\nif a: pass\n" + "elif a: pass\n" * 3_000,
    "brackets.ts": "openai = " + "[" * 20_000 + "]" * 20_000,
    "open.ts": "openai(" * 20_000,
    "braces.js": "openai;" + "{" * 15_000,
    "templates.ts": "openai;" + "`${" * 6_000,
    "generics.ts": "openai;" + "a<" * 19_000,
    "chain.js": "openai" + ".then()" * 2_500,
    "elses.ts": "openai;\nif (a) {}\n" + "else if (a) {}\n" * 2_000,
    "jsx.tsx": "openai;" + "<a>" * 6_000,
    "comment.ts": "openai /*" + "*" * 15_000,
    "regex.js": "openai; a = /" + "(" * 15_000,
}
ODD = {
    "nul.py": b"openai\x00",
    "cookie.py": b"# -*- coding: no-such -*-\nopenai",
    "latin.py": b"# -*- coding: latin-1 -*-\nopenai = '\xe9'",
    "utf16.py": "openai = 1".encode("utf-16"),
    "invalid.py": b"openai = '\xff\xfe'",
    "bom.py": b"\xef\xbb\xbfopenai = 1",
    "python2.py": b"import openai\nprint 'x'",
    "bytes.ts": b"openai = '\xff\xfe\x00'",
    "utf16.ts": "openai = 1".encode("utf-16"),
    "number.py": b"openai = " + b"9" * 5_000,
    "escape.py": b"openai = '\\d'",
    "empty.py": b"",
    "bundle.js": b"openai;" * 20_000,
    "large.py": b"# openai\n" * 120_000,
    "a.min.js": b"openai",
    "selves.py": b"import openai\na = b\nb = a\nurl = url + '/v1'\nhttpx.post(url)\na.chat.completions.create(model=a)",
}


# What takes a time that grows with the square of its length, where every line asks the whole function again
MANY = {
    "names.py": "\n".join(f"openai_{n}.choices[0].message\nif a{n}: pass" for n in range(1_000)),
    "values.py": "import openai\n" + "a = b\nb = a\nopenai.choices[0].delta\na.chat.completions.create(**a)\n" * 1_000,
    "elifs.py": "import openai\nif a: pass\n" + "elif a.finish_reason == 'stop': json.loads(a)\n" * 150,
    "or.py": "import openai\nif (" + " or\n".join(["a.finish_reason == 'stop'"] * 2_000) + "): pass",
    "text.py": "import httpx, openai\na = a + a\nb = f'{a}{a}{b}{b}'\n" + "httpx.post(b + a + b + a, json=b)\n" * 1_000,
    "keys.py": "import openai\np = {}\n" + "p['stop'] = p\nopenai.chat.completions.create(**p, **p)\n" * 1_000,
    "selves.py": "import openai\np = {**p, 'a': p}\nt = t or t\nopenai.OpenAI(timeout=t, base_url=f(x=t), **p)\n" * 1_000,
    "errors.py": "import openai\ntry: openai.x()\nexcept openai.APIError as e:\n" + "  t = s.lower()\n  s = t.lower()\n  'a' in s\n" * 1_000,
    "pieces.py": "import openai\nfor a in r.iter_bytes():\n" + "".join(f"  a{n} = a{n - 1}\n  json.loads(a{n})\n" for n in range(1_000)),
    "parameters.py": f"import openai\ndef f({','.join(f'a{n}' + chr(10) for n in range(1_000))}):\n" + "".join(f"  a{n}.models.list()\n" for n in range(1_000)),
    "tries.py": "import openai\ntry:\n" + "  r.choices[0].message\n" * 1_000 + "".join(f"except E{n}: pass\n" for n in range(1_000)),
}  # fmt: skip


@pytest.mark.untraced
@pytest.mark.parametrize("name", MANY)
def test_a_file_of_thousands_of_the_same_is_read_to_its_end(name: str, tmp_path: Path) -> None:
    found = scan(write(tmp_path, {name: MANY[name]}))
    assert (found.files, found.unread) == (1, ())


@pytest.mark.parametrize("name", DEEP)
def test_nothing_nested_crashes_it(name: str) -> None:
    try:  # past the limit of a line's length, which stops most of them before
        known = Answers(read(name, DEEP[name].encode()))
    except UnreadableError as error:
        assert str(error) in _REASONS  # noqa: PT017
    else:
        assert (list(assumptions(known)), set(known.reads())) == ([], set())


_REASONS = {
    "nested too deeply",
    "takes too long to parse",
    "written by a bundler, not by people",
    "no Python of this version, line 1",
}


def test_odd_bytes_are_read_or_listed(tmp_path: Path) -> None:
    found = scan(write(tmp_path, dict(ODD)))
    assert dict(found.unread) == {
        "bundle.js": "written by a bundler, not by people",
        "cookie.py": "no Python of this version",
        "invalid.py": "no Python of this version, line 1",
        "large.py": "larger than 1 MiB",
        "nul.py": "no Python of this version",
        "number.py": "no Python of this version, line 1",
        "python2.py": "no Python of this version, line 2",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_links_and_fifos_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a/b.py": "import openai", "node_modules/openai/index.js": "openai", ".git/x.py": "openai"})
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self.py").symlink_to("self.py")
    (tmp_path / "a" / "out.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "a" / "pipe.py")
    found = scan(tmp_path)
    assert (found.files, found.unread) == (2, (("a/pipe.py", "not a regular file"),))
    monkeypatch.setattr(tree, "MAX_FILES", 1)
    assert scan(tmp_path).unread[0] == (".", "only the first 1 files were looked at")
    with pytest.raises(ConfigError, match="no such file or folder"):
        scan(tmp_path / "none")


def test_our_own_examples_take_nothing_for_granted() -> None:
    found = scan(ROOT / "examples")
    assert (found.assumptions, found.remarks, found.unread) == ((), (), ())
    assert [(str(call.place), call.endpoint, call.in_tests) for call in found.calls] == [
        ("tests-as-suite/helpdesk.py:27", "chat.completions", False),
        ("tests-as-suite/helpdesk.py:34", "chat.completions", False),
        ("tests-as-suite/helpdesk.py:43", "chat.completions", False),
        ("tests-as-suite/helpdesk.py:61", "embeddings", False),
        ("tests-as-suite/test_helpdesk.py:29", "chat.completions", True),
    ]
