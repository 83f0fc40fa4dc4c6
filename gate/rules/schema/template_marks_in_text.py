"""The marks of a chat template stand in the text: <|im_end|>, <|eot_id|>, [INST] (S12's mechanism)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.wire.shape import show

# ChatML and Qwen, Llama, Mistral, Gemma, DeepSeek, Phi, Cohere, gpt-oss; </s> is HTML anywhere but at the end
_MARK = re.compile(
    r"<\|(?:im_start|im_end|endoftext|end_of_text|begin_of_text|eot_id|eom_id|start_header_id|end_header_id|end"
    r"|assistant|user|system|END_OF_TURN_TOKEN|return|message)\|>|<(?:start|end)_of_turn>|\[/INST\]"
    r"|<｜(?:User|Assistant|(?:begin|end)▁of▁sentence)｜>|</s>(?=\s{0,20}(?:\Z|<s>|\[INST\]))"
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A mark that no golden text has, unless the prompt itself speaks of such marks."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(_mark(choice.text) for g in golden for choice in choices(g)):
        return
    for sample, found in numbered(candidate):
        for choice in choices(found) if answered(found) else ():
            mark = _mark(choice.text)
            if mark and not _asked(found):
                at = choice.text.index(mark)
                message = f"the text contains {mark}, a mark of the model's chat template"
                evidence = show(choice.text[max(0, at - 40) : at + 40])
                yield Drift(
                    path=choice.content_path, message=message, golden="no such mark", candidate=evidence, sample=sample
                )


def _mark(text: str) -> str:
    found = _MARK.search(text) if "<" in text or "[" in text else None
    return found.group() if found else ""


def _asked(found: Observation) -> bool:
    return _MARK.search(show(found.request, 100_000)) is not None


RULE = Rule(
    id="template-marks-in-text",
    area="schema",
    severity=Severity.BREAKING,
    summary="the text contains marks of the model's chat template",
    who_breaks="users see the marks; code that compares or parses the text fails; what follows was never asked for",
    hint="give the server the model's own stop tokens and chat template, and let it skip special tokens",
    check=check,
)
