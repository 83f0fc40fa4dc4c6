"""Response headers that clients read, and that therefore belong to the contract."""

from __future__ import annotations

READ_BY_CLIENTS = frozenset(
    {
        "content-type",
        "content-encoding",
        "retry-after",
        # in milliseconds; openai-python reads it before retry-after
        "retry-after-ms",
        # https://platform.openai.com/docs/api-reference/debugging-requests: what support asks for
        "x-request-id",
        "openai-processing-ms",
        "openai-version",
        # https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
        *(f"x-ratelimit-{what}-{unit}" for what in ("limit", "remaining", "reset") for unit in ("requests", "tokens")),
    }
)
"""Names in lower case. Values differ from call to call; presence and form are what a client relies on."""
