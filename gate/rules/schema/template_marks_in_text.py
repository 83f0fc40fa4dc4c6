"""The text contains special tokens of a chat template: <|im_end|>, <|eot_id|>, [INST] (S12's mechanism)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from gate.model import Comparison, Drift, Rule, Severity, TextKind
from gate.rules.schema._leaks import leaks
from gate.wire.shape import show

# ChatML and Qwen, Llama, Mistral, Gemma 3 and 4, DeepSeek, Phi, Cohere, GLM, gpt-oss; </s> is HTML anywhere but at the
# end, and Kimi's end mark is a word there alone
_MARK = re.compile(
    r"<\|(?:im_start|im_end|im_middle|im_user|im_assistant|endoftext|end_of_text|begin_of_text|eot_id|eom_id"
    r"|start_header_id|end_header_id|end|assistant|user|system|observation|END_OF_TURN_TOKEN|return|message)\|>"
    r"|<(?:start|end)_of_turn>|<(?:\|(?:turn|channel)|(?:turn|channel)\|)>|\[/INST\]|\[EOS\](?=\s{0,20}\Z)"
    r"|<｜(?:User|Assistant|(?:begin|end)▁of▁sentence)｜>|</s>(?=\s{0,20}(?:\Z|<s>|\[INST\]))"
    # Llama's header without its marks: the server skips special tokens, and the words between them stay
    r"|(?:\A|(?<=[.!?]))assistant(?=\n\n)"
)
_KINDS = frozenset(get_args(TextKind)) - {"transcript", "prompt"}


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
