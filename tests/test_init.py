"""`gate init` in repositories of several kinds: what it writes, what it leaves alone, and what it says comes next."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gate.cli import _baseline, init
from gate.config import gate_yaml
from gate.errors import ConfigError
from gate.inventory.today import PROVIDERS
from gate.model import Auth, Exchange
from gate.replay.server import serve
from tests.provider import Provider
from tests.test_cli import gate, here

__all__ = ["here"]
EXAMPLES = Path(__file__).parent.parent / "examples"
GITHUB, GITLAB, SHELL = "minimal/workflow.yml", "gitlab/.gitlab-ci.yml", "shell/gate.sh"
VARIABLES = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_API_BASE",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_ENDPOINT",
    "LITELLM_PROXY_API_BASE",
    "LITELLM_PROXY_API_KEY",
)
WORKFLOW = ".github/workflows/contract.yml"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine says which route is used."""
    for name in (*PROVIDERS, *VARIABLES):
        monkeypatch.delenv(name, raising=False)


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
  1. export OPENAI_API_KEY=…                      the route you use today
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


# -- the route of today -------------------------------------------------------------------------

GROQ = 'from openai import OpenAI\nclient = OpenAI(base_url="https://api.groq.com/openai/v1")\n'
GROQ += 'client.chat.completions.create(model="llama-3.3-70b-versatile", messages=[])\n'
VARIABLE = 'import os, openai\nclient = openai.OpenAI(base_url=os.environ["LLM_URL"])\n'
OURS = 'import os, openai\nurl = "https://llm.corp.example/v1"\n'
KEYED = f'{OURS}client = openai.OpenAI(base_url=url, api_key=os.environ["OUR_KEY"])\n'
LITERAL = f'{OURS}client = openai.OpenAI(base_url=url, api_key="OPENAI_API_KEY")\n'
AZURE = 'from openai import AzureOpenAI\nclient = AzureOpenAI(azure_endpoint="https://r.openai.azure.com/")\n'
URL = "http://127.0.0.1:9/v1"  # nothing listens there


@pytest.mark.parametrize(
    ("code", "environ", "options", "found"),
    [
        ("", {}, (), ("https://api.openai.com/v1", "OPENAI_API_KEY", "gpt-4o-mini")),
        (GROQ, {}, (), ("https://api.groq.com/openai/v1", "GROQ_API_KEY", "llama-3.3-70b-versatile")),
        (GROQ, {"OPENAI_BASE_URL": URL}, (), (URL, None, "llama-3.3-70b-versatile")),
        (GROQ, {"OPENAI_BASE_URL": URL, "OPENAI_API_KEY": "x"}, (), (URL, "OPENAI_API_KEY", "llama-3.3-70b-versatile")),
        (GROQ, {"OPENAI_BASE_URL": URL}, ("--base-url", "https://llm.corp.example/v1", "--chat", "m"),
         ("https://llm.corp.example/v1", "OPENAI_API_KEY", "m")),
        (VARIABLE, {}, (), ("${LLM_URL}", None, "gpt-4o-mini")),
        (VARIABLE, {}, ("--key-env", "OUR_KEY"), ("${LLM_URL}", "OUR_KEY", "gpt-4o-mini")),
        (KEYED, {"OPENAI_API_KEY": "x"}, (), ("https://llm.corp.example/v1", "OUR_KEY", "gpt-4o-mini")),
        (LITERAL, {"OPENAI_API_KEY": "x"}, (), ("https://llm.corp.example/v1", None, "gpt-4o-mini")),
        (KEYED.replace("llm.corp.example", "api.groq.com"), {}, (), ("https://api.groq.com/v1", "OUR_KEY", "gpt-4o-mini")),
        (VARIABLE, {"LLM_URL": URL, "OPENAI_API_KEY": "x"}, (), (URL, None, "gpt-4o-mini")),
        (KEYED.replace("https://llm.corp.example/v1", URL), {"OUR_KEY": "x"}, (), (URL, "OUR_KEY", "gpt-4o-mini")),
        (VARIABLE, {"LLM_URL": URL}, (), (URL, None, "gpt-4o-mini")),
        (VARIABLE, {"LLM_URL": "hunter2"}, (), ("${LLM_URL}", None, "gpt-4o-mini")),
        (AZURE, {}, ("--chat", "d"), ("https://r.openai.azure.com/openai/v1", "AZURE_OPENAI_API_KEY", "d")),
        ("", {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"}, ("--chat", "d"),
         ("https://r.openai.azure.com/openai/v1", "AZURE_OPENAI_API_KEY", "d")),
        ("", {"AZURE_OPENAI_ENDPOINT": "https://llm.corp.example/v1"}, ("--chat", "d"),
         ("https://llm.corp.example/v1", "AZURE_OPENAI_API_KEY", "d")),
        ("", {"LITELLM_PROXY_API_BASE": "https://llm.corp.example/v1"}, ("--chat", "m"),
         ("https://llm.corp.example/v1", "LITELLM_PROXY_API_KEY", "m")),
        ("", {"MISTRAL_API_KEY": "x"}, ("--chat", "mistral-small-latest"),
         ("https://api.mistral.ai/v1", "MISTRAL_API_KEY", "mistral-small-latest")),
        ("", {"MISTRAL_API_KEY": "x", "OPENAI_API_KEY": "x"}, (), ("https://api.openai.com/v1", "OPENAI_API_KEY", "gpt-4o-mini")),
        ("", {"MISTRAL_API_KEY": "x", "XAI_API_KEY": "x"}, (), ("https://api.openai.com/v1", "OPENAI_API_KEY", "gpt-4o-mini")),
        ("", {}, ("--key-env", "-", "--chat", "m"), ("https://api.openai.com/v1", None, "m")),
    ],
)  # fmt: skip
def test_the_baseline_is_what_options_environment_and_code_say(
    here: Path,
    code: str,
    environ: dict[str, str],
    options: tuple[str, ...],
    found: tuple[str, str | None, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("app.py").write_text(code, "utf-8")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    said = gate("init", *options)
    assert said.exit_code == 0, said.output
    route = gate_yaml.load(Path("gate.yaml")).routes["baseline"]
    assert (route.base_url, route.api_key_env, route.models["chat"]) == found
    azure = Auth("header", "api-key") if "azure" in route.base_url else Auth()
    assert route.auth == (azure if route.api_key_env else Auth("none"))
    assert ("baseline: " in said.output) == (
        bool(code or environ) and "--base-url" not in options and "openai.com" not in found[0]
    )
    variables = [name for name in ("LLM_URL" if "${" in found[0] else "", found[1]) if name]
    assert (f"1. export {' '.join(f'{name}=…' for name in variables)} " in said.output) == bool(variables)
    unsaid = bool(code) and found[1] is None and "127" not in found[0]
    assert ("note: gate.yaml names no key" in said.output) == unsaid


def test_the_route_is_asked_for_its_models(here: Path) -> None:
    with serve(Provider()) as base:
        said = gate("init", "--base-url", base, "--key-env", "-")
    # the provider wants a key, and without one says 401
    assert "lists no models now, and gpt-4o-mini is a guess" in said.output
    Path("gate.yaml").unlink()
    with pytest.MonkeyPatch.context() as patch, serve(Provider()) as base:
        patch.setenv("OURS", "sk-test-key-0001")
        said = gate("init", "--base-url", base, "--key-env", "OURS")
    assert "it lists the model gpt-4o-mini\n" in said.output
    models = gate_yaml.load(Path("gate.yaml")).routes["baseline"].models
    assert models == {"chat": "gpt-4o-mini", "embedding": "text-embedding-3-small"}


@pytest.mark.parametrize(
    ("name", "taken"), [("org/model:7b@v1", True), ("${OPENAI_API_KEY}", False), ("a\n# b", False), ("", False)]
)
def test_a_name_of_a_model_can_name_no_variable(here: Path, name: str, taken: bool) -> None:
    Path("app.py").write_text(GROQ.replace('"llama-3.3-70b-versatile"', repr(name)), "utf-8")
    gate("init")
    assert gate_yaml.load(Path("gate.yaml")).routes["baseline"].models["chat"] == (name if taken else "gpt-4o-mini")
    Path("gate.yaml").unlink()
    Path("app.py").unlink()

    def renamed(found: Exchange) -> Exchange:
        body = json.dumps({"object": "list", "data": [{"id": name}, 7, {}]}).encode()
        return replace(found, response=replace(found.response, body=body) if found.response else None, chunks=())

    with pytest.MonkeyPatch.context() as patch, serve(Provider(mutate=renamed)) as base:
        patch.setenv("OURS", "sk-test-key-0001")
        gate("init", "--base-url", base, "--key-env", "OURS")
    assert gate_yaml.load(Path("gate.yaml")).routes["baseline"].models["chat"] == (name if taken else "gpt-4o-mini")


def test_no_key_goes_to_a_host_that_only_code_names(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-0001")
    provider = Provider()
    with serve(provider) as base:
        Path("app.py").write_text(f"import openai\nclient = openai.OpenAI(base_url={base!r})\n", "utf-8")
        said = gate("init")
    assert "no code names a chat model, and gpt-4o-mini is a guess" in said.output
    assert provider.requests == []


LOOPBACK, PLAIN = "127.0.0.1", "0.0.0.0"


@pytest.mark.parametrize(
    ("environ", "options", "host", "sent"),
    [
        ("OPENAI_BASE_URL", (), LOOPBACK, "OPENAI_API_KEY"),
        ("OPENAI_API_BASE", (), LOOPBACK, "OPENAI_API_KEY"),
        ("", ("--key-env", "OPENAI_API_KEY"), LOOPBACK, "OPENAI_API_KEY"),
        ("LITELLM_PROXY_API_BASE", ("--key-env", "OUR_KEY"), LOOPBACK, "OUR_KEY"),
        ("", (), LOOPBACK, ""),
        ("AZURE_OPENAI_ENDPOINT", (), LOOPBACK, ""),
        ("LITELLM_PROXY_API_BASE", (), LOOPBACK, ""),
        ("OPENAI_BASE_URL", ("--key-env", "-"), LOOPBACK, ""),
        ("OPENAI_BASE_URL", (), PLAIN, ""),
        ("", ("--key-env", "OUR_KEY"), PLAIN, ""),
        ("", (), PLAIN, ""),
    ],
)
def test_a_key_goes_only_where_somebody_sends_it(
    here: Path, environ: str, options: tuple[str, ...], host: str, sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "LITELLM_PROXY_API_KEY", "OUR_KEY")
    for name in keys:
        monkeypatch.setenv(name, f"sk-test-{name}")
    provider = Provider()
    with serve(provider) as served:
        base = served.replace(LOOPBACK, host)
        if environ:
            monkeypatch.setenv(environ, base)
        said = gate("init", *options, *(() if environ else ("--base-url", base)))
    assert said.exit_code == 0, said.output
    (request,) = provider.requests
    heads = str(request)
    assert [name for name in keys if f"sk-test-{name}" in heads] == ([sent] if sent else [])
    named = gate_yaml.load(Path("gate.yaml")).routes["baseline"].api_key_env
    assert (f"without {named}, which was not sent" in said.output) == (named is not None and not sent)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://user:sk-verysecret@host.example/v1", "must not hold a user or password"),
        ("https://user:sk-very/secret@host.example/v1", "is not a valid URL"),
        ("user:sk-verysecret@host.example/v1", "must be an http:// or https:// URL"),
        ("https://host.example/v1?key=sk-verysecret", "must not hold a query"),
        ("http://[host.example/v1?sk-verysecret", "is not a valid URL"),
        ("https://host.example/v1/chat/completions", "is a full endpoint, not a base"),
    ],
)
@pytest.mark.parametrize("asking", [False, True])
def test_a_base_url_is_told_only_when_it_is_checked(
    here: Path, url: str, words: str, asking: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_baseline, "_asking", lambda: asking)
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-0001")
    said = CliRunner().invoke(init.command, input="\n", standalone_mode=False)
    assert isinstance(said.exception, ConfigError)
    assert words in said.exception.what
    assert ("baseline: " in said.output, "sk-very" in said.output + str(said.exception)) == (False, False)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("columns", "step"), [(80, "1. gate record\n       writes golden/\n"), (120, "1. gate record   ")]
)
def test_a_narrow_terminal_has_the_remark_of_a_step_on_its_own_line(
    here: Path, columns: int, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init, "_columns", lambda: columns)
    said = gate("init", "--base-url", "http://127.0.0.1:9/v1", "--key-env", "-", "--chat", "m")
    assert step in said.output


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://user:very-secret@${LLM_HOST}/v1", "must not hold a user or password"),
        ("https://${NAME}:${WORD}@host.example/v1", "must not hold a user or password"),
        ("https://${LLM_HOST}/v1?key=very-secret", "must not hold a query"),
        ("https://${LLM_HOST}/sk-proj-very0secret0very0secret0very0/v1", "holds what looks like a key itself"),
    ],
)
def test_no_credential_in_a_url_reaches_a_file(
    here: Path, url: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    said = gate("init")
    assert (said.exit_code, words in said.output, "secret" in said.output) == (2, True, False)
    assert list(here.iterdir()) == []


def test_a_url_as_azure_shows_it_is_taken_apart(here: Path) -> None:
    url = "https://r.openai.azure.com/openai/deployments/d"
    assert gate("init", "--base-url", f"{url}?api-version=2024-10-21", "--chat", "d").exit_code == 0
    route = gate_yaml.load(Path("gate.yaml")).routes["baseline"]
    assert (route.base_url, route.query, route.auth) == (url, {"api-version": "2024-10-21"}, Auth("header", "api-key"))


def test_on_a_terminal_the_route_is_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_baseline, "_asking", lambda: True)
    with serve(Provider()) as base:
        monkeypatch.setenv("OURS", "sk-test-key-0001")
        said = CliRunner().invoke(init.command, input=f"{base}\nOURS\n\n-\n", standalone_mode=False)
    assert said.exception is None, said.output
    route = gate_yaml.load(Path("gate.yaml")).routes["baseline"]
    assert (route.base_url, route.api_key_env, route.models) == (base, "OURS", {"chat": "gpt-4o-mini"})
    assert "base_url of the route that you use today [https://api.openai.com/v1]: " in said.output


def test_a_key_that_nobody_typed_is_not_sent(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_baseline, "_asking", lambda: True)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-0001")
    provider = Provider()
    with serve(provider) as base:
        for typed, sent in (("", False), ("OPENAI_API_KEY", True)):
            said = CliRunner().invoke(init.command, input=f"{base}\n{typed}\n\n-\n", standalone_mode=False)
            assert said.exception is None, said.output
            assert ("sk-test-key-0001" in str(provider.requests[-1])) == sent
            assert gate_yaml.load(Path("gate.yaml")).routes["baseline"].api_key_env == "OPENAI_API_KEY"
            Path("gate.yaml").unlink()
