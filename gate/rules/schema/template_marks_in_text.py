"""The text contains special tokens of a chat template: <|im_end|>, <|eot_id|>, [INST] (S12's mechanism)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.schema._leaks import leaks
from gate.wire.shape import show

# ChatML and Qwen, Llama, Mistral, Gemma, DeepSeek, Phi, Cohere, gpt-oss; </s> is HTML anywhere but at the end
_MARK = re.compile(
    r"<\|(?:im_start|im_end|endoftext|end_of_text|begin_of_text|eot_id|eom_id|start_header_id|end_header_id|end"
    r"|assistant|user|system|END_OF_TURN_TOKEN|return|message)\|>|<(?:start|end)_of_turn>|\[/INST\]"
    r"|<｜(?:User|Assistant|(?:begin|end)▁of▁sentence)｜>|</s>(?=\s{0,20}(?:\Z|<s>|\[INST\]))"
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A token that no golden text has, unless the prompt itself contains such tokens."""
    for pair, choice, match in leaks(comparison, _MARK):
        # 100,000 characters are a bound on time: longer prompts are searched in their first part
        if not _MARK.search(show(pair.candidate.request, 100_000)):
            yield pair.drift(
                path=choice.content_path,
                message=f"the text contains {match.group()}, a special token of the model's chat template",
                golden="no such mark",
                candidate=show(choice.text[max(0, match.start() - 40) : match.start() + 40]),
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
