"""One use of the action, from its inputs to its outputs. Standard library only; the engine runs as a process.

The order matters: everything that needs no engine is refused before one is installed, secrets are masked before
anything is printed, and outputs are written whatever happened.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gate.action import commands, event, goldens, inputs, outcome
from gate.action.comment import Place, post
from gate.action.engine import Done, Engine
from gate.action.event import Event
from gate.action.inputs import LIVE, Inputs
from gate.action.install import environment
from gate.action.outcome import REPORTS, Outcome
from gate.errors import ConfigError, GateError
from gate.prose.markup import prose

_ROUTES = {"check": "candidate", "record": "baseline"}


@dataclass(frozen=True, slots=True)
class Use:
    """Everything that one use of the action knows. `work` is private; `report` is what gets uploaded."""

    inputs: Inputs
    event: Event
    environ: Mapping[str, str]
    work: Path
    report: Path


def main(environ: Mapping[str, str]) -> int:
    """Run the action; returns its exit code. Every error becomes words on the run's page, outputs are always set."""
    use: Use | None = None
    try:
        use = _begun(environ)
        found = outcome.settled(_carried_out(use), use.inputs.on_incomplete, use.inputs.min_scenarios)
    except GateError as error:
        found = Outcome(use.inputs.mode if use else "", error.exit_code).noted("error", str(error))
    except Exception:  # whatever happens, the step fails and its outputs say so
        with commands.quoted():
            traceback.print_exc(file=sys.stdout)
        found = Outcome(use.inputs.mode if use else "").noted("error", "the action crashed: its log says where")
    _tell(use, found, environ)
    name = ""
    if use is not None:
        name = _artifact(use)
        _comment(use, found)
    commands.set_outputs(environ.get("GITHUB_OUTPUT"), outcome.outputs(found, use.report if use else None, name))
    return found.code


def _begun(environ: Mapping[str, str]) -> Use:
    """Inputs and event, looked at; raises GateError for what must not run."""
    try:
        given = json.loads(environ.get("GATE_INPUTS", ""))
    except ValueError:
        raise ConfigError("GATE_INPUTS holds no JSON: this is meant to be started by action.yml") from None
    asked = inputs.parse(given)
    known = event.read(environ.get("GITHUB_EVENT_NAME", ""), _payload(environ), environ.get("GITHUB_ACTOR", ""))
    if asked.mode in LIVE and (refused := event.refusal(known)):
        raise ConfigError(refused)
    temp = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    work = Path(tempfile.mkdtemp(prefix="swapgate-run-", dir=temp))
    report = work / "report"
    report.mkdir()
    return Use(asked, known, environ, work, report)


def _payload(environ: Mapping[str, str]) -> Any:
    try:
        return json.loads(Path(environ.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _carried_out(use: Use) -> Outcome:
    names = dict.fromkeys(use.inputs.api_key_env)
    _mask(use, names)
    python = environment(use.work.parent, use.environ)
    plan: Mapping[str, Any] = {}
    if use.inputs.mode != "merge":
        plan = Engine(python, use.environ, _hidden(use, names)).ask(_order(use))
        _mask(use, [name for name in plan["secret"] if name not in names])
        names |= dict.fromkeys(plan["secret"])
    started = Engine(python, use.environ, _hidden(use, names))
    found = _mode(use, started, plan)
    leaked = commands.redact(use.work, started.hidden)
    if leaked:
        found = found.noted("warning", f"the value of {', '.join(leaked)} was in a report, and was removed from it")
    return found


def _order(use: Use) -> dict[str, Any]:
    route = (*use.inputs.route, _ROUTES.get(use.inputs.mode, ""))[0]
    return {
        "config": use.inputs.config,
        "route": route if use.inputs.mode in LIVE else "",
        "keys": use.inputs.api_key_env,
        "hosts": [asdict(host) for host in use.inputs.allowed_hosts],
        "bound": use.event.proposed,
        "max_requests": use.inputs.max_requests,
    }


def _mask(use: Use, names: Sequence[str] | Mapping[str, None]) -> None:
    for name in names:
        commands.mask(use.environ.get(name, ""))


def _hidden(use: Use, names: Mapping[str, None]) -> dict[str, str]:
    """The secrets by name: the keys, and the token under the name of its input."""
    found = {name: use.environ[name] for name in names if use.environ.get(name)}
    return {**found, "github-token": use.inputs.github_token} if use.inputs.github_token else found


# -- modes --------------------------------------------------------------------------------------


def _mode(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    match use.inputs.mode:
        case "merge":
            return _nothing_to_merge(use) or _judged(use, started.gate(*_merge(use)))
        case "verify":
            return _verified(use, started, plan)
    if plan["missing"]:
        return _without_secret(use, started, plan)
    if plan["refusal"]:
        raise ConfigError(plan["refusal"])
    if use.inputs.mode == "record":
        return _recorded(use, started, plan)
    found = _judged(use, started.gate(*_check(use, plan)))
    _keep(Path(plan["saved"]), use.report / "candidate")
    return found


def _nothing_to_merge(use: Use) -> Outcome | None:
    """Where GitHub gives no secrets, the shards ran `verify` and left no report; anywhere else that is an error."""
    choice = use.inputs.on_missing_secret
    if choice == "fail" or not use.event.without_secrets or any(Path(use.inputs.reports).rglob("*.json")):
        return None
    words = f"{use.event.without_secrets}: no shard could judge the candidate, so there is nothing to merge"
    return Outcome("verify", 0, markdown=f"## swapgate: nothing was judged\n\n{_sentence(words)}.\n").noted(
        "notice", words
    )


def _without_secret(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    """`verify` instead, where GitHub gives no secrets or the workflow says so; elsewhere a lost secret is an error."""
    names = ", ".join(plan["missing"])
    choice = use.inputs.on_missing_secret
    if choice == "fail" or (choice == "auto" and not use.event.without_secrets):
        fix = _how_to_pass(plan["missing"], {*plan["secret"], *use.inputs.api_key_env})
        raise ConfigError(f"no value in the environment for {names}", fix=fix)
    why = use.event.without_secrets or "this run"
    words = f"{why} has no {names}: `verify` ran offline instead of `{use.inputs.mode}`, and no candidate was judged"
    found = _verified(use, started, plan)
    return replace(found, verdict="incomplete", markdown=f"{_sentence(words)}.\n\n{found.markdown}").noted(
        "notice", words
    )


def _how_to_pass(missing: Sequence[str], secret: Collection[str]) -> str:
    named = " and ".join(f"the {'secret' if name in secret else 'variable'} {name}" for name in missing)
    it = "it" if len(missing) == 1 else "them"
    return f"create {named} in the repository settings, and pass {it} in `env:` of this step"


def _verified(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    done = started.gate("verify", "--config", use.inputs.config)
    golden = Path(plan["golden"])
    before = goldens.committed(golden, use.work / "before")
    changed, words = goldens.changes(started, before, golden, use.report) if before else (0, "")
    title = "the goldens are whole" if done.code == 0 else "the goldens are not whole"
    markdown = f"## swapgate: {title}\n\n{_said(done)}\n\n{words}"
    found = Outcome("verify", _known(done.code), "incomplete" if done.code else "pass", goldens_changed=changed)
    return replace(_with_errors(use, found, done), markdown=markdown)


def _recorded(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    golden = Path(plan["golden"])
    before = goldens.copied(golden, use.work / "before")
    route = (*use.inputs.route, _ROUTES["record"])[0]
    limit = str(plan["max_requests"])
    done = started.gate("refresh", "--write", "--config", use.inputs.config, "--route", route, "--max-requests", limit)
    changed, words = goldens.changes(started, before, golden, use.report) if golden.is_dir() else (0, "")
    markdown = f"## swapgate: goldens recorded\n\n{_said(done)}\n\n{words}"
    found = Outcome("record", _known(done.code), "incomplete" if done.code else "pass", goldens_changed=changed)
    return replace(_with_errors(use, found, done), markdown=markdown)


def _check(use: Use, plan: Mapping[str, Any]) -> list[str]:
    route = (*use.inputs.route, _ROUTES["check"])[0]
    shard = ["--shard", use.inputs.shard] if use.inputs.shard else []
    limit = str(plan["max_requests"])
    where = ["--config", use.inputs.config, "--route", route, "--max-requests", limit]
    return ["check", *where, *shard, *_policy(use), *_reports(use)]


def _merge(use: Use) -> list[str]:
    given = use.inputs
    shards = ["--expect-shards", str(given.expect_shards)] if given.expect_shards else []
    routes = [part for name in given.route for part in ("--expect-route", name)]
    # a job that only merges needs no checkout
    config = ["--config", given.config] if given.config != "gate.yaml" or Path(given.config).is_file() else []
    return ["merge", given.reports, *shards, *routes, *config, *_policy(use), *_reports(use)]


def _policy(use: Use) -> list[str]:
    return [] if use.inputs.fail_on == "config" else ["--fail-on", use.inputs.fail_on]


def _reports(use: Use) -> list[str]:
    files = {name: use.report / file for name, file in REPORTS.items()}
    files |= {"comment": use.work / "comment.md", "github": use.work / "annotations.txt"}
    return [part for name, file in files.items() for part in ("--report", f"{name}:{file}")]


# -- what came of it ----------------------------------------------------------------------------


def _judged(use: Use, done: Done) -> Outcome:
    return _with_errors(use, outcome.judged(use.inputs.mode, done.code, use.report), done)


def _known(code: int) -> int:
    return code if code in (0, 1, 3) else 2


def _with_errors(use: Use, found: Outcome, done: Done) -> Outcome:
    for text in done.errors[: max(1, use.inputs.annotations)]:
        found = found.noted("error", text)
    return found


def _said(done: Done) -> str:
    """What a command printed, for the summary."""
    from_errors = [f"- {prose(text, 1000)}" for text in done.errors[:50]]
    return "\n".join(
        [*from_errors, *(f"- {prose(text, 600)}" for text in done.text.splitlines()[:200] if text.strip())]
    )


def _keep(saved: Path, to: Path) -> None:
    """The candidate's exchanges beside the report, so that `gate diff` finds the verdict again. Follows no links."""
    for path in sorted(saved.glob("**/*.yaml")):
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(saved.resolve()):
            target = to / path.relative_to(saved)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())


def _tell(use: Use | None, found: Outcome, environ: Mapping[str, str]) -> None:
    """Notes on the run's page, annotations of the report (the runner drops what comes last), and the step summary."""
    for level, words in found.notes:
        commands.annotate(level, words)
    for text in _annotations(use) if use else ():
        commands.say(text)
    commands.summarize(environ.get("GITHUB_STEP_SUMMARY"), _words(found))


def _annotations(use: Use) -> list[str]:
    """The report's annotations, one command a line, at most as many as the workflow wants."""
    file = use.work / "annotations.txt"
    told = file.read_text("utf-8").splitlines() if file.is_file() else []
    # the report's own quoted part was printed already; what follows its end are annotations
    told = told[told.index(f"::{told[0].rpartition('::')[2]}::") + 1 :] if told else []
    most = use.inputs.annotations
    if most == 0 or len(told) <= most:
        return told[:most]
    left = len(told) - most + 1
    return [*told[: most - 1], f"::notice title=swapgate::{left} more: see the log and the summary of this step"]


def _words(found: Outcome) -> str:
    """Markdown of the summary and the comment, also where there is no report."""
    if found.markdown:
        return found.markdown
    errors = "\n".join(f"- {_sentence(words)}" for level, words in found.notes if level == "error")
    return f"## swapgate: nothing was judged\n\n{errors}\n"


def _sentence(text: str) -> str:
    """Words of ours, which may name what is not, in Markdown."""
    return prose(" ".join(text.replace("`", "").split()), 2000)


def _artifact(use: Use) -> str:
    """The artifact's name; a second use in the same job gets a number, because a name can be taken once in a run."""
    name = use.inputs.artifact_name
    taken = use.work.parent / f"swapgate-uses-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    count = len(taken.read_bytes()) if taken.is_file() else 0
    taken.write_bytes(b"." * (count + 1))
    return f"{name}-{count + 1}" if count else name


def _comment(use: Use, found: Outcome) -> None:
    if not use.inputs.comment or use.event.number is None or not found.mode:
        return
    environ = use.environ
    file = use.work / "comment.md"
    markdown = file.read_text("utf-8") if file.is_file() else _words(found)
    ours = "\0".join((environ.get("GITHUB_WORKFLOW", ""), environ.get("GITHUB_JOB", ""), use.inputs.artifact_name))
    marker = f"swapgate {hashlib.sha256(ours.encode()).hexdigest()[:12]}"
    place = Place(
        environ.get("GITHUB_API_URL", "https://api.github.com"),
        environ.get("GITHUB_REPOSITORY", ""),
        use.event.number,
        use.inputs.github_token,
    )
    commands.annotate("notice", f"the comment {post(place, marker, markdown)}")


if __name__ == "__main__":
    sys.exit(main(os.environ))
