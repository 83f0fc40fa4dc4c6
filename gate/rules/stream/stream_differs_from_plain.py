"""Streamed and plain, the same request gets two kinds of answer from the candidate, and one from the golden (ST18)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from gate.model import Choice, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, grammar
from gate.rules.stream._streams import Stream, drift, streams
from gate.wire.paths import steps
from gate.wire.shape import show

_LOST = {"text": "the text", "tool calls": "the tool calls"}
_MODEL_CHOOSES = frozenset({"stop", "length"})
_DEEPEST = 4  # choices[].message.content: what lies below comes and goes with what is said
_SHOWN = 5


def check(comparison: Comparison) -> Iterator[Drift]:
    """Judged only where all golden samples, streamed and plain, agree, and the candidate's plain ones too."""
    golden, candidate = comparison.golden, comparison.candidate
    plain = [found for found in candidate.twin if found.form == "json" and answered(found)]
    gold = [*(g.found for g in streams(golden)), *_plain(golden)]
    if not plain or len(gold) == len(streams(golden)) or not streams(golden):
        return
    agreed, here = _agreed(gold), _agreed(plain)
    for stream in streams(candidate):
        mine = _aspects(stream.found)
        for name in sorted(mine.keys() & here.keys()):
            if name in _free(golden, agreed) and mine[name] != here[name] and _known(stream, name, mine[name]):
                yield _differs(stream, name, here[name], mine[name])
        yield from _fields(golden, plain, stream)


def _plain(samples: Samples) -> list[Observation]:
    return [found for found in samples.twin if found.form == "json" and answered(found)]


def _agreed(found: list[Observation]) -> dict[str, Hashable]:
    """The aspects in which all of these are alike."""
    first, *others = map(_aspects, found)
    return {name: value for name, value in first.items() if all(o.get(name) == value for o in others)}


def _free(golden: Samples, agreed: Mapping[str, Hashable]) -> set[str]:
    # each side of the model's name must agree only with itself: candidates have models of their own
    return {*agreed, "model"} if len({_aspects(g).get("model") for g in (*golden, *_plain(golden))}) == 1 else {*agreed}


def _aspects(found: Observation) -> dict[str, Hashable]:
    said = choices(found)
    aspects: dict[str, Hashable] = {"choices": len(said), "model": show(found.answer.model) if found.answer else ""}
    for choice in said[:4]:
        aspects |= _of_choice(choice)
    return aspects


def _of_choice(choice: Choice) -> dict[str, Hashable]:
    at = f"choices[{choice.index}]"
    return {
        f"{at}.finish_reason": show(choice.finish),
        f"{at}.text": bool(choice.text),
        f"{at}.tool calls": bool(choice.tool_calls),
        f"{at}.refusal": bool(choice.refusal),
    }


def _known(stream: Stream, name: str, value: Hashable) -> bool:
    # what no client knows, or null, is told by the rules about finish_reason
    reasons = {show(word) for word in grammar(stream.found).reasons}
    return not name.endswith("finish_reason") or value in reasons


def _differs(stream: Stream, name: str, plain: Hashable, mine: Hashable) -> Drift:
    at, _, aspect = name.rpartition(".")
    severity = Severity.INFO if name == "model" or {plain, mine} <= {f'"{w}"' for w in _MODEL_CHOOSES} else None
    if aspect in _LOST:
        verb = "lacks" if plain else "has"
        return drift(
            stream, None, at, f"the streamed answer {verb} {_LOST[aspect]}, unlike the plain one", *_words(plain)
        )
    return drift(
        stream, None, name, f"{aspect or name} differs between the streamed and the plain answer",
        f"plain: {plain}", f"streamed: {mine}", severity,
    )  # fmt: skip


def _words(plain: Hashable) -> tuple[str, str]:
    return ("plain: present", "streamed: absent") if plain else ("plain: absent", "streamed: present")


def _fields(golden: Samples, plain: list[Observation], stream: Stream) -> Iterator[Drift]:
    """Fields that every plain answer has and the streamed one lacks, and the golden has both ways or neither."""
    excused = _only_plain(_plain(golden), [g.found for g in streams(golden)])
    lost = sorted(_only_plain(plain, [stream.found]) - excused)
    if lost:
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        message = f"the streamed answer lacks fields of the plain one: {', '.join(lost[:_SHOWN])}{more}"
        yield drift(stream, None, lost[0], message, "plain: present", "streamed: absent", Severity.INFO)


def _only_plain(plain: list[Observation], streamed: list[Observation]) -> set[str]:
    always = set.intersection(*({path for path, f in p.final_shape.items() if f.types != {"null"}} for p in plain))
    shown = {path for found in streamed for path in found.final_shape}
    return {path for path in always - shown if len(steps(path)) <= _DEEPEST and not path.startswith("usage")}


RULE = Rule(
    id="stream-differs-from-plain",
    area="stream",
    severity=Severity.RISKY,
    summary="the streamed answer is of another kind than the plain answer to the same request",
    who_breaks="applications that switch streaming on or off: tools run in one mode only, truncation shows in one",
    hint="the server or gateway has two code paths: compare its parsers for streamed and plain answers",
    check=check,
)
