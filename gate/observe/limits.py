"""Answers that say nothing about a request but that it came too soon: rate limits, open breakers, cooldowns."""

from __future__ import annotations

import re

# LiteLLM ("No deployments available for selected model, Try again in 5 seconds", with 429), resilience4j
# ("CircuitBreaker 'x' is OPEN"), Envoy ("no healthy upstream", "reset reason: overflow" of its breaker). A model that
# nobody deployed is none of them: one-api's "no available channel".
_HELD_BACK = re.compile(
    r"circuit.{0,3}breaker|circuit is open|breaker is open|cool(?:ing)?[ _-]?down|no deployments? available|"
    r"no healthy (?:upstream|deployment|backend|instance|host)|reset reason: overflow",
    re.IGNORECASE,
)
_READ = 4000  # characters: 183 recorded errors have 1,794 at most, and a hostile one may be as long as the body


def held_back(status: int, text: str) -> bool:
    """Whether a gateway says that it sends nothing on for a while, after failures of its upstream: 429 or 5xx, with the
    words of a breaker or a cooldown."""
    return (status == 429 or status >= 500) and bool(_HELD_BACK.search(text[:_READ]))
