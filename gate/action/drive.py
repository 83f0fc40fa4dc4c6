"""One use of the action, from its inputs to its outputs. Standard library only; the engine runs as a process.

The order matters: everything that needs no engine is refused before one is installed, secrets are masked before
anything is printed, and outputs are written whatever happened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gate.action import base, commands, early, event, goldens, inputs, words
from gate.action import outcome as outcomes
from gate.action.comment import Place, post
from gate.action.engine import Done, Engine
from gate.action.event import Event
from gate.action.inputs import GUARDED, LIVE, Inputs
from gate.action.install import LOCK, SDK_LOCK, environment
from gate.action.outcome import REPORTS, Outcome
from gate.errors import ConfigError, GateError
from gate.sdk.environments import variables
from gate.text.safe import command

_MOST = 10  # annotations, where no input says otherwise
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
        outcome = outcomes.settled(_carried_out(use), use.inputs.on_incomplete, use.inputs.min_scenarios)
    except GateError as error:
        outcome = Outcome(use.inputs.mode if use else "", error.exit_code).noted("error", str(error))
    except Exception:  # whatever happens, the step fails and its outputs say so
        with commands.quoted():
            traceback.print_exc(file=sys.stdout)
        outcome = Outcome(use.inputs.mode if use else "").noted("error", "the action crashed: its log says where")
    name = _artifact(use) if use else ""
    _tell(use, outcome, environ, name)
    if use is not None:
        _comment(use, outcome, name)
    commands.set_outputs(environ.get("GITHUB_OUTPUT"), outcomes.outputs(outcome, use.report if use else None, name))
    return outcome.code


def _begun(environ: Mapping[str, str]) -> Use:
    """Inputs and event, looked at; raises GateError for what must not run."""
    try:
        values = json.loads(environ.get("GATE_INPUTS", ""))
    except ValueError:
        raise ConfigError("GATE_INPUTS is not JSON: this is meant to be started by action.yml") from None
    checked = inputs.parse(values)
    # Before anything is installed: a refused event runs and costs nothing.
    started_by = event.read(environ.get("GITHUB_EVENT_NAME", ""), _payload(environ), environ.get("GITHUB_ACTOR", ""))
    if checked.mode in GUARDED and (refused := event.refusal(started_by)):
        raise ConfigError(refused)
    # RUNNER_TEMP is emptied after each job, also on self-hosted runners; the workspace is not.
    temp = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    work = Path(tempfile.mkdtemp(prefix="swapgate-run-", dir=temp))
    report = work / "report"
    report.mkdir()
    return Use(checked, started_by, environ, work, report)


def _payload(environ: Mapping[str, str]) -> Any:
    try:
        return json.loads(Path(environ.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _carried_out(use: Use) -> Outcome:
    # The first masks come before pip runs, since its output is printed.
    names = dict.fromkeys(use.inputs.api_key_env)
    _mask(use, names)
    early.check(use.inputs, _route(use), use.event, use.environ)
    python = environment(use.work.parent, use.environ, SDK_LOCK if use.inputs.mode == "sdk" or _asks(use) else LOCK)
    plan: Mapping[str, Any] = {}
    if use.inputs.mode != "merge":
        # Only the engine reads YAML; which variables the configuration uses is known from here on.
        plan = Engine(python, use.environ, _hidden(use, names)).ask(_order(use))
        _mask(use, [name for name in plan["secret"] if name not in names])
        names |= dict.fromkeys(plan["secret"])
    started = Engine(python, _environment(use), _hidden(use, names))
    outcome = _mode(use, started, plan)
    # The last net: reports are scrubbed already, and a hit means that some format missed one.
    leaked = commands.redact(use.work, started.hidden)
    if leaked:
        outcome = outcome.noted("warning", f"the value of {', '.join(leaked)} was in a report, and was removed from it")
    return outcome


def _environment(use: Use) -> Mapping[str, str]:
    """What the engine sees. Beside packages that a pull request names it is little, and they go with the job."""
    cache = {"GATE_SDK_CACHE": use.environ.get("GATE_SDK_CACHE", str(use.work.parent / "sdks"))}
    if use.inputs.mode == "sdk":
        return {**variables(use.environ), **cache}
    return {**use.environ, **cache} if _asks(use) else use.environ


def _asks(use: Use) -> bool:
    """Whether a check asks the SDKs in use. Those of a pull request are packages that it names, beside a key: never."""
    return use.inputs.sdk and not use.event.proposed


def _order(use: Use) -> dict[str, Any]:
    return {
        "config": use.inputs.config,
        "route": _route(use),
        "base_url": use.inputs.base_url,
        "keys": use.inputs.api_key_env,
        "hosts": [asdict(host) for host in use.inputs.allowed_hosts],
        # A pull request may have edited base_url: then only hosts that the workflow names get a key.
        "bound": use.event.proposed,
        "max_requests": use.inputs.max_requests,
    }


def _route(use: Use) -> str:
    """The one route that a live mode sends to; empty for the others."""
    return (*use.inputs.route, _ROUTES[use.inputs.mode])[0] if use.inputs.mode in LIVE else ""


def _mask(use: Use, names: Sequence[str] | Mapping[str, None]) -> None:
    for name in names:
        commands.mask(use.environ.get(name, ""))


def _hidden(use: Use, names: Mapping[str, None]) -> dict[str, str]:
    """The secrets by name: the keys, and the token under the name of its input."""
    secrets = {name: use.environ[name] for name in names if use.environ.get(name)}
    return {**secrets, "github-token": use.inputs.github_token} if use.inputs.github_token else secrets


# -- modes --------------------------------------------------------------------------------------


def _mode(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    match use.inputs.mode:
        case "merge":
            return _nothing_to_merge(use) or _judged(use, *_run(use, started, _merge(use)))
        case "verify":
            return _verified(use, started, plan)
        case "sdk":
            return _upgraded(use, started)
    if plan["missing"]:
        return _without_secret(use, started, plan)
    if plan["refusal"]:
        raise ConfigError(plan["refusal"])
    if use.inputs.mode == "record":
        return _recorded(use, started, plan)
    outcome = _judged(use, *_run(use, started, _check(use, plan)))
    # without a report the check ended before it began, and what lies there is another's
    if (use.report / REPORTS["json"]).is_file():
        goldens.keep(Path(plan["saved"]), use.report / "candidate")
    return outcome if _asks(use) == use.inputs.sdk else outcome.noted("notice", words.SDKS_NOT_ASKED)


def _upgraded(use: Use, started: Engine) -> Outcome:
    """The SDKs whose locked versions this change moves. Without one there is no report, and that is no mistake."""
    since = use.inputs.since or use.event.base
    if not since:
        raise ConfigError(f"`{use.event.name}` names no commit to compare with", fix="name one: the input `since`")
    # this step holds the token at least, and the command is one that a pull request may have written
    own = ["--no-ours"] if use.event.proposed else []
    where = ["--since", since, "--config", use.inputs.config]
    done, refused = _run(use, started, ["sdk", *where, *own, *_nodes(use), *_judging(use)])
    if done.code or (use.report / REPORTS["json"]).is_file():
        return _judged(use, done, refused)
    return Outcome("sdk", 0, markdown=words.page("nothing was judged")).led("notice", done.text.strip())


def _nodes(use: Use) -> list[str]:
    return [word for major in use.inputs.node for word in ("--node", major)]


def _nothing_to_merge(use: Use) -> Outcome | None:
    """Where GitHub gives no secrets, the shards ran `verify` and left no report; anywhere else that is an error."""
    choice = use.inputs.on_missing_secret
    if choice == "fail" or not use.event.without_secrets or any(Path(use.inputs.reports).rglob("*.json")):
        return None
    sentence = f"{use.event.without_secrets}: no shard could judge the candidate, so there is nothing to merge"
    return Outcome("verify", 0, markdown=words.page("nothing was judged")).led("notice", sentence)


def _without_secret(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    """`verify` instead, where GitHub gives no secrets or the workflow says so; elsewhere a lost secret is an error."""
    early.no_secret(use.inputs, use.event, plan["missing"], {*plan["secret"], *use.inputs.api_key_env})
    names = ", ".join(plan["missing"])
    why = use.event.without_secrets or "this run"
    sentence = f"{why} has no {names}: `verify` ran offline instead of `{use.inputs.mode}`, and no candidate was judged"
    outcome = _verified(use, started, plan, f"{_route(use)} was not judged; ")
    return replace(outcome, verdict="incomplete").led("notice", sentence)


def _verified(use: Use, started: Engine, plan: Mapping[str, Any], title: str = "") -> Outcome:
    # Offline, so it runs for forks as well, which have no secret to lose.
    done = started.gate("verify", "--config", use.inputs.config)
    # Against HEAD: what the steps before this one changed in the checkout.
    before = goldens.committed(Path(plan["golden"]), use.work / "before")
    whole = "the goldens are whole" if done.code == 0 else "the goldens are not whole"
    return _kept(use, started, plan, "verify", title + whole, done, before)


def _recorded(use: Use, started: Engine, plan: Mapping[str, Any]) -> Outcome:
    before = goldens.copied(Path(plan["golden"]), use.work / "before")
    limit = str(plan["max_requests"])
    where = ["--config", use.inputs.config, "--route", _route(use), "--max-requests", limit]
    chosen = {"--only": use.inputs.only, "--leave": use.inputs.leave}
    named = [word for option, names in chosen.items() for name in names for word in (option, name)]
    done = started.gate("refresh", "--write", *where, *_part(use), *named)
    title = f"goldens recorded from {_route(use)}" if done.code == 0 else f"not all was recorded from {_route(use)}"
    return _kept(use, started, plan, "record", title, done, before)


def _kept(
    use: Use, started: Engine, plan: Mapping[str, Any], mode: str, title: str, done: Done, before: Path | None
) -> Outcome:
    """The outcome of a mode that judges no candidate: what the command said, and what changed in the goldens."""
    golden = Path(plan["golden"])
    changed, diff = goldens.changes(started, before, golden, use.report) if before and golden.is_dir() else (0, "")
    markdown = words.page(title, words.mistakes(done.errors), words.lines_of(done.text), diff)
    # A crash of the engine (`entry.CRASHED`) or a signal is no verdict.
    code = done.code if done.code in (0, 1, 3) else 2
    verdict = "incomplete" if done.code else "pass"
    return _with_errors(Outcome(mode, code, verdict, goldens_changed=changed, markdown=markdown), done)


def _check(use: Use, plan: Mapping[str, Any]) -> list[str]:
    shard = ["--shard", use.inputs.shard] if use.inputs.shard else []
    limit = str(plan["max_requests"])
    where = ["--config", use.inputs.config, "--route", _route(use), "--max-requests", limit]
    sdk = ["--sdk", *_nodes(use)] if _asks(use) else []
    return ["check", *where, *_part(use), *shard, *sdk, *_judging(use)]


def _part(use: Use) -> list[str]:
    """The address and the suite, where the workflow names them."""
    address = ["--base-url", use.inputs.base_url] if use.inputs.base_url else []
    return [*address, *(part for name in use.inputs.suite for part in ("--suite", name))]


def _merge(use: Use) -> list[str]:
    checked = use.inputs
    shards = ["--expect-shards", str(checked.expect_shards)] if checked.expect_shards else []
    routes = [part for name in checked.route for part in ("--expect-route", name)]
    # a job that only merges needs no checkout
    config = Path(checked.config)
    given = ["--config", checked.config] if config.name != "gate.yaml" or config.is_file() else []
    return ["merge", checked.reports, *shards, *routes, *given, *_judging(use)]


def _judging(use: Use) -> list[str]:
    """The options of every mode that judges."""
    policy = [] if use.inputs.fail_on == "config" else ["--fail-on", use.inputs.fail_on]
    files = {name: use.report / file for name, file in REPORTS.items()}
    # Not into the report's folder: neither is of use to somebody who opens the artifact.
    files |= {"comment": use.work / "comment.md", "github": use.work / "annotations.txt"}
    reports = [part for name, file in files.items() for part in ("--report", f"{name}:{file}")]
    return [*policy, *reports]


# -- what came of it ----------------------------------------------------------------------------


def _run(use: Use, started: Engine, arguments: Sequence[str]) -> tuple[Done, str]:
    return base.judged(started, arguments, use.inputs.base, use.report / REPORTS["json"])


def _judged(use: Use, done: Done, refused: str) -> Outcome:
    outcome = _with_errors(outcomes.judged(use.inputs.mode, done.code, use.report), done)
    return base.noted(outcome, use.inputs.base, refused)


def _with_errors(outcome: Outcome, done: Done) -> Outcome:
    for text in done.errors[:_MOST]:
        outcome = outcome.noted("error", text)
    return outcome


def _tell(use: Use | None, outcome: Outcome, environ: Mapping[str, str], artifact: str) -> None:
    """Notes on the run's page, annotations of the report (the runner drops what comes last), and the step summary."""
    most = use.inputs.annotations if use else _MOST
    for number, (level, sentence) in enumerate(outcome.notes):
        _note(_mild(level, outcome), sentence, shown=number < most)
    for text in _annotations(use, max(0, most - len(outcome.notes))) if use else ():
        commands.say(_mild(text, outcome))
    where = words.whereabouts(artifact if _uploaded(use) else "")
    commands.summarize(environ.get("GITHUB_STEP_SUMMARY"), _page(use, outcome, outcome.markdown) + where)


def _note(level: str, sentence: str, shown: bool) -> None:
    """An annotation, or where the workflow wants no more of them a line of the log."""
    if shown:
        commands.annotate(level, sentence)
    else:
        with commands.quoted():
            commands.say(f"{level}: {sentence}")


def _mild(text: str, outcome: Outcome) -> str:
    """A level, or an annotation: nothing is red on a step that is green."""
    return re.sub("^(::)?error", r"\1warning", text) if outcome.code == 0 else text


def _annotations(use: Use, most: int) -> list[str]:
    """The report's annotations, one command a line, at most as many as there is room for."""
    file = use.work / "annotations.txt"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    # the report's own quoted part was printed already; what follows its end are annotations
    lines = lines[lines.index(f"::{lines[0].rpartition('::')[2]}::") + 1 :] if lines else []
    # The runner drops what is beyond 10 without a word, so the last one says how many are left.
    if most == 0 or len(lines) <= most:
        return lines[:most]
    left = len(lines) - most + 1
    more = f"{left} more: see the log and the summary of this step"
    return [*lines[: most - 1], command("notice", more, title="swapgate")]


def _page(use: Use | None, outcome: Outcome, markdown: str) -> str:
    """Markdown of the summary and the comment, also where there is no report."""
    if markdown:
        return words.below(markdown, outcome.lead)
    where = f" on {_route(use)}" if use and _route(use) else ""
    errors = [sentence for level, sentence in outcome.notes if level == "error"]
    return words.page(f"nothing was judged{where}", words.mistakes(errors))


def _uploaded(use: Use | None) -> bool:
    return use is not None and use.inputs.upload_artifact and (use.report / REPORTS["html"]).is_file()


def _artifact(use: Use) -> str:
    """The artifact's name; a second use in the same job gets a number, because a name can be taken once in a run."""
    name = use.inputs.artifact_name
    # upload-artifact answers 409 to a name that the run has already; a file is the only memory between two uses.
    taken = use.work.parent / f"swapgate-uses-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    count = len(taken.read_bytes()) if taken.is_file() else 0
    taken.write_bytes(b"." * (count + 1))
    return f"{name}-{count + 1}" if count else name


def _comment(use: Use, outcome: Outcome, artifact: str) -> None:
    if not use.inputs.comment or use.event.number is None or not outcome.mode:
        return
    environ = use.environ
    file = use.work / "comment.md"
    markdown = _page(use, outcome, file.read_text("utf-8") if file.is_file() else outcome.markdown)
    markdown += words.whereabouts(artifact if _uploaded(use) else "", words.run_url(environ))
    place = Place(
        # On GitHub Enterprise Server the runner gives the server's own address.
        environ.get("GITHUB_API_URL", "https://api.github.com"),
        environ.get("GITHUB_REPOSITORY", ""),
        use.event.number,
        use.inputs.github_token,
    )
    done, sentence = post(place, _marker(use, artifact), markdown)
    if done:
        commands.say(f"the comment {sentence}")
    else:
        _note("notice", f"the comment {sentence}", shown=use.inputs.annotations > 0)


def _marker(use: Use, artifact: str) -> str:
    """The name under which the comment is found again: each use in a job has one of its own."""
    names = (*(use.environ.get(name, "") for name in ("GITHUB_WORKFLOW", "GITHUB_JOB")), artifact)
    identity = "\0".join((*names, use.inputs.config, *use.inputs.route))
    # A hash: names of workflows and jobs may hold `-->`, which would end the hidden marker.
    return f"swapgate {hashlib.sha256(identity.encode()).hexdigest()[:12]}"


if __name__ == "__main__":
    sys.exit(main(os.environ))
