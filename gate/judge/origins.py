"""Whether a finding of a merged report follows the route or the model: which other routes show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gate.model import Finding, Json, ScenarioResult
from gate.text.safe import line

_FEW = 3  # most routes that a sentence names
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class _Seen:
    """A route that judged the request of a finding: the model asked for, its host, whether it has the finding."""

    route: str
    model: str
    host: str
    shows: bool


def originated(
    findings: Sequence[Finding], scenarios: Iterable[ScenarioResult], facts: Mapping[str, Mapping[str, Json]]
) -> list[Finding]:
    """The findings, each with its origin in words. `facts` are those of each route by its name."""
    judged: dict[str, dict[str, ScenarioResult]] = {}
    for result in scenarios:
        if result.status in ("pass", "drift"):
            judged.setdefault(_plain(result.id, result.route), {})[result.route] = result
    having: dict[tuple[str, str], set[str]] = {}
    for one in findings:
        having.setdefault(_key(one), set()).add(one.route)
    return [replace(one, origin=_origin(one, judged, having[_key(one)], facts)) for one in findings]


def _key(finding: Finding) -> tuple[str, str]:
    # the fingerprint is that of the shard's own report, and knows no route
    return finding.rule, finding.fingerprint


def _plain(name: str, route: str) -> str:
    return name.removeprefix(f"{route}/")


def _origin(
    finding: Finding,
    judged: Mapping[str, Mapping[str, ScenarioResult]],
    having: set[str],
    facts: Mapping[str, Mapping[str, Json]],
) -> str:
    if finding.area == "sdk":  # it follows the SDK
        return ""
    results = judged.get(_plain(finding.scenario, finding.route), {})
    seen = {route: _seen(route, result, finding.step, route in having, facts) for route, result in results.items()}
    own = seen.pop(finding.route, None)
    return _told(own, list(seen.values())) if own and seen else ""


def _seen(route: str, result: ScenarioResult, step: int, shows: bool, facts: Mapping[str, Mapping[str, Json]]) -> _Seen:
    model = next((one.model for one in result.measures if one.side == "candidate" and one.step == step), "")
    known = facts.get(route, {})
    host = next((text for name in ("host", "base_url") if isinstance(text := known.get(name), str)), "")
    # without a host each route is one of its own; so is each on this machine, where ports tell gateways apart
    return _Seen(route, model, route if host in _HERE else host or route, shows)


def _told(own: _Seen, others: Sequence[_Seen]) -> str:
    alike = [one for one in others if one.model == own.model]
    unlike = [one for one in others if one.model != own.model]
    without = [one for one in alike if not one.shows]
    beside = [one for one in unlike if not one.shows and one.host == own.host]
    elsewhere = any(one.shows and one.host != own.host for one in alike)
    if all(one.shows for one in others):
        shared = (
            f"and all ask for {_model(own)}: the model, or the golden's route" if not unlike else "whatever its model"
        )
        return f"every route shows it, {shared}"
    if without and beside:
        return f"this model on this route: {_names(without)} with the same model, and {_names(beside)}, do not show it"
    if without:
        return f"the route: {_names(without)} with the same model {_do(without)} not show it"
    clean = [one for one in unlike if not one.shows]
    if beside or (elsewhere and clean):
        return f"the model {_model(own)}: {_names(beside or clean)} with another {_do(beside or clean)} not show it"
    return "the route or the model" + ("" if alike else f": no other route asks for {_model(own)}")


def _model(one: _Seen) -> str:
    return line(one.model, 80) or "the same"


def _do(some: Sequence[_Seen]) -> str:
    return "does" if len(some) == 1 else "do"


def _names(some: Sequence[_Seen]) -> str:
    names = [line(one.route, 60) for one in some[:_FEW]]
    more = [f"{len(some) - _FEW} more"] if len(some) > _FEW else []
    return " and ".join(part for part in (", ".join([*names, *more][:-1]), [*names, *more][-1]) if part)
