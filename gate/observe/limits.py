"""Answers that say nothing about a request but that it came too soon: rate limits, open breakers, cooldowns."""

from __future__ import annotations

import re

from gate.model import Json, Observation
from gate.observe.answer import errors_within

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


# Errors that are no matter of the request: OpenAI's (https://platform.openai.com/docs/guides/error-codes, and a
# response's rate_limit_exceeded and server_error), Anthropic's (https://docs.anthropic.com/en/api/errors) and Google's
# (https://cloud.google.com/apis/design/errors: RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED).
_PASSING = re.compile(
    r"rate.?limit|too.?many.?requests|resource.?exhausted|quota|billing|overload|server.?error|api_error|unavailable|"
    r"timed?.?out|authenticat|permission|unauthorized",
    re.IGNORECASE,
)
# a status as a code (ER06): those that depend on the route and not on the request (run/outcomes.py), and the server's
_STATUS = re.compile(r"\b(?:40[1238]|425|429|5\d\d)\b")


def passes(observation: Observation) -> bool:
    """Whether the errors in a stream are of the route and its limits, and not of what was asked: the next attempt may
    bring another."""
    said = [_words(error) for event in observation.events for error in errors_within(event.doc)]
    return any(_PASSING.search(words) or _STATUS.search(words) for words in said)


def _words(error: dict[str, Json]) -> str:
    """Code, type and status of an error; the message only where it has none of them."""
    named = [error.get(key) for key in ("code", "type", "status")]
    words = " ".join(str(name) for name in named if isinstance(name, str | int) and name != "error")
    message = error.get("message")
    return words or (message[:_READ] if isinstance(message, str) else "")
