"""request-field-added: the upstream gets a field that the client did not send."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK

CASES = (
    changed("RQ03: a sampler of an engine, which OpenAI refuses (vllm-router)", ASK, sent(top_k=-1), "risky top_k"),
    changed(
        "RQ03: metadata that nobody sent (BerriAI/litellm 35780)", ASK, sent(metadata={"user": "x"}), "risky metadata"
    ),
    changed("RQ03: a limit that nobody asked for", ASK, sent(max_tokens=4096), "risky max_tokens"),
    changed("a default says the same", ASK, sent(n=1, temperature=1.0), "info n", "info temperature"),
    changed("null says nothing, where the API knows the field", ASK, sent(seed=None), "info seed"),
    changed("RQ03, benign twin: the same fields", sent(n=1), sent(n=1)),
    upgraded("the old gateway added it too", ASK, sent(top_k=-1), sent(top_k=-1)),
    changed(
        "RQ03: a mark of another vendor's cache in a message",
        ASK,
        sent(messages=[{**ASK["messages"][0], "cache_control": {"type": "ephemeral"}}]),
        "risky messages[0].cache_control",
    ),
)
