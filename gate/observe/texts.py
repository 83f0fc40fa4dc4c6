"""Every text that a model writes, in answers, reasoning, refusals and arguments, for predicates of any. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gate.model import Comparison, Json, Observation, Pair, TextKind
from gate.observe.answer import grammar
from gate.observe.breaches import read
from gate.wire.paths import places, untyped
from gate.wire.shape import indexless


@dataclass(frozen=True, slots=True)
class Written:
    """One text. `pieces` are the deltas that it came in; none of a plain body.

    `strings` are its words as a reader gets them: those of the JSON in it, or the text itself, and what the deltas
    say where that is another text.
    """

    path: str
    kind: TextKind
    text: str
    pieces: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The text in words that go on with a verb in the singular."""
        return _WORDS[self.kind]


_WORDS: Mapping[TextKind, str] = {
    "answer": "the answer's text",
    "reasoning": "the reasoning",
    "refusal": "the refusal",
    "arguments": "the JSON of a call's arguments",
    "input": "the input of a custom tool",
    "code": "the code",
    "transcript": "the transcript",
    "prompt": "the rewritten prompt",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of both sides; those of the golden's twin as well, because what clients cope with may come there."""

    golden: tuple[tuple[Written, ...], ...]
    candidate: tuple[tuple[Pair, tuple[Written, ...]], ...]

    def unshown(self, fault: Callable[[Written], str]) -> Iterator[tuple[Pair, Written, str]]:
        """(pair, text, fault) of each candidate text with a fault that no golden text shows; "" is no fault."""
        faulty = [(pair, text, said) for pair, texts in self.candidate for text in texts if (said := fault(text))]
        if faulty and not any(fault(text) for texts in self.golden for text in texts):
            yield from faulty


def texts(comparison: Comparison) -> Texts:
    """The texts of a comparison, read once for all rules."""
    return comparison.once(_texts)


def _texts(comparison: Comparison) -> Texts:
    golden = (*comparison.golden, *comparison.golden.twin)
    return Texts(
        tuple(written(sample) for sample in golden),
        tuple((pair, written(pair.candidate)) for pair in comparison.pairs),
    )


def written(observation: Observation) -> tuple[Written, ...]:
    """Every text of an answer that is not empty, in the order of the endpoint's table."""
    if observation.form == "text":
        return _bare(observation)
    if observation.answer is None:
        return ()
    found: dict[str, Written] = {}
    for pattern, kind in grammar(observation).texts.items():
        # the shape knows which of them an answer has at all
        if untyped(pattern) in observation.final_shape:
            for path, value in places(observation.answer.final, pattern):
                if isinstance(value, str) and value:
                    found[path] = _written(path, kind, value, observation.pieces.get(path, ()))
    # what came in deltas and is not in the final object: clients joined it all the same
    for path, pieces in observation.pieces.items():
        if path not in found and (joined := "".join(pieces)):
            found[path] = _written(path, _kind(observation, path), joined, pieces)
    return tuple(found.values())


def _bare(observation: Observation) -> tuple[Written, ...]:
    """The body itself, where it is the text: https://platform.openai.com/docs/api-reference/audio/createTranscription
    has `response_format: text`."""
    kind = grammar(observation).texts.get("text")
    if kind is None or not (observation.ok and observation.text.strip()):
        return ()
    # subtitles may begin with a byte order mark: https://www.w3.org/TR/webvtt1/#file-structure
    return (_written("body", kind, observation.text.removeprefix("\ufeff"), ()),)


def _kind(observation: Observation, path: str) -> TextKind:
    kinds = grammar(observation).texts
    return next((kind for pattern, kind in kinds.items() if untyped(pattern) == indexless(path)), "answer")


def _written(path: str, kind: TextKind, text: str, pieces: tuple[str, ...]) -> Written:
    # clients that show deltas show those, whatever the events at the end say
    joined = "".join(pieces)
    shown = _strings(joined) if joined and joined != text else ()
    return Written(path, kind, text, pieces, (*_strings(text), *shown))


def _strings(text: str) -> Iterator[str]:
    value = read(text).value if text.lstrip()[:1] in ("{", "[") else None
    yield from _leaves(value) if isinstance(value, dict | list) else (text,)


def _leaves(value: Json) -> Iterator[str]:
    """The keys and strings of a JSON value, in order."""
    # a stack, not recursion: the value is the model's, and may be nested as deep as a parser reads
    open_values: list[Json] = [value]
    while open_values:
        match open_values.pop():
            case str() as text:
                yield text
            case dict() as members:
                open_values += [part for pair in reversed(members.items()) for part in reversed(pair)]
            case list() as items:
                open_values += reversed(items)


def asked(observation: Observation) -> Iterator[str]:
    """The keys and strings of the request."""
    return _leaves(observation.request)


def speaks_of(observation: Observation, *words: str) -> bool:
    """Whether the request holds one of these, in any case: what is asked for may come."""
    return any(word in string.lower() for string in asked(observation) for word in words)


def mentions(observation: Observation, text: str) -> bool:
    """Whether the request itself holds a text: an answer may quote it."""
    return any(text in string for string in asked(observation))
