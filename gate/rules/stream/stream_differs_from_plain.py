"""Streamed and plain, the candidate answers the same request in two ways, and the golden in one (ST18)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Set

from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Samples, Severity
from gate.observe.answer import answered, choices, grammar
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import streams
from gate.wire.paths import steps
from gate.wire.shape import show

_LOST = {"text": "the text", "tool calls": "the tool calls"}
# B25: one run may end at the limit and the other before it
_MODEL_CHOOSES = frozenset({'"stop"', '"length"'})
_CALLS, _FINISH = ".tool calls", ".finish_reason"
_DEEPEST = 4  # choices[].message.content: fields below depend on what the answer says
# fields that a message names, for one line
_SHOWN = 5

Aspects = dict[str, Hashable]
"""What a client sees of an answer, by name: how many choices, the model, and of each choice `choices[0].text`…"""


def check(comparison: Comparison) -> Iterator[Drift]:
    """Judged only where all golden samples, streamed and plain, agree, and the candidate's plain ones too."""
    pairs, golden_plain, plain = streams(comparison), _plain(comparison.golden), _plain(comparison.candidate)
    if not pairs or not golden_plain or not plain:
        return
    golden_streamed = [golden.observation for golden in pairs[0].golden]
    judged = _agreed([*golden_streamed, *golden_plain]).keys()
    agreed = _agreed(plain)
    excused = _only_plain(golden_plain, golden_streamed)
    for pair, _, _ in pairs:
        streamed = _aspects(pair.candidate)
        differ = {name for name in streamed.keys() & agreed.keys() & judged if streamed[name] != agreed[name]}
        for name in sorted(differ):
            if not _follows(name, differ) and _judged_here(pair.candidate, name, streamed[name]):
                yield _differs(pair, name, agreed[name], streamed[name])
        lacking = _only_plain(plain, [pair.candidate]) - excused
        uncalled = any(name.endswith(_CALLS) for name in differ)
        yield from _lacks(pair, sorted(path for path in lacking if not (uncalled and "tool_calls" in path)))


def _follows(name: str, differ: Set[str]) -> bool:
    """Whether a finish_reason differs because the calls do: lm-proxy 3.3 loses custom tools in streams alone."""
    return name.endswith(_FINISH) and f"{name.removesuffix(_FINISH)}{_CALLS}" in differ


def _plain(samples: Samples) -> list[Observation]:
    """The plain answers to the request: those of the twin scenario."""
    return [observation for observation in samples.twin if observation.form == "json" and answered(observation)]


def _agreed(observations: Iterable[Observation]) -> Aspects:
    """The aspects that are the same in all of these."""
    first, *others = map(_aspects, observations)
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}


def _aspects(observation: Observation) -> Aspects:
    model = show(observation.answer.model) if observation.answer else ""
    aspects: Aspects = {"choices": len(choices(observation)), "model": model}
    for choice in choices(observation):
        aspects |= _of_choice(choice)
    return aspects


def _of_choice(choice: Choice) -> Aspects:
    path = f"choices[{choice.index}]"
    return {
        f"{path}.finish_reason": show(choice.finish),
        f"{path}.text": bool(choice.text),
        f"{path}.tool calls": bool(choice.tool_calls),
        f"{path}.refusal": bool(choice.refusal),
    }


def _judged_here(observation: Observation, name: str, value: Hashable) -> bool:
    # null and values outside the vocabulary are reported by the rules about finish_reason
    return not name.endswith("finish_reason") or value in {show(reason) for reason in grammar(observation).reasons}


def _differs(pair: Pair, name: str, plain: Hashable, streamed: Hashable) -> Drift:
    path, _, aspect = name.rpartition(".")
    if aspect in _LOST:
        return pair.drift(
            path=path,
            message=f"the streamed answer {'lacks' if plain else 'has'} {_LOST[aspect]}, unlike the plain one",
            golden=f"plain: {'present' if plain else 'absent'}",
            candidate=f"streamed: {'present' if streamed else 'absent'}",
        )
    return pair.drift(
        path=name,
        message=f"{aspect or name} differs between the streamed and the plain answer",
        golden=f"plain: {plain}",
        candidate=f"streamed: {streamed}",
        severity=Severity.INFO if name == "model" or {plain, streamed} <= _MODEL_CHOOSES else None,
    )


def _lacks(pair: Pair, fields: list[str]) -> Iterator[Drift]:
    """Fields that every plain answer has and the streamed one lacks; the golden has them both ways or neither."""
    if fields:
        more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
        yield pair.drift(
            path=fields[0],
            message=f"the streamed answer lacks fields of the plain one: {', '.join(fields[:_SHOWN])}{more}",
            golden="plain: present",
            candidate="streamed: absent",
            severity=Severity.INFO,
        )


def _only_plain(plain: list[Observation], streamed: list[Observation]) -> set[str]:
    always = set.intersection(*({path for path, f in p.final_shape.items() if f.types != {"null"}} for p in plain))
    in_streams = {path for observation in streamed for path in observation.final_shape}
    return {path for path in always - in_streams if len(steps(path)) <= _DEEPEST and not path.startswith("usage")}


RULE = Rule(
    id="stream-differs-from-plain",
    area="stream",
    # TL21 breaks applications that switch streaming; ST18, the model's name, is info
    severity=Severity.RISKY,
    summary="the streamed answer differs in kind from the plain answer to the same request",
    who_breaks="applications that switch streaming on or off: tools run in one mode only, truncation shows in one",
    hint="the server or gateway has two code paths: compare its parsers for streamed and plain answers",
    check=check,
    where=has_streams,
)
