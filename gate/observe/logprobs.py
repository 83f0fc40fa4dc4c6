"""The log probabilities of an answer, in one form for chat, legacy completions and responses. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gate.endpoints import member, members, objects
from gate.model import Json, Observation
from gate.observe.answer import choices


@dataclass(frozen=True, slots=True)
class Token:
    """One entry. `alternatives` are (token, logprob) of the most likely ones; values are as they came."""

    text: Json
    logprob: Json
    raw: tuple[int, ...] | None  # its bytes, where the entry has them
    alternatives: tuple[tuple[Json, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A text with the entries that belong to it. `before` is the reasoning, whose tokens some routes score as well."""

    path: str
    text: str
    before: str
    tokens: tuple[Token, ...]

    @property
    def spelled(self) -> str:
        """What the tokens say together; by their bytes where all have them, because a character may span two tokens."""
        if self.tokens and all(token.raw is not None for token in self.tokens):
            return bytes(byte for token in self.tokens for byte in token.raw or ()).decode("utf-8", "replace")
        return "".join(token.text for token in self.tokens if isinstance(token.text, str))


def scored(observation: Observation) -> tuple[Scored, ...]:
    """Every text of an answer that comes with a list of log probabilities, be it empty."""
    if observation.endpoint == "responses":
        return tuple(_of_response(observation))
    final = observation.answer.final if observation.answer else None
    found = {place: member(choice, "logprobs") for place, choice in objects(final, "choices")}
    return tuple(
        Scored(f"choices[{place}].logprobs", choice.text, choice.reasoning, _tokens(found.get(place)))
        for place, choice in enumerate(choices(observation))
        if isinstance(found.get(place), dict)
    )


def _of_response(observation: Observation) -> Iterator[Scored]:
    final = observation.answer.final if observation.answer else None
    for place, item in objects(final, "output"):
        for number, part in objects(item, "content"):
            entries, text = part.get("logprobs"), part.get("text")
            if isinstance(entries, list) and isinstance(text, str):
                yield Scored(f"output[{place}].content[{number}].logprobs", text, "", tuple(map(_entry, entries)))


def _tokens(logprobs: Json) -> tuple[Token, ...]:
    if isinstance(member(logprobs, "tokens"), list):
        return tuple(_legacy(logprobs))
    return tuple(map(_entry, members(logprobs, "content")))


def _entry(entry: Json) -> Token:
    raw = members(entry, "bytes")
    bytes_of = tuple(raw) if raw and all(type(byte) is int and 0 <= byte < 256 for byte in raw) else None
    alternatives = tuple((member(e, "token"), member(e, "logprob")) for e in members(entry, "top_logprobs"))
    return Token(member(entry, "token"), member(entry, "logprob"), bytes_of, alternatives)


def _legacy(logprobs: Json) -> Iterator[Token]:
    """The legacy API has a list for each column: https://platform.openai.com/docs/api-reference/completions/object"""
    scores, tops = members(logprobs, "token_logprobs"), members(logprobs, "top_logprobs")
    for place, text in enumerate(members(logprobs, "tokens")):
        top = tops[place] if place < len(tops) else None
        alternatives = tuple(top.items()) if isinstance(top, dict) else ()
        yield Token(text, scores[place] if place < len(scores) else None, None, alternatives)
