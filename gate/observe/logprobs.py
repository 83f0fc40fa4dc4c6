"""The log probabilities of an answer, in one form for all endpoints that have them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gate.endpoints import member, members, objects
from gate.model import MISSING, Json, Observation
from gate.observe.answer import choices
from gate.observe.request import asked

# What the legacy API writes for a token that is a part of a character
_BYTES = re.compile(r"bytes:((?:\\x[0-9a-fA-F]{2})+)")


@dataclass(frozen=True, slots=True)
class Token:
    """One entry. `alternatives` are (token, logprob) of the most likely ones; values are as they came."""

    text: Json
    logprob: Json
    raw: tuple[int, ...] | None  # its bytes, where the entry has them
    alternatives: tuple[tuple[Json, Json], ...] = ()
    spoilt: bool = False  # what stands for its bytes is none


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
        return self.read

    @property
    def read(self) -> str:
        """What the texts of the tokens say together."""
        texts = [token.text for token in self.tokens if isinstance(token.text, str)]
        if not any(text.startswith("bytes:") for text in texts):
            return "".join(texts)
        # halves of a character are joined before they are read
        return b"".join(map(_bytes, texts)).decode("utf-8", "replace")


def _bytes(text: str) -> bytes:
    found = _BYTES.fullmatch(text)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else text.encode("utf-8", "surrogatepass")


def wanted(observation: Observation) -> bool:
    """Whether the request asks for them: by a parameter in chat and legacy completions, by `include` elsewhere."""
    # https://platform.openai.com/docs/api-reference/responses/create#responses-create-include; transcriptions alike
    included = members(observation.request, "include")
    return bool(asked(observation, "logprobs")) or any(str(name).endswith("logprobs") for name in included)


def scored(observation: Observation) -> tuple[Scored, ...]:
    """Every text of an answer that may come with log probabilities, be there none."""
    final = observation.answer.final if observation.answer else None
    if observation.endpoint == "responses":
        return tuple(_of_response(final))
    if observation.endpoint.startswith("audio."):
        text = member(final, "text")
        return (Scored("logprobs", text, "", _entries(final, "logprobs")),) if isinstance(text, str) else ()
    found = {place: member(choice, "logprobs") for place, choice in objects(final, "choices")}
    return tuple(
        scored
        for place, choice in enumerate(choices(observation))
        for scored in _of_choice(
            f"choices[{place}].logprobs", found.get(place), choice.text, choice.reasoning, choice.refusal
        )
    )


def _of_choice(path: str, logprobs: Json, text: str, before: str, refusal: Json) -> Iterator[Scored]:
    if isinstance(member(logprobs, "tokens"), list):
        yield Scored(path, text, before, tuple(_legacy(logprobs)))
    else:
        yield Scored(path, text, before, _entries(logprobs, "content"))
    if isinstance(refusal, str):
        yield Scored(f"{path}.refusal", refusal, "", _entries(logprobs, "refusal"))


def _of_response(final: Json) -> Iterator[Scored]:
    parts = (
        (f"output[{place}].content[{number}].logprobs", part)
        for place, item in objects(final, "output")
        for number, part in (objects(item, "content") if item.get("type") == "message" else ())
    )
    told = ((path, part, part.get("text")) for path, part in parts)
    yield from (
        Scored(path, text, "", _entries(part, "logprobs")) for path, part, text in told if isinstance(text, str)
    )


def _entries(value: Json, key: str) -> tuple[Token, ...]:
    return tuple(map(_entry, members(value, key)))


def _entry(entry: Json) -> Token:
    text, raw = member(entry, "token"), members(entry, "bytes")
    bytes_of = tuple(raw) if raw and all(type(byte) is int and 0 <= byte < 256 for byte in raw) else None
    alternatives = tuple((member(e, "token"), member(e, "logprob")) for e in members(entry, "top_logprobs"))
    spoilt = bytes_of is None and bool(text) and member(entry, "bytes") not in (None, MISSING)
    return Token(text, member(entry, "logprob"), bytes_of, alternatives, spoilt)


def _legacy(logprobs: Json) -> Iterator[Token]:
    """The legacy API has a list for each column: https://platform.openai.com/docs/api-reference/completions/object"""
    scores, tops = members(logprobs, "token_logprobs"), members(logprobs, "top_logprobs")
    for place, text in enumerate(members(logprobs, "tokens")):
        top = tops[place] if place < len(tops) else None
        alternatives = tuple(top.items()) if isinstance(top, dict) else ()
        yield Token(text, scores[place] if place < len(scores) else None, None, alternatives)
