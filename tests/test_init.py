"""`gate init` in repositories of several kinds: what it writes, what it leaves alone, and what it says comes next."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gate.config import gate_yaml
from tests.test_cli import gate, here

__all__ = ["here"]
EXAMPLES = Path(__file__).parent.parent / "examples"
GITHUB, GITLAB, SHELL = "minimal/workflow.yml", "gitlab/.gitlab-ci.yml", "shell/gate.sh"
WORKFLOW = ".github/workflows/contract.yml"


def put(*names: str) -> None:
    """Files with their own name for a text; folders end with `/`."""
    for name in names:
        path = Path(name)
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text(name, "utf-8")


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def files() -> set[str]:
    return {path.as_posix() for path in Path().rglob("*") if path.is_file() and ".git" not in path.parts}


@pytest.mark.parametrize(
    ("there", "remote", "written", "example"),
    [
        ((), "", WORKFLOW, GITHUB),
        ((".github/",), "", WORKFLOW, GITHUB),
        ((".github/", ".gitlab-ci.yml", "Jenkinsfile"), "git@gitlab.com:o/r.git", WORKFLOW, GITHUB),
        ((WORKFLOW,), "", ".github/workflows/swapgate.yml", GITHUB),
        ((WORKFLOW, ".github/workflows/swapgate.yml"), "", ".github/workflows/swapgate-2.yml", GITHUB),
        ((".circleci/config.yml",), "git@github.com:o/r.git", WORKFLOW, GITHUB),
        ((), "https://bitbucket.org/gitlab/r.git", WORKFLOW, GITHUB),
        ((".gitlab-ci.yml",), "", ".gitlab/contract.gitlab-ci.yml", GITLAB),
        ((".gitlab-ci.yml",), "https://github.com/o/mirror", ".gitlab/contract.gitlab-ci.yml", GITLAB),
        ((".gitlab-ci.yml", ".gitlab/contract.gitlab-ci.yml"), "", ".gitlab/swapgate.gitlab-ci.yml", GITLAB),
        ((), "https://u:github@gitlab.example.com:8443/github/r.git", ".gitlab/contract.gitlab-ci.yml", GITLAB),
        (("Jenkinsfile",), "", "gate.sh", SHELL),
        (("azure-pipelines.yml",), "", "gate.sh", SHELL),
        ((".circleci/config.yml", "gate.sh"), "", "swapgate.sh", SHELL),
    ],
)
def test_the_ci_of_the_repository_gets_its_example(
    here: Path, there: tuple[str, ...], remote: str, written: str, example: str
) -> None:
    put(*there)
    if remote:
        git("init", "-q")
        git("remote", "add", "origin", remote)
    before = {name: Path(name).read_text("utf-8") for name in files()}
    result = gate("init")
    assert result.exit_code == 0, result.output
    assert files() - set(before) == {"gate.yaml", ".gitignore", written}
    assert {name: Path(name).read_text("utf-8") for name in before} == before
    assert Path(written).read_text("utf-8") == (EXAMPLES / example).read_text("utf-8")
    assert f"wrote {written}\n" in result.output


NEXT = """
next:
  1. export OPENAI_API_KEY=…                      the key of the route you use today
  2. gate record                                  writes golden/
  3. look at golden/*/contract.yaml               what the candidate will be held to
  4. git add gate.yaml golden .github .gitignore  and commit
  5. create the secret CANDIDATE_API_KEY          in the settings of the repository: Secrets and variables, Actions
  6. create the variable CANDIDATE_BASE_URL       there too, such as https://gateway.example.com/v1
  7. open a pull request                          the gate judges the candidate
"""


def test_what_comes_next_is_complete(here: Path) -> None:
    assert gate("init").output.endswith(NEXT)


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (".gitlab-ci.yml", "include: [{local: .gitlab/contract.gitlab-ci.yml}]"),
        ("Jenkinsfile", "let your CI run `sh gate.sh`"),
    ],
)
def test_what_comes_next_elsewhere(here: Path, there: str, says: str) -> None:
    put(there)
    assert says in gate("init").output


def test_below_the_root_github_would_find_no_workflow(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q")
    put("services/search/")
    monkeypatch.chdir("services/search")
    said = gate("init").output
    assert "4. move .github to the root of the repository" in said
    assert "add `config: services/search/gate.yaml`" in said


@pytest.mark.parametrize(
    ("locks", "says"),
    [
        ({}, ""),
        ({"requirements.txt": "boto3==1.0"}, ""),
        (
            {"requirements.txt": "openai==1.99.1"},
            "found openai 1.99.1 in requirements.txt: its version is stored with each golden\n",
        ),
        (
            {"requirements.txt": "h11==0.16.0\nopenai==1.99.1", "web/yarn.lock": 'openai@^6:\n  version "6.1.0"\n'},
            "found openai 1.99.1, openai 6.1.0, h11 0.16.0 in requirements.txt, web/yarn.lock: their versions are stored",
        ),
        (
            {"requirements.txt": "h11==0.16.0\nhttpx==0.28.1\njiter==0.1.0\nrequests==2.0\nopenai==1.99.1"},
            "found openai 1.99.1, h11 0.16.0, httpx 0.28.1 and 2 more in requirements.txt: ",
        ),
    ],
)
def test_locked_sdks_are_told_in_one_line(here: Path, locks: dict[str, str], says: str) -> None:
    for name, text in locks.items():
        put(name)
        Path(name).write_text(text, "utf-8")
    said = gate("init").output
    assert says in said
    assert ("stored with each golden" in said) == bool(says)


CALLS = """\
import openai
client = openai.OpenAI()
def ask(question):
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}
    reply = client.chat.completions.create(model="m", messages=question, response_format=form)
    return reply.choices[0].message.content, reply.usage.total_tokens, reply.system_fingerprint
"""


@pytest.mark.parametrize("code", [CALLS, "print(1)"])
def test_the_source_says_what_is_sent_and_read(here: Path, code: str) -> None:
    Path("app.py").write_text(code, "utf-8")
    said = gate("init").output
    loaded = gate_yaml.load(Path("gate.yaml"))
    if code == CALLS:
        assert "found 1 call of chat.completions: gate.yaml has what they send and read\n" in said
        assert loaded.suite == ("standard", "json-object", "json-schema-cut", "json-schema-refusal")
        # what a route sends at its pleasure would be an error where its goldens lack it
        assert loaded.policy.depends_on == ("choices[].message.content", "usage.total_tokens")
    else:
        assert (loaded.suite, loaded.policy.depends_on, "found" in said) == (("standard",), (), False)


def test_a_suite_that_is_named_is_the_whole_suite(here: Path) -> None:
    Path("app.py").write_text(CALLS, "utf-8")
    assert gate("init", "--suite", "minimal").exit_code == 0
    assert gate_yaml.load(Path("gate.yaml")).suite == ("minimal",)


def test_only_an_existing_configuration_is_refused(here: Path) -> None:
    assert gate("init").exit_code == 0
    assert ".gate/" in Path(".gitignore").read_text("utf-8")
    before = files()
    again = gate("init")
    assert (again.exit_code, "gate.yaml exists already" in again.output, "fix: edit it" in again.output) == (
        2,
        True,
        True,
    )
    assert files() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--base-url", "api.openai.com/v1"), "must be an http:// or https:// URL with a host"),
        (("--base-url", "https://api.openai.com/v1/chat/completions"), "is a full endpoint, not a base"),
        (("--key-env", "sk-" + "proj-Ab3dEf6hIj9kLmNoPqRs"), "holds what looks like a key itself"),
        (("--key-env", "MY KEY"), "api_key_env"),
        (("--chat", ""), "models"),
    ],
)
def test_nothing_is_written_that_can_not_work(here: Path, arguments: tuple[str, ...], words: str) -> None:
    result = gate("init", *arguments)
    assert (result.exit_code, words in result.output, list(here.iterdir())) == (2, True, []), result.output
    assert "Ab3dEf6h" not in result.output
