"""usage-sum: the total is the sum."""

from __future__ import annotations

from typing import Any

from tests.rules_table import Row, completion, plain


def counts(prompt: int, completion_tokens: int, total: int) -> dict[str, Any]:
    """A completion with these counts."""
    usage = {"prompt_tokens": prompt, "completion_tokens": completion_tokens, "total_tokens": total}
    return completion(usage=usage)


CASES = (
    Row(
        "US09: reasoning is left out of completion_tokens (router-for-me/CLIProxyAPI 5733)",
        plain(counts(21, 60, 81)),
        plain(counts(21, 0, 81)),
        ("risky usage.total_tokens",),
    ),
    Row("US09, benign twin: other counts, the same identity", plain(counts(21, 60, 81)), plain(counts(22, 8, 30))),
    Row("a golden that does not add up", plain(counts(21, 0, 81)), plain(counts(21, 1, 81))),
    Row("an embedding has no completion", plain(completion(usage={"prompt_tokens": 7, "total_tokens": 7})),
        plain(completion(usage={"prompt_tokens": 8, "total_tokens": 8}))),
)  # fmt: skip
