"""What a request lacks on the candidate's route, whoever sends it: its endpoint, its model, a key. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gate.endpoints import endpoint, member, members
from gate.judge.compare import Cell
from gate.model import Finding, Observation, Severity
from gate.observe.request import asked

_NOT_SERVED = "the candidate does not serve "
# No such endpoint, in the three ways of RFC 9110 (15.5.5, 15.5.6, 15.6.2).
ABSENT = frozenset({404, 405, 501})
_ABSENT_HINT = "check the base path; else have the route serve it, or keep its callers where they are (suite: except)"
UNANSWERED = frozenset({"success-lost", "request-rejected"})
"""The rules that say with which status it fails."""
_MODEL = re.compile(r"\b(models?|deployments?|engine)\b|DeploymentNotFound", re.IGNORECASE)
_RESOURCE = re.compile(r"\bid\b", re.IGNORECASE)  # "No response with id …": the endpoint is there
# A local engine takes any key (vLLM without --api-key, Ollama), and what a team moves to checks it. Nobody's own
# request fails of that: in error-bad-key and error-empty-key the suite leaves the key out on purpose.
_KEY = "the golden's route takes any key, the candidate's asks for its own"
_KEY_BREAKS = "clients that send no key, or one that is made up (EMPTY, sk-none)"
_KEY_HINT = "nothing to mend in the route: give every client a key of it before you switch"


@dataclass(frozen=True, slots=True)
class Served:
    """What one cell says of its endpoint. `answered`: the golden's route serves it and the candidate was asked;
    `absent`: every answer says that the endpoint is not there; `lacking`: the models that the errors are about, None
    where some answer is no such error; `listed`: ids in the candidate's list of models. `keyed`: the candidate answers
    requests that have its key; `keyless`: neither side was sent a key that could be right;
    `nowhere`: the golden's route says that nothing is at that path."""

    scenario: str
    step: int
    endpoint: str
    answered: bool
    absent: bool
    lacking: frozenset[str] | None
    listed: frozenset[str]
    keyed: bool
    keyless: bool
    nowhere: bool


def served(cell: Cell) -> Served:
    """What `named` needs to know of a cell."""
    answers = [*cell.candidate]
    keys = {sample.key for sample in (*cell.golden, *answers)}
    return Served(
        cell.scenario,
        cell.step,
        cell.endpoint,
        answered=bool(answers) and all(sample.ok for sample in cell.golden),
        absent=all(map(_absent, answers)),
        lacking=frozenset(str(asked(a, "model")) for a in answers) if all(map(_lacks_model, answers)) else None,
        listed=_listed(answers) if cell.endpoint == "models" else frozenset(),
        keyed=any(sample.ok and sample.key == "own" for sample in answers),
        keyless=keys in ({"bad"}, {"none"}),
        nowhere=not endpoint(cell.endpoint).path and all(sample.status in ABSENT for sample in cell.golden),
    )


def named(findings: Iterable[Finding], cells: Sequence[Served]) -> tuple[Finding, ...]:
    """The findings; those of an endpoint or model that the candidate does not serve say so in their message. Those of a
    request whose key the candidate alone minds, and of what an error says where nothing is, weigh less.

    An endpoint is not served where each of its requests that the golden's route answers gets 404, 405 or 501 from the
    candidate, and no error is about a model or a resource. A model is not served where each of those requests fails,
    the errors are about the model, and the candidate's list of models lacks it.
    """
    listed = frozenset[str]().union(*(cell.listed for cell in cells))
    words: dict[str, str] = {}
    for name in dict.fromkeys(cell.endpoint for cell in cells):
        wanted = [cell for cell in cells if cell.endpoint == name and cell.answered]
        path = endpoint(name).path
        if not path or not wanted:  # unknown endpoints share one name
            continue
        if all(cell.absent for cell in wanted):
            words[name] = f"{_NOT_SERVED}/{path}"
        elif listed and all(cell.lacking is not None and not cell.lacking & listed for cell in wanted):
            words[name] = f"{_NOT_SERVED}/{path} with the golden's model, which its list of models lacks"
    keyless = {(cell.scenario, cell.step) for cell in cells if cell.keyless} if any(c.keyed for c in cells) else set()
    nowhere = {(cell.scenario, cell.step) for cell in cells if cell.nowhere}
    return tuple(
        _for_its_key(finding)
        if (finding.scenario, finding.step) in keyless
        else _of_no_path(finding)
        if (finding.scenario, finding.step) in nowhere
        else _renamed(finding, words.get(finding.endpoint, ""))
        for finding in findings
    )


def subject(finding: Finding) -> str:
    """`the candidate does not serve /responses` for a finding that says so, else an empty text."""
    return finding.message.partition(": ")[0] if finding.message.startswith(_NOT_SERVED) else ""


def _renamed(finding: Finding, words: str) -> Finding:
    told = words and _is_loss(finding)
    return replace(finding, message=f"{words}: {finding.message}", hint=_ABSENT_HINT) if told else finding


def _for_its_key(finding: Finding) -> Finding:
    if not _is_loss(finding):
        return finding
    message = f"{_KEY}: {finding.message}"
    return replace(finding, severity=Severity.RISKY, message=message, who_breaks=_KEY_BREAKS, hint=_KEY_HINT)


def _of_no_path(finding: Finding) -> Finding:
    """What an error says of a path where nothing is: a client that looks for an endpoint goes by the status."""
    lighter = finding.area == "errors" and finding.path != "status" and finding.severity > Severity.RISKY
    return replace(finding, severity=Severity.RISKY) if lighter else finding


def _is_loss(finding: Finding) -> bool:
    return finding.rule in UNANSWERED and finding.golden.removeprefix("status ").startswith("2")


def _absent(sample: Observation) -> bool:
    if sample.status not in ABSENT:
        return False
    text = _text(sample)
    return not (member(sample.error, "param") or _MODEL.search(text) or _RESOURCE.search(text))


def _lacks_model(sample: Observation) -> bool:
    return 400 <= sample.status < 500 and bool(_MODEL.search(_text(sample)))


def _text(sample: Observation) -> str:
    """Code and message of the error; what the body is, where it holds no error object."""
    parts = (member(sample.error, "code"), member(sample.error, "message"), member(sample.body, "detail"))
    text = " ".join(part for part in (*parts, sample.error, sample.text[:500]) if isinstance(part, str))
    return text.partition("Received Model Group")[0]  # LiteLLM adds it to every error of an upstream


def _listed(answers: Iterable[Observation]) -> frozenset[str]:
    """The ids in lists of models; empty where an answer is no list."""
    bodies = (sample.body for sample in answers if sample.ok)
    return frozenset(
        id_ for body in bodies for item in members(body, "data") if isinstance(id_ := member(item, "id"), str)
    )
