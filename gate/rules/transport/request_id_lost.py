"""The provider's request id is gone, has another name, says nothing, or is the one that the client sent (T36)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.answer import NULLS
from gate.wire.shape import show

# x-request-id (OpenAI), request-id (Anthropic), apim-request-id and x-ms-request-id (Azure), x-amzn-requestid; and
# llm_provider-x-request-id, as LiteLLM renames it. A `client` request id is an echo by its name.
_NAME = re.compile(r"(?!.*client)(?:[\w.-]{1,40}[-_])?request-?id")
# https://platform.openai.com/docs/api-reference/debugging-requests: what SDKs keep as `_request_id`
_READ = "x-request-id"
_NOTHING = frozenset({"", "none", "n/a", "unknown", *map(str.casefold, NULLS)})
# What stands for no id: nginx writes "-" for an empty variable, zeros are the nil UUID of
# https://www.rfc-editor.org/rfc/rfc9562#section-5.9 with or without dashes, and ${…}, {{…}}, %REQ(…)% and $request_id
# are variables that no proxy has filled in.
_VOID = re.compile(r"[-0]+|\$\w+|[$%]?\{.*\}|%.*%", re.DOTALL)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden sample has an id of the provider's own. Values are noise (B30)."""
    for pair in comparison.pairs:
        # a refusal by a proxy has headers of its own
        golden = [_ids(sample) for sample in comparison.golden if sample.ok == pair.candidate.ok]
        names = set.intersection(*map(_usual, golden)) if golden else set()
        name = _READ if _READ in names else min(names, default="")
        if not name or not _evident(comparison, pair.candidate):
            continue
        found = _lost(pair, name, names)
        if found:
            message, candidate = found
            yield pair.drift(
                path=f"headers.{name}", message=message, golden="an id of the provider's own", candidate=candidate
            )


def _ids(observation: Observation) -> Mapping[str, tuple[str, bool]]:
    """Name → (id, whether the client had not sent it)."""
    sent = observation.request_id
    ids = {name: value.strip() for name, value in observation.headers.items() if _NAME.fullmatch(name)}
    return {name: (value, value != sent) for name, value in ids.items() if value}


def _own(ids: Mapping[str, tuple[str, bool]]) -> set[str]:
    return {name for name, (_, own) in ids.items() if own}


def _usual(ids: Mapping[str, tuple[str, bool]]) -> set[str]:
    """Those that name a request: one, and not none."""
    return {name for name in _own(ids) if "," not in ids[name][0] and not _is_void(ids[name][0])}


def _lost(pair: Pair, name: str, names: set[str]) -> tuple[str, str] | None:
    """Message and evidence; None where the id is there."""
    ids = _ids(pair.candidate)
    own = {key for key in _own(ids) if not _is_void(ids[key][0])}
    # SDKs read one name alone; without it any of the golden's will do
    if name in own and "," in ids[name][0]:
        return f"{name} holds several ids: it came more than once", show(ids[name][0], 60)
    if name in own or (name != _READ and own & names):
        return None
    if name in ids and _is_void(ids[name][0]):
        return f"{name} stands for no id", show(ids[name][0], 60)
    if name in ids:
        return f"{name} is the one that the client sent", show(ids[name][0], 60)
    if own:
        return "the request id has another name", f"{min(own)}: {show(ids[min(own)][0], 60)}"
    return f"there is no {name}", "absent"


def _is_void(value: str) -> bool:
    # the remote writes it: an id is short
    word = value[:200].strip("()<>").casefold()
    return word in _NOTHING or _VOID.fullmatch(value[:200]) is not None


def _evident(comparison: Comparison, observation: Observation) -> bool:
    """Whether an absent header means something: our client, which alone takes times, keeps all; another recorder
    filters both sides alike."""
    return observation.timing.total is not None or all(sample.timing.total is None for sample in comparison.golden)


RULE = Rule(
    id="request-id-lost",
    area="transport",
    # no answer is worse for it; it is missed when one is reported
    severity=Severity.INFO,
    summary="the provider's request id is missing, void, has another name, or is the client's own",
    who_breaks="support asks for the provider's id, and logs that keep response._request_id have None or an echo",
    hint="let the gateway pass the upstream's x-request-id on; keep the client's id under a name of its own",
    check=check,
)
