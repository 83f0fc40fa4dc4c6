"""The text contains special tokens of a chat template: <|im_end|>, <|eot_id|>, [INST] (S12's mechanism)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity, TextKind
from gate.observe.alignment import unseen
from gate.observe.answer import answered
from gate.rules.schema._leaks import leaks
from gate.wire.shape import show

# ChatML and Qwen, Llama, Mistral, Gemma 3 and 4, DeepSeek, Phi, Cohere, GLM, gpt-oss; </s> is HTML anywhere but at the
# end, and Kimi's end mark is a word there alone
_MARK = re.compile(
    r"<\|(?:im_start|im_end|im_middle|im_user|im_assistant|endoftext|end_of_text|begin_of_text|eot_id|eom_id"
    r"|start_header_id|end_header_id|end|assistant|user|system|observation|END_OF_TURN_TOKEN|return|message)\|>"
    r"|<(?:start|end)_of_turn>|<(?:\|(?:turn|channel)|(?:turn|channel)\|)>|\[/INST\]|(?<!\s)\[EOS\](?=\s{0,20}\Z)"
    r"|<｜(?:User|Assistant|(?:begin|end)▁of▁sentence)｜>|</s>(?=\s{0,20}(?:\Z|<s>|\[INST\]))"
    # Llama's header without its marks: the server skips special tokens, and the words between them stay
    r"|(?:\A|(?<=[.!?]))assistant(?=\n\n)"
)
_KINDS = frozenset(get_args(TextKind)) - {"transcript", "prompt"}


# Whisper's tokens (https://github.com/openai/whisper/blob/main/whisper/tokenizer.py), and the times that whisper.cpp
# prints before each segment
_HEARD = re.compile(
    r"<\|(?:startoftranscript|startofprev|startoflm|endoftext|nospeech|notimestamps|transcribe|translate|[a-z]{2,3}"
    r"|\d{1,2}\.\d\d)\|>|\[\d\d:\d\d:\d\d[.,]\d{3} --> \d\d:\d\d:\d\d[.,]\d{3}\]"
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A token that no golden text has, unless the prompt itself contains such tokens."""
    for pair, text, match in leaks(comparison, _MARK, _KINDS):
        # 100,000 characters are a bound on time: longer prompts are searched in their first part
        if not _MARK.search(show(pair.candidate.request, 100_000)):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} contains {match.group()}, which belongs to the model's chat template",
                golden="no such mark",
                candidate=show(match.string[max(0, match.start() - 40) : match.start() + 40]),
            )

    yield from _transcripts(comparison)


def _transcripts(comparison: Comparison) -> Iterator[Drift]:
    for pair, match in unseen(comparison, _heard):
        yield pair.drift(
            path="text",
            message=f"the transcript contains {match.group()}, which nobody has said",
            golden="no such mark",
            candidate=show(match.string[max(0, match.start() - 40) : match.start() + 40]),
            # of times the rest is what was said, in another form
            severity=Severity.RISKY if match.group()[0] == "[" else None,
        )


def _heard(observation: Observation) -> re.Match[str] | None:
    final = observation.answer.final if observation.answer and observation.endpoint.startswith("audio.") else None
    text = member(final, "text")
    # subtitles have times of their own
    marked = isinstance(text, str) and answered(observation) and observation.form != "text"
    return _HEARD.search(text) if marked else None


RULE = Rule(
    id="template-marks-in-text",
    area="schema",
    # what comes after a mark is a turn that the model made up
    severity=Severity.BREAKING,
    summary="the text contains special tokens of the model's chat template",
    who_breaks="users see the tokens; code that compares or parses the text fails; text after them was never asked for",
    hint="give the server the model's own stop tokens and chat template, and let it skip special tokens",
    check=check,
)
