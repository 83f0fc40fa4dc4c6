"""request-field-renamed: a field reaches the upstream under another name."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded

CASES = (
    changed(
        "RQ02: the newer name of the limit (CLIProxyAPI 2143)",
        sent(max_tokens=16),
        sent(max_completion_tokens=16),
        "risky max_tokens",
    ),
    changed(
        "RQ02: and with another value",
        sent(max_completion_tokens=16),
        sent(max_tokens=4096),
        "breaking max_completion_tokens",
    ),
    changed("RQ02, benign twin: the name stays", sent(max_tokens=16), sent(max_tokens=16)),
    upgraded(
        "the old gateway renamed it too",
        sent(max_tokens=16),
        sent(max_completion_tokens=16),
        sent(max_completion_tokens=16),
    ),
)
