"""Reasoning comes under another key (S11: vLLM's reasoning_content became reasoning)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from gate.endpoints import endpoint
from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.rules.schema._places import first, has_text, text_at
from gate.wire.paths import name, parent
from gate.wire.shape import show

# the keys of chat under which models think (S11)
KEYS = frozenset(name(path) for path, kind in endpoint("chat.completions").texts.items() if kind == "reasoning")
# what a gateway may call them instead, or the object or list that it puts them into
_LIKE = re.compile("(?i)reasoning|think|thought")
_TEXTS = ("text", "summary", "content")
_SPOKEN = ("message", "delta")
# Words of a text whose key says nothing of thoughts, so that it is no label. Chosen: such keys of 2,184 recorded
# answers hold names and ids, of one word; a thought is a sentence.
_WORDS = 4
# what every answer may have beside its reasoning
_SAID = frozenset(f"choices[].{part}.{key}" for part in _SPOKEN for key in ("content", "refusal"))
_TEXT = frozenset({"string"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Both keys with the same text are reasoning-mirrored's; fine is an answer without text of reasoning (B17)."""
    for pair in comparison.answers:
        golden = [_paths(sample) for sample in pair.golden]
        # what every golden sample has; adaptive models do not reason on every run
        usual = frozenset.intersection(*golden)
        if not usual:
            continue
        candidate = _paths(pair.candidate)
        lost = sorted(usual - candidate)
        if not lost or not {name(path) for path in lost}.isdisjoint(map(name, filter(_is_spoken, candidate))):
            continue
        if gained := sorted((candidate or _alike(pair.candidate)).difference(*golden, *map(_alike, pair.golden))):
            yield _drift(pair, lost[0], gained[0])
        elif not candidate and (spoken := sorted(_wordy(pair.candidate).difference(*map(_wordy, pair.golden)))):
            # by its words alone it may be anything that a model says
            yield replace(_drift(pair, lost[0], spoken[0]), severity=Severity.RISKY)


def _drift(pair: Pair, lost: str, gained: str) -> Drift:
    before, place = name(lost), first(pair.candidate, gained, _TEXT)
    where = parent(place.path) if _is_spoken(gained) else parent(lost).replace("[]", "[0]")
    return pair.drift(
        path=f"{where}.{before}",
        message=f"reasoning comes as {_called(gained)}, not as {before}",
        golden=before,
        candidate=show(place.value, 60),
        at=place.event,
    )


def _is_spoken(path: str) -> bool:
    """Whether a path is a key of the message itself, or of a delta."""
    return name(parent(path)) in _SPOKEN


def _called(path: str) -> str:
    """The key with what it stands in below the message: `reasoning_details[].text`."""
    spoken = next((f".{part}." for part in _SPOKEN if f".{part}." in path), "[].")
    return path.partition(spoken)[2]


def _paths(observation: Observation) -> frozenset[str]:
    """The paths that carry reasoning as text."""
    return _texts(observation, lambda path: name(path) in KEYS)


def _alike(observation: Observation) -> frozenset[str]:
    """The paths of a choice that carry a text with such a name, or within a list or an object with one."""
    return _texts(observation, _is_like)


def _is_like(path: str) -> bool:
    # what stands beside the text in a list of details is no thought: its type, its signature, or the sealed text (B17)
    own = bool(_LIKE.search(name(path)))
    return path.startswith("choices[]") and (own or (name(path) in _TEXTS and bool(_LIKE.search(path))))


def _wordy(observation: Observation) -> frozenset[str]:
    """The paths of messages that carry a sentence, whatever they are called."""
    return frozenset(
        path
        for path in _texts(observation, lambda path: _is_spoken(path) and path not in _SAID)
        if len(text_at(observation, path).split()) >= _WORDS
    )


def _texts(observation: Observation, named: Callable[[str], bool]) -> frozenset[str]:
    return frozenset(
        path
        for path, field in observation.shape.items()
        if named(path) and "string" in field.types and field.seen > field.empty and has_text(observation, path)
    )


RULE = Rule(
    id="reasoning-renamed",
    area="schema",
    # S11: no error, and the chain of thought is gone for whoever sends it back (interleaved thinking)
    severity=Severity.BREAKING,
    summary="the key that carries the reasoning has another name",
    who_breaks="clients that read the golden's key silently lose the chain of thought",
    hint="map the key to the golden's in the gateway; under both keys, clients that read both show it twice",
    check=check,
)
