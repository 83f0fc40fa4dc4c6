"""rate-limit-headers: names and forms."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, completion, plain, refusal

LIMIT, RESET = "x-ratelimit-limit-requests", "x-ratelimit-reset-requests"


def served(headers: dict[str, str], total_ms: float | None = 12.0) -> Exchange:
    return plain(completion(), headers=headers, total_ms=total_ms)


def busy(headers: dict[str, str]) -> Exchange:
    return refusal(429, "rate_limit_error", headers=headers, total_ms=12.0)


GOLD = {LIMIT: "5000", RESET: "6m0s"}

REMAINING = "x-ratelimit-remaining-requests"

CASES = (
    Row(
        "ER17: OpenRouter's dialect (spring-projects/spring-ai 4276)",
        served(GOLD),
        served({"X-RateLimit-Limit": "60", "X-RateLimit-Reset": "1741305600000"}, None),
        ("risky headers.x-ratelimit-*",),
    ),
    Row(
        "ER17: an epoch for a duration",
        served(GOLD),
        served({**GOLD, RESET: "1741305600"}),
        (f"risky headers.{RESET}",),
    ),
    Row("ER15: sentinels", served(GOLD), served({LIMIT: "-1", RESET: "0s"}), (f"risky headers.{LIMIT}",)),
    Row(
        "ER15: a sentinel in a header of its own",
        served(GOLD),
        served({**GOLD, "x-ratelimit-limit-tokens": "-1"}),
        ("risky headers.x-ratelimit-limit-tokens",),
    ),
    Row("ER15: a 429 without the headers", busy(GOLD), busy({}), ("risky headers.x-ratelimit-*",)),
    Row("ER15, milder: a success without the headers", served(GOLD), served({}), ("info headers.x-ratelimit-*",)),
    Row("ER17, benign twin: other values", served(GOLD), served({LIMIT: "200", RESET: "120ms"})),
    Row(
        "ER15: what remains is gone (one of three words)",
        served({**GOLD, "x-ratelimit-remaining-requests": "9"}),
        served(GOLD),
        ("info headers.x-ratelimit-remaining-requests",),
    ),
    Row(
        "ER15: Anthropic's names, without a reset",
        served({f"anthropic-ratelimit-requests-{word}": "9" for word in ("limit", "remaining", "reset")}),
        served({f"anthropic-ratelimit-requests-{word}": "9" for word in ("limit", "remaining")}),
        ("info headers.anthropic-ratelimit-requests-reset",),
    ),
    Row("ER15: no reset is left", served(GOLD), served({LIMIT: "9"}), (f"info headers.{RESET}",)),
    Row(
        "ER15: the limits of tokens are gone",
        served({**GOLD, "x-ratelimit-limit-tokens": "9", "x-ratelimit-reset-tokens": "1s"}),
        served(GOLD),
        ("info headers.x-ratelimit-limit-tokens",),
    ),
    Row(
        "ER17: LiteLLM's prefix",
        served(GOLD),
        served({f"llm_provider-{name}": value for name, value in GOLD.items()}),
        ("risky headers.x-ratelimit-*",),
    ),
    Row(
        "more remains than there is",
        served({**GOLD, "x-ratelimit-remaining-requests": "5000"}),
        served({**GOLD, "x-ratelimit-remaining-requests": "5001"}),
        ("info headers.x-ratelimit-remaining-requests",),
    ),
    Row(
        "in the golden, too",
        served({**GOLD, "x-ratelimit-remaining-requests": "5001"}),
        served({**GOLD, "x-ratelimit-remaining-requests": "5002"}),
    ),
    Row("all of the limit remains", served(GOLD), served({**GOLD, "x-ratelimit-remaining-requests": "5000"})),
    Row("B30: one header more or fewer", served({**GOLD, "x-ratelimit-limit-tokens": "9"}), served(GOLD)),
    Row("a recorder that filters headers proves nothing", served(GOLD), served({}, None)),
    Row(
        "a proxy's refusal has headers of its own",
        served(GOLD),
        busy({"x-ratelimit-timeremaining": "9"}),
        (),
        ("breaking success-lost status",),
    ),
    Row("just a number", served({RESET: "60"}), served({RESET: "999999999"})),
    Row("just a time since 1970", served({RESET: "60"}), served({RESET: "1000000001"}), (f"risky headers.{RESET}",)),
    Row("the IETF's names", busy({"ratelimit-limit": "60"}), busy({}), ("risky headers.x-ratelimit-*",)),
    Row(
        "the limit is gone, and what remains is there",
        served({LIMIT: "5000", REMAINING: "1"}),
        served({REMAINING: "1"}),
        (f"info headers.{LIMIT}",),
    ),
)
