"""An input that is too long is refused in words by which no client knows it (ER37)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import is_text
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failed
from gate.rules.errors._streamed import fails, said
from gate.wire.shape import show

_CODE = "context_length_exceeded"
# What clients look for in the message, in lower case: LangChain for Python (langchain_openai/chat_models/base.py) and
# for Node (utils/client.ts), and LiteLLM (litellm_core_utils/exception_mapping_utils.py).
_WORDS = (
    _CODE, "input tokens exceed the configured limit", "prompt is too long", "contextwindowexceedederror",
    "exceeds the context window", "maximum context length", "exceed context limit", "maximum context limit",
    "longer than the model's context length", "exceeds the available context size",
    "exceeds the maximum number of tokens allowed",
)  # fmt: skip


def check(comparison: Comparison) -> Iterator[Drift]:
    """Other words that some client knows are fine; another code is told by the rules about codes."""
    golden = [sample for sample in comparison.golden if is_text(_said(sample, "message"))]
    usual = [str(_said(sample, "message")) for sample in golden]
    if not usual or not all(map(_is_known, usual)):
        return
    codes = [_said(sample, "code") for sample in golden]
    for pair in comparison.pairs:
        message, code = _said(pair.candidate, "message"), _said(pair.candidate, "code")
        if isinstance(message, str) and message and not _is_known(message) and code in codes:
            yield pair.drift(
                path="error.message",
                message="no client knows by the message that the input is too long",
                golden=show(usual[0], 80),
                candidate=show(message, 80),
                # Python's SDK prints the body of an error, the code in it; that of Node, and both in a stream, do not
                severity=Severity.RISKY if code == _CODE and failed(pair.candidate) else None,
            )


def _said(observation: Observation, key: str) -> Json:
    return said(observation, key)[0] if fails(observation) else member(observation.error, key)


def _is_known(message: str) -> bool:
    return any(words in message.lower() for words in _WORDS)


RULE = Rule(
    id="overflow-words-lost",
    area="errors",
    # ER37: what catches LangChain's ContextOverflowError meets another exception (docs/clients.md)
    severity=Severity.BREAKING,
    summary="an input that is too long is refused in words that no client knows",
    who_breaks="LangChain and LiteLLM raise another error: fallbacks to a shorter input or a larger model never run",
    hint="pass the provider's message on; a gateway's own words may stand before it",
    check=check,
    where=has_failures,
)
