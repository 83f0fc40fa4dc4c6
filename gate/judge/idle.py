"""Why the recordings of a scenario show nothing of what its requests are for. Pure.

A row of the table says what a request asks for, by which answer it shows, and how its absence is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from gate.endpoints import member, members
from gate.model import MISSING, Json, Observation
from gate.observe.answer import choices, grammar, is_text, tool_calls
from gate.observe.breaches import read
from gate.observe.items import hosted_calls
from gate.observe.items import output as items
from gate.observe.logprobs import scored
from gate.observe.request import asked, called_before, offers_only, output, tools
from gate.observe.usage import PROMPT, tokens, usage

Trait = Callable[[Observation], bool]


def idle(samples: Sequence[Observation]) -> str:
    """Why no answer shows what the requests ask for; "" where one does."""
    answers = [sample for sample in samples if sample.ok]
    for asks, shows, words in _TABLE:
        asking = [sample for sample in answers if asks(sample)]
        if asking and not any(map(shows, asking)):
            return words
    return ""


# -- tools --------------------------------------------------------------------------------------


def _may_call(sample: Observation) -> bool:
    """Whether a call of one of our own tools is what the request is for."""
    # after a call that is sent back, prose is the answer
    return bool(tools(sample)) and asked(sample, "tool_choice") != "none" and not any(called_before(sample))


def _may_search(sample: Observation) -> bool:
    """Whether a tool that the provider runs is all that a response may use; chat shows nothing of such tools."""
    own = bool(tools(sample)) or offers_only(sample, {"function", "custom"})
    return bool(grammar(sample).answer_at) and not own and asked(sample, "tool_choice") != "none"


def _calls(sample: Observation) -> bool:
    return bool(tool_calls(sample))


def _prefers_json(sample: Observation) -> bool:
    """Whether it chose the JSON of two things asked for at once: an answer has one of them (SO08)."""
    return output(sample) is not None and _is_json(sample)


# -- other forms --------------------------------------------------------------------------------


def _is_json(sample: Observation) -> bool:
    return any(read(choice.text).value is not MISSING for choice in choices(sample))


def _streams(sample: Observation) -> bool:
    # speech names the form of its stream: https://platform.openai.com/docs/api-reference/audio/createSpeech
    return asked(sample, "stream") is True or asked(sample, "stream_format") == "sse"


def _sends_speech(sample: Observation) -> bool:
    return sample.endpoint in ("audio.transcriptions", "audio.translations")


def _is_heard(sample: Observation) -> bool:
    # `response_format: text` and the formats of subtitles are no JSON
    said = member(sample.answer.final, "text") if sample.answer else MISSING
    return sample.size > 0 if said is MISSING else is_text(said)


def _includes(what: str) -> Trait:
    return lambda sample: what in members(sample.request, "include")


def _wants_logprobs(sample: Observation) -> bool:
    return asked(sample, "logprobs") is True or _includes("message.output_text.logprobs")(sample)


def _is_scored(sample: Observation) -> bool:
    return any(text.tokens for text in scored(sample))


def _is_sealed(sample: Observation) -> bool:
    return any(is_text(member(item, "encrypted_content")) for item in items(sample))


# -- prompts ------------------------------------------------------------------------------------


def _prompts(sample: Observation) -> list[Json]:
    prompt = asked(sample, "prompt")
    # a list of numbers is one prompt, as tokens
    several = isinstance(prompt, list) and any(isinstance(one, (str, list)) for one in prompt)
    return prompt if several else [prompt]


def _echoes(sample: Observation) -> bool:
    prompts = tuple(prompt for prompt in _prompts(sample) if isinstance(prompt, str))
    return any(choice.text.startswith(prompts) for choice in choices(sample))


# As many words as no short prompt has; a tokenizer makes one token of a word at least (US15).
_LONG = 1000


def _words(sample: Observation) -> int:
    """The words of the texts that a chat sends."""
    texts = (member(turn, "content") for turn in members(sample.request, "messages"))
    return sum(len(re.findall(r"\S+", text)) for text in texts if isinstance(text, str))


def _counts_all(sample: Observation) -> bool:
    count = tokens(usage(sample), *PROMPT)
    # without a count nothing says that it was cut
    return count is None or count >= _words(sample)


def _table() -> Iterator[tuple[Trait, Trait, str]]:
    yield _may_call, lambda sample: _calls(sample) or _prefers_json(sample), "it offers tools, and no answer calls one"
    yield (
        _may_search,
        lambda sample: bool(hosted_calls(sample)),
        "it offers a tool of the provider, and no answer runs it",
    )
    yield (
        lambda sample: output(sample) is not None,
        lambda sample: _is_json(sample) or (_may_call(sample) and _calls(sample)),
        "it asks for JSON, and no answer is JSON",
    )
    yield (
        _streams,
        lambda sample: sample.form == "stream",
        "it asks for a stream, and every answer comes in one piece",
    )
    yield _sends_speech, _is_heard, "it sends speech, and every transcript is empty"
    yield _wants_logprobs, _is_scored, "it asks for log probabilities, and no answer has any"
    yield (
        _includes("reasoning.encrypted_content"),
        _is_sealed,
        "it asks for encrypted reasoning, and no answer has any",
    )
    yield lambda sample: asked(sample, "echo") is True, _echoes, "it asks for its prompt, and no answer begins with it"
    yield (
        lambda sample: len(_prompts(sample)) > 1,
        lambda sample: len(choices(sample)) > 1,
        "it sends several prompts, and every answer is to one",
    )
    yield lambda sample: _words(sample) > _LONG, _counts_all, "it sends a long prompt, and usage counts less of it"


_TABLE = tuple(_table())
