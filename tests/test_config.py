"""gate.yaml: what is read, and the exact words for what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.config import gate_yaml
from gate.config.gate_yaml import ROLES, api_key, load, named_variables, resolve, seconds, size
from gate.config.starter import starter
from gate.errors import ConfigError
from gate.model import (
    Auth,
    Budget,
    Config,
    Json,
    Limits,
    Override,
    Policy,
    Route,
    SamplePlan,
    Severity,
    Timeouts,
    Tolerance,
)
from gate.store import yaml_file
from gate.suite import SETS, builtin

ROOT = Path(__file__).parent.parent
FULL = """\
version: 1
golden: contracts/golden/
suite: [standard, scenarios/, chat]
routes:
  baseline:
    base_url: https://api.openai.com/v1
    api_key_env: OPENAI_API_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
  candidate:
    base_url: ${CANDIDATE_BASE_URL}
    api_key_env: CANDIDATE_API_KEY
    models: {chat: gpt-4o-mini, embedding: "${EMBEDDER:-nomic}"}
    headers: {x-team: search, api-key: "${CANDIDATE_API_KEY}"}
    query: {api-version: 2024-10-21}
    auth: {header: api-key}
    map: {max_tokens: max_completion_tokens}
    timeouts: {connect: 500ms, first_byte: 2m, between_chunks: 12.5, total: 1h}
    max_concurrency: 4
samples: {record: 5, check: 2, confirm: 0}
depends_on:
  - choices[].message.content
policy:
  fail_on: risky
  tolerate:
    - rule: usage-chunk-missing
      scenario: chat-stream
      reason: billing reads the gateway's ledger
      until: 2027-03-01
  severity:
    - {rule: header-missing, severity: off}
    - {rule: usage-missing, severity: info, scenario: chat, path: usage}
  budgets: {ttft_p95: {max_ratio: 1.5, max: 120s}, total_p50: {max: 250ms}}
limits: {max_body: 2 MiB, max_run: 32 MiB, max_requests: 500, max_retry_after: 90}
redact: ['ACME-\\d+']
"""
ROUTE = "version: 1\nroutes:\n  candidate:\n    base_url: http://x/v1\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "gate.yaml"
    path.write_text(text)
    return path


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    config = load(write(tmp_path, FULL))
    assert config == Config(
        root=str(tmp_path),
        golden="contracts/golden",
        suite=("standard", "scenarios/", "chat"),
        routes={
            "baseline": Route(
                "baseline",
                "https://api.openai.com/v1",
                "OPENAI_API_KEY",
                {"chat": "gpt-4o-mini", "embedding": "text-embedding-3-small"},
            ),
            "candidate": Route(
                "candidate",
                "${CANDIDATE_BASE_URL}",
                "CANDIDATE_API_KEY",
                models={"chat": "gpt-4o-mini", "embedding": "${EMBEDDER:-nomic}"},
                headers={"x-team": "search", "api-key": "${CANDIDATE_API_KEY}"},
                query={"api-version": "2024-10-21"},
                auth=Auth("header", "api-key"),
                map={"max_tokens": "max_completion_tokens"},
                timeouts=Timeouts(0.5, 120.0, 12.5, 3600.0),
                max_concurrency=4,
            ),
        },
        samples=SamplePlan(5, 2, 0),
        policy=Policy(
            Severity.RISKY,
            (
                Tolerance(
                    "usage-chunk-missing", "billing reads the gateway's ledger", "2027-03-01", "chat-stream", None, 25
                ),
            ),
            (
                Override("header-missing", None, line=30),
                Override("usage-missing", Severity.INFO, "chat", "usage", line=31),
            ),
            (Budget("ttft_p95", 1.5, 120_000.0, 32), Budget("total_p50", None, 250.0, 32)),
            ("choices[].message.content",),
        ),
        limits=Limits(2 * 1024 * 1024, 500, 90.0, 32 * 1024 * 1024),
        redact=("ACME-\\d+",),
    )


def test_diff_and_verify_need_no_route(tmp_path: Path) -> None:
    assert load(write(tmp_path, "version: 1\n")) == Config(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "auth"),
    [
        ("bearer", Auth()),
        ("none", Auth("none")),
        ("{header: api-key}", Auth("header", "api-key")),
        ("{query: k}", Auth("query", "k")),
    ],
)
def test_auth(tmp_path: Path, text: str, auth: Auth) -> None:
    assert load(write(tmp_path, ROUTE + f"    auth: {text}\n")).routes["candidate"].auth == auth


@pytest.mark.parametrize(
    ("word", "severity"), [("breaking", Severity.BREAKING), ("risky", Severity.RISKY), ("never", None)]
)
def test_fail_on(tmp_path: Path, word: str, severity: Severity | None) -> None:
    assert load(write(tmp_path, f"version: 1\npolicy: {{fail_on: {word}}}\n")).policy.fail_on == severity


DURATIONS: list[tuple[float | str, float]] = [(5, 5), (0.5, 0.5), ("5s", 5), ("250ms", 0.25), ("2m", 120), ("1.5h", 5400), ("7", 7)]  # fmt: skip
SIZES: list[tuple[int | str, int]] = [(10, 10), ("8MiB", 8388608), ("8 MB", 8_000_000), ("1kB", 1000), ("2GiB", 2**31), ("5B", 5)]  # fmt: skip


@pytest.mark.parametrize(("value", "result"), DURATIONS)
def test_durations_in_seconds(value: float | str, result: float) -> None:
    assert seconds(value) == result


@pytest.mark.parametrize(("value", "result"), SIZES)
def test_sizes_in_bytes(value: int | str, result: int) -> None:
    assert size(value) == result


def _long(key: str) -> str:
    return f"`routes.candidate.{key}` must be a duration above 0 such as 5s, 250ms or 2m, not "


KEY_FIX = "\n  fix: write `api_key_env: NAME_OF_A_VARIABLE`, or ${NAME} elsewhere; then change that key"
URL_FIX = "\n  fix: write it like https://api.openai.com/v1"
BAD = [
    # keys
    ("golden: x\n", ":1: the file lacks the key `version`\n  fix: write `version: 1`"),
    ("version: 2\n", ":1: `version` must be 1, the version of this format, not `2`"),
    ("- version: 1\n", ":1: the file must be a mapping, not a list"),
    ("version: 1\nsuites: [full]\n", ":2: the file has no key `suites`\n  fix: did you mean `suite`?"),
    ("version: 1\nsamples:\n  recrod: 3\n", ":3: `samples` has no key `recrod`\n  fix: did you mean `record`?"),
    ("version: 1\nsamples:\n  zzz: 3\n", ":3: `samples` has no key `zzz`\n  fix: known: record, check, confirm"),
    (ROUTE + "    timeout: 5s\n", ":5: `routes.candidate` has no key `timeout`\n  fix: did you mean `timeouts`?"),
    (ROUTE + "    api_key: X\n", ":5: `routes.candidate` has no key `api_key`\n  fix: did you mean `api_key_env`?"),
    (ROUTE + "    base_url: y\n", ":5: duplicate key `base_url`\n  fix: line 4 has it already"),
    ("version: 1\nroutes:\n  b: {}\n", ":3: `routes.b` lacks the key `base_url`\n  fix: write `base_url: https://…/v1`"),
    ("version: 1\nroutes: {b: }\n", ":2: `routes.b` must be a mapping, not empty"),
    (
        "version: 1\nroutes:\n  ../x: {base_url: http://x}\n",
        ":3: `../x` can't be used here: give a route name of lower case letters, digits, `-`, `_` and `.`",
    ),
    # values
    (
        "version: 1\nsuite: full\n",
        ":2: `suite` must be a list of suites, scenarios, files or folders, not `full`",
    ),
    ("version: 1\nsamples: {record: 0}\n", ":2: `samples.record` must be a whole number from 1 to 100, not `0`"),
    ("version: 1\nsamples: {confirm: -1}\n", ":2: `samples.confirm` must be a whole number from 0 to 100, not `-1`"),
    ("version: 1\nsamples: {check: yes}\n", ":2: `samples.check` must be a whole number from 1 to 100, not `yes`"),
    ("version: 1\nlimits: {max_body: 8MiBB}\n", ":2: `limits.max_body` must be a size such as 8MiB, or bytes, not `8MiBB`"),
    ("version: 1\nlimits: {max_requests: 1.5}\n", ":2: `limits.max_requests` must be a whole number from 1, not `1.5`"),
    (ROUTE + "    timeouts: {connect: -5s}\n", ":5: " + _long("timeouts.connect") + "`-5s`"),
    (ROUTE + "    timeouts: {connect: 0ms}\n", ":5: " + _long("timeouts.connect") + "`0ms`"),
    (ROUTE + "    timeouts:\n      total: -1\n", ":6: " + _long("timeouts.total") + "`-1`"),
    (ROUTE + "    max_concurrency: many\n", ":5: `routes.candidate.max_concurrency` must be a whole number from 1 to 1000, not `many`"),
    (
        ROUTE.replace("http://x", "http://x:{port}"),
        (
            ":4: `routes.candidate.base_url` has a place that is filled in where a gateway is started\n"
            "  fix: write `start: [command, …]` too, or the port itself"
        ),
    ),
    (
        ROUTE + "    start: my-gateway\n",
        ':5: `routes.candidate.start` must be a command as a list of texts, such as [litellm, --port, "{port}"], not `my-gateway`',
    ),
    (ROUTE + "    ready: health\n", ":5: `routes.candidate.ready` must be a path such as /health/readiness, not `health`"),
    (ROUTE + "    auth: basic\n", ":5: `routes.candidate.auth` must be bearer, none, {header: NAME} or {query: NAME}, not `basic`"),
    (ROUTE + "    headers: {x-team: 7}\n", ":5: `routes.candidate.headers.x-team` must be a text on one line, not the value given\n  fix: quote it"),
    (ROUTE + '    headers: {x-team: "a\\n"}\n', ":5: `routes.candidate.headers.x-team` must be a text on one line, not the value given"),
    (ROUTE + '    headers: {"a: b": c}\n', ":5: `a: b` can't be used here: give a name without spaces or colons"),
    (ROUTE + "    models: {embeddings: x}\n", ":5: `routes.candidate.models` has the role `embeddings`, which no built-in scenario uses\n  fix: did you mean `embedding`?"),
    ("version: 1\nredact:\n  - a\n  - '['\n", ":4: `redact[1]` is not a regular expression: unterminated character set at position 0"),
    ("version: 1\nredact: ['x*']\n", ":2: `redact[0]` matches the empty text, so it would match everywhere"),
    ("version: 1\ndepends_on: [a b]\n", ":2: `depends_on[0]` must be a path such as choices[].message.content, not `a b`"),
    # policy
    ("version: 1\npolicy: {fail_on: riskey}\n", ":2: `policy.fail_on` must be one of breaking, risky, never, not `riskey`\n  fix: did you mean `risky`?"),
    ("version: 1\npolicy:\n  tolerate:\n  - rule: x\n    until: 2027-01-01\n", ":4: `policy.tolerate[0]` lacks the key `reason`\n  fix: a tolerance names its rule, its reason, and the day it ends: `until: 2027-03-01`"),
    ("version: 1\npolicy:\n  tolerate:\n  - {rule: x, reason: ' ', until: 2027-01-01}\n", ":4: `policy.tolerate[0].reason` must be the reason in words, not ` `"),
    ("version: 1\npolicy:\n  tolerate:\n  - rule: x\n    reason: y\n    until: next year\n", ":6: `policy.tolerate[0].until` must be a day such as 2027-03-01, not `next year`"),
    ("version: 1\npolicy:\n  tolerate:\n  - rule: x\n    reason: y\n    until: 2027-02-30\n", ":6: `policy.tolerate[0].until` is not a day of the calendar\n  fix: write it like 2027-03-01"),
    ("version: 1\npolicy:\n  severity:\n  - rule: x\n    severity: fatal\n", ":5: `policy.severity[0].severity` must be one of breaking, risky, info, off, not `fatal`"),
    ("version: 1\npolicy:\n  budgets:\n    ttft_p59: {max: 1s}\n", ":4: `ttft_p59` can't be used here: give one of ttft_p50, ttft_p95, gap_p50, gap_p95, total_p50, total_p95, connect_p50, connect_p95\n  fix: did you mean `ttft_p95`?"),
    ("version: 1\npolicy:\n  budgets:\n    ttft_p95: {}\n", ":4: `policy.budgets.ttft_p95` must be a mapping with max_ratio, max or both, not empty"),
    ("version: 1\npolicy:\n  rules_url: https://docs.test/rules/\n", ":3: `policy.rules_url` must be an address with {rule} where the id of the rule goes, not `https://docs.test/rules/`"),
    # base_url
    (ROUTE.replace("http://x/v1", "api.openai.com/v1"), ":4: `routes.candidate.base_url` must be an http:// or https:// URL with a host" + URL_FIX),
    (ROUTE.replace("http://x/v1", "https:///v1"), ":4: `routes.candidate.base_url` must be an http:// or https:// URL with a host" + URL_FIX),
    (ROUTE.replace("http://x/v1", "http://x:99999/v1"), ":4: `routes.candidate.base_url` is not a valid URL" + URL_FIX),
    (ROUTE.replace("http://x/v1", "http://[x/v1"), ":4: `routes.candidate.base_url` is not a valid URL" + URL_FIX),
    (ROUTE.replace("http://x/v1", "http://u:p@x/v1"), ":4: `routes.candidate.base_url` must not hold a user or password" + URL_FIX),
    *((ROUTE.replace("http://x/v1", f'"{url}"'), ":4: `routes.candidate.base_url` must not hold a user or password" + URL_FIX)
      for url in ("http://u:p@${HOST}/v1", "http://${USER}:${PASS}@x/v1", "${URL:-http://u:p@x/v1}", "${TOKEN}@x/v1")),
    (ROUTE.replace("http://x/v1", '"http://${HOST}/v1?key=a"'), ":4: `routes.candidate.base_url` must not hold a query: use `query:`\n  fix: write `query: {NAME: value}` beside base_url, with ${VARIABLE} for a key, and take it out of the URL"),
    (ROUTE.replace("http://x/v1", '"http://[${HOST}/v1"'), ":4: `routes.candidate.base_url` is not a valid URL" + URL_FIX),
    *((ROUTE.replace("http://x/v1", f'"http://{part}"'), ":4: `routes.candidate.base_url` holds what looks like a key itself" + KEY_FIX)
      for part in ("x/sk-abcdefghijklmnopqrstuv/v1", "${X:-x/sk-abcdefghijklmnopqrstuv/v1}", "sk-abcdefghijklmnopqrstuv.${HOST}/v1")),
    (ROUTE.replace("http://x/v1", "http://x/v1?a=b"), ":4: `routes.candidate.base_url` must not hold a query: use `query:`\n  fix: write `query: {NAME: value}` beside base_url, with ${VARIABLE} for a key, and take it out of the URL"),
    (ROUTE.replace("http://x/v1", "http://x/v1?api-version=2024-10-21"), ":4: `routes.candidate.base_url` must not hold a query: use `query:`\n  fix: write `query: {api-version: 2024-10-21}` beside base_url, and take it out of the URL"),
    (ROUTE.replace("http://x/v1", "\"http://x/v1#top\""), ":4: `routes.candidate.base_url` must not hold a fragment\n  fix: leave out what begins with #"),
    (ROUTE.replace("http://x/v1", '"http://x/v1\\n"'), ":4: `routes.candidate.base_url` must be a URL such as https://api.openai.com/v1, not the value given"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD, ids=[message[1:60] for _, message in BAD])
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text))
    assert str(caught.value) == "gate.yaml" + message


def test_a_missing_file_names_gate_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^there is no gate\.yaml") as caught:
        load(tmp_path / "gate.yaml")
    assert "gate init" in caught.value.fix


# -- keys ---------------------------------------------------------------------------------------

SECRET = "abcdEFGH1234ijklMNOP5678"
KEYS = [
    (f"api_key_env: sk-{SECRET}", "api_key_env"),
    ("api_key_env: sk-1234", "api_key_env"),
    (f"api_key_env: {SECRET}", "api_key_env"),
    (f"api_key: sk-proj-{SECRET}", "api_key"),
    (f"api_key: gsk_{SECRET}", "api_key"),
    (f"headers: {{authorization: Bearer {SECRET}}}", "headers.authorization"),
    (f"headers: {{X-Api-Key: {SECRET}}}", "headers.X-Api-Key"),
    ("headers: {api-key: 0123456789abcdef0123456789ABCDEF}", "headers.api-key"),
    (f"headers: {{x-other: 'Bearer sk-{SECRET}'}}", "headers.x-other"),
    (f"query: {{key: {SECRET}}}", "query.key"),
    (f"query: {{k: AIza{SECRET}}}", "query.k"),
    (f"auth: {{header: sk-{SECRET}}}", "auth.header"),
    ("headers: {x-auth-token: abc}", "headers.x-auth-token"),
    ("headers: {X-Functions-Key: abc}", "headers.X-Functions-Key"),
    ("query: {sig: abc}", "query.sig"),
    (f"headers: {{x-other: xai-{SECRET}}}", "headers.x-other"),
    (f"headers: {{x-other: dapi{'0123456789abcdef' * 2}}}", "headers.x-other"),
]


@pytest.mark.parametrize(("line", "key"), KEYS)
def test_a_key_itself_is_refused_and_never_repeated(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, ROUTE + f"    {line}\n"))
    assert str(caught.value) == f"gate.yaml:5: `routes.candidate.{key}` holds what looks like a key itself" + KEY_FIX


@pytest.mark.parametrize("value", ["[sk-abc]", f"{{x: {SECRET}}}", f"{SECRET[:15]}-x y"])
def test_what_stands_in_place_of_a_variable_name_is_never_repeated(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, ROUTE + f"    api_key_env: {value}\n"))
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "api_key_env: HF_TOKEN_FOR_PRODUCTION_2",
        "api_key_env: my_key",
        "models: {chat: ft:gpt-4o-mini-2024-07-18:acme::9zYx8WvU}",
        "models: {chat: accounts/fireworks/models/llama-v3p1-8b-instruct}",
        'headers: {authorization: "Basic ${TOKEN}", x-request-source: ci-2024-run}',
        'query: {key: "${KEY:-}"}',
        "headers: {openai-organization: org-Zq81mNopQrStUvWx, openai-project: proj_Zq81mNopQrStUvWx}",
        "headers: {cf-aig-cache-key: ci, idempotency-key: ci-1, x-country-code: de}",
    ],
)
def test_what_is_no_key_is_accepted(tmp_path: Path, line: str) -> None:
    assert load(write(tmp_path, ROUTE + f"    {line}\n")).routes["candidate"]


# -- variables ----------------------------------------------------------------------------------

TEMPLATE = Route(
    "candidate",
    "${SCHEME:-https}://${HOST}/v1",
    "KEY",
    models={"chat": "${MODEL:-small}"},
    headers={"x-team": "a ${TEAM:-} b"},
    query={"v": "$5 ${V:-1}"},
)


def test_variables_and_defaults() -> None:
    found = resolve(TEMPLATE, {"HOST": "gw.example", "MODEL": "big", "SCHEME": ""})
    assert found == replace(
        TEMPLATE,
        base_url="https://gw.example/v1",
        models={"chat": "big"},
        headers={"x-team": "a  b"},
        query={"v": "$5 1"},
    )


def test_a_line_break_around_a_variable_is_dropped() -> None:
    assert resolve(Route("r", "${URL}"), {"URL": "http://x/v1\n"}).base_url == "http://x/v1"


UNRESOLVED: list[tuple[dict[str, str], str]] = [
    ({}, "`routes.candidate.base_url` needs the variable HOST, which is not set\n  fix: export HOST, or write ${HOST:-default}"),
    ({"HOST": ""}, "`routes.candidate.base_url` needs the variable HOST, which is not set\n  fix: export HOST, or write ${HOST:-default}"),
    ({"HOST": "x", "SCHEME": "ftp"}, "`routes.candidate.base_url` must be an http:// or https:// URL with a host" + URL_FIX),
    ({"HOST": "u:p@x"}, "`routes.candidate.base_url` must not hold a user or password" + URL_FIX),
    ({"HOST": "x", "TEAM": "a\r\nb: c"}, "`routes.candidate.headers.x-team` holds a line break or control character\n  fix: look at its variable"),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "message"), UNRESOLVED)
def test_what_can_not_be_resolved_names_route_key_and_variable(environ: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(TEMPLATE, environ)
    assert str(caught.value) == "gate.yaml: " + message


def test_the_key_comes_from_its_variable() -> None:
    route = Route("baseline", "http://x", "KEY")
    assert api_key(route, {"KEY": " sk-1\n"}) == "sk-1"
    assert api_key(replace(route, auth=Auth("none")), {}) is None
    assert api_key(Route("baseline", "http://x"), {}) is None
    for environ, message in [
        ({}, "names KEY, which is not set"),
        ({"KEY": " "}, "names KEY, which is not set"),
        ({"KEY": "sk-…"}, "the variable KEY holds characters that no header can carry"),
        ({"KEY": "a\nb"}, "the variable KEY holds characters that no header can carry"),
    ]:
        with pytest.raises(ConfigError, match=message):
            api_key(route, environ)


# -- the first gate.yaml and the page -----------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"base_url": "http://127.0.0.1:8080/v1", "api_key_env": "LOCAL_KEY", "chat": "smol: 'x'", "suite": "minimal"},
        {"embedding": None},
    ],
)
def test_the_starter_is_valid_and_its_comments_too(tmp_path: Path, arguments: dict[str, Any]) -> None:
    text = starter(**arguments)
    config = load(write(tmp_path, text))
    assert set(config.routes) == {"baseline", "candidate"}
    assert config.routes["baseline"].base_url == arguments.get("base_url", "https://api.openai.com/v1")
    assert config.routes["baseline"].models["chat"] == arguments.get("chat", "gpt-4o-mini")
    assert config.suite[0] in SETS
    # what stands there as a comment is an example, so it must work when a person uncomments it
    loud = load(write(tmp_path, re.sub(r"(?m)^( *)# (?=auth|map|depends_on|  - |tolerate|    )", r"\1", text)))
    assert loud.policy.tolerate
    assert loud.policy.depends_on
    assert loud.routes["candidate"].auth == Auth("header", "api-key")
    assert max(len(line) for line in text.splitlines()) <= 110


def _keys(schema: Json) -> set[str]:
    if isinstance(schema, list):
        return {key for item in schema for key in _keys(item)}
    if not isinstance(schema, dict):
        return set()
    named = schema.get("properties")
    own = set(named) if isinstance(named, dict) else set()
    return own | {key for part in schema.values() for key in _keys(part)}


def test_the_page_names_every_key() -> None:
    page = (ROOT / "docs/config.md").read_text("utf-8")
    assert {key for key in _keys(yaml_file.schema(gate_yaml.SCHEMA)) if f"`{key}`" not in page} == set()


def test_the_example_of_the_page_is_valid(tmp_path: Path) -> None:
    for block in re.findall(r"```yaml\n(version: 1.*?)```", (ROOT / "docs/config.md").read_text("utf-8"), re.S):
        assert load(write(tmp_path, block)).routes


def test_the_roles_are_those_of_the_built_in_scenarios() -> None:
    used = {step.model for scenario in builtin().values() for step in scenario.steps if step.model}
    assert used <= set(ROLES)


def test_variables_that_some_route_names() -> None:
    route = Route("a", "http://${HOST}/v1", "KEY", {"chat": "${MODEL:-m}"}, {"x": "${H}"}, {"q": "${Q}"})
    assert named_variables(Config(".", routes={"a": route, "b": Route("b", "http://x/v1")})) == {
        "HOST", "KEY", "MODEL", "H", "Q",
    }  # fmt: skip
