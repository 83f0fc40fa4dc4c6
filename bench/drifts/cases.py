"""What every tool is asked: a golden route and a candidate, each by URL, and what a judge owes there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args
from urllib.parse import quote

from gate.judge.pairing import attempts_of
from gate.model import Exchange, Request
from gate.mutations import Mutation, of_answers
from gate.replay.asks import recorded_path
from gate.replay.faults import TWIN_OF
from gate.replay.vary import vary
from gate.store.sides import load_side
from tests.mutation_goldens import GOLDENS

Sort = Literal["drift", "twin", "same", "pair"]
"""A known drift, what only looks like it, another recording of the golden, a pair of a folder."""

Wanted = Literal["breaking", "risky", "told", "calm", "silent"]
"""A finding of at least that severity; any; nothing breaking; nothing that fails a build."""

Side = Mapping[str, Sequence[Exchange]]
"""The exchanges of a route by scenario."""

# A client that hangs up: the request alone does not say so.
_LEFT_OUT = frozenset({"client-cancels"})


@dataclass(frozen=True, slots=True)
class Case:
    """Paths are below the base_url of a side. `requests` are as they go on the wire: see `asked`. `served` is a digest
    of what both sides answer: where it is another, what a tool said once says nothing any more.
    """

    name: str
    sort: Sort
    wanted: Wanted
    golden: str
    candidate: str
    requests: tuple[dict[str, Any], ...]
    served: str


@dataclass(frozen=True, slots=True)
class Served:
    """All cases, and what their two routes have recorded."""

    cases: tuple[Case, ...]
    golden: Side
    candidate: Side


def catalogue() -> Served:
    """Each drift of the catalogue and its twin on one golden that it fits, and each golden once without any."""
    golden = {name: samples for name, samples in GOLDENS.items() if name not in _LEFT_OUT}
    candidate = {name: _again(samples) for name, samples in golden.items()}
    found = [case for mutation in of_answers().values() for case in _of(mutation, golden, candidate)]
    same = (_case(name, "same", "silent", name, golden[name], candidate[name]) for name in golden)
    return Served((*found, *same), golden, candidate)


def unplayed() -> tuple[str, ...]:
    """Drifts that no URL shows here: they fit no golden of this benchmark, show only beside other samples or a twin, or
    lie between a gateway and its upstream, or in a redirect."""
    played = {case.name.partition("@")[0] for case in catalogue().cases}
    return tuple(name for name in of_answers() if name not in played)


def pairs(folder: Path) -> Served:
    """Every CASE/golden beside a CASE/candidate in a folder, at any depth; `index.json` may say what CASE wants."""
    index = folder / "index.json"
    wanted = json.loads(index.read_text("utf-8")) if index.exists() else {}
    golden: dict[str, Sequence[Exchange]] = {}
    candidate: dict[str, Sequence[Exchange]] = {}
    found: list[Case] = []
    for place in sorted(path.parent for path in folder.rglob("golden") if (path.parent / "candidate").is_dir()):
        name = place.relative_to(folder).as_posix()
        want = wanted.get(name, {}).get("want", "told")
        if want not in get_args(Wanted):
            raise SystemExit(f"{index}: `{want}` is none of {', '.join(get_args(Wanted))}")
        scenario = f"pair.{name.replace('/', '.')}"
        golden[scenario] = _loaded(place / "golden")
        candidate[scenario] = _asked_alike(golden[scenario], _loaded(place / "candidate"))
        found.append(_case(name, "pair", want, scenario, golden[scenario], candidate[scenario]))
    return Served(tuple(found), golden, candidate)


def joined(one: Served, other: Served) -> Served:
    """Both in one."""
    return Served(one.cases + other.cases, {**one.golden, **other.golden}, {**one.candidate, **other.candidate})


# -- the catalogue ------------------------------------------------------------------------------


def _again(samples: Sequence[Exchange]) -> list[Exchange]:
    """One more recording of each step of a golden: the route is the same, its ids, times and words are others."""
    return [
        replace(vary(one, Random(f"again {one.scenario} {one.step}")), sample=0) for one in samples if not one.sample
    ]


def _of(mutation: Mutation, golden: Side, candidate: Side) -> Iterator[Case]:
    if mutation.needs:
        return
    for scenario in sorted(golden, key=lambda name: name not in mutation.exercised_by):
        drifted = [mutation.apply(one) for one in candidate[scenario]]
        if all(map(_shown, drifted)):
            name = f"{mutation.id}@{scenario}"
            wanted: Wanted = "told" if mutation.severity.word == "info" else mutation.severity.word  # type: ignore[assignment]
            yield _case(name, "drift", wanted, scenario, golden[scenario], drifted, mutation.id)
            twins = [mutation.twin(one) for one in candidate[scenario]]
            if all(twins):
                yield _case(name, "twin", "silent", scenario, golden[scenario], twins, TWIN_OF + mutation.id)
            return


def _shown(exchange: Exchange | None) -> bool:
    return exchange is not None and not exchange.upstream and not exchange.hops


# -- of either ----------------------------------------------------------------------------------


def _case(
    name: str,
    sort: Sort,
    wanted: Wanted,
    scenario: str,
    golden: Sequence[Exchange],
    candidate: Sequence[Exchange | None],
    fault: str = "",
) -> Case:
    path = quote(f"@{scenario}", safe="@")
    requests = {(one.step, one.request.body): asked(one) for one in golden}
    served = hashlib.sha256(repr((golden, candidate)).encode()).hexdigest()[:12]
    return Case(name, sort, wanted, path, f"{path}/!{fault}" if fault else path, tuple(requests.values()), served)


def asked(exchange: Exchange) -> dict[str, Any]:
    """The recorded request in JSON: `method`, `path` below the base_url, `media` and text of the `body`, and the
    `status` with which the golden answered it."""
    request = exchange.request
    media = next((value for name, value in request.headers if name.lower() == "content-type"), "application/json")
    return {
        "method": request.method,
        "path": f"/{recorded_path(request.url)}",
        "media": media,
        "body": None if request.body is None else request.body.decode("utf-8"),
        "status": exchange.response.status if exchange.response else 0,
    }


def _loaded(folder: Path) -> list[Exchange]:
    """The exchanges of one side of a pair, as one scenario."""
    every = [one for exchanges in load_side(folder).exchanges.values() for one in exchanges]
    return _numbered([attempts[-1] for attempts in attempts_of(every)])


def _numbered(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Each request is a step, and each answer to it a sample: recordings of others do not say so."""
    bodies = [one.request.body for one in exchanges]
    steps = list(dict.fromkeys(bodies))
    return [
        replace(one, step=steps.index(body), sample=bodies[:number].count(body))
        for number, (one, body) in enumerate(zip(exchanges, bodies, strict=True))
    ]


def _asked_alike(golden: Sequence[Exchange], candidate: Sequence[Exchange]) -> list[Exchange]:
    """The candidate's answers to the golden's requests: a tool sends both routes the same."""
    distinct = list({one.request.body: one.request for one in golden}.values())
    requests = distinct * len(candidate) if len(distinct) == 1 else distinct
    return _numbered([replace(one, request=request) for one, request in zip(candidate, requests, strict=False)])


def keyed(exchange: Exchange, scenario: str) -> Exchange:
    """The exchange as it is served: any key may be sent with its request."""
    request = exchange.request
    headers = tuple((name, value) for name, value in request.headers if name.lower() != "authorization")
    kept: Request = replace(request, headers=(*headers, ("authorization", "Bearer ****")))
    return replace(exchange, scenario=scenario, request=kept)
