"""Which headers of a request mean something upstream, and which belong to one connection alone."""

from __future__ import annotations

import re

# In the order in which a key is looked for: OpenAI's (RFC 9110, 11.6.2), Azure's
# (https://learn.microsoft.com/azure/ai-services/openai/reference#authentication), Anthropic's
# (https://docs.anthropic.com/en/api/overview#authentication). proxy-authorization is of the hop.
CREDENTIALS = ("authorization", "api-key", "x-api-key")

# What providers and tracing act on: OpenAI documents the first five, the W3C the next two.
MEANT = frozenset({
    "idempotency-key", "openai-organization", "openai-project", "openai-beta", "x-client-request-id",
    "traceparent", "tracestate", "x-request-id",
})  # fmt: skip

# RFC 9110, 7.6.1, and what describes the body or the software of this hop. accept-encoding has a rule of its own.
OF_THE_HOP = re.compile(
    r"connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|accept.*|via|forwarded|expect"
)
