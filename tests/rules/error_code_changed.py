"""error-code-changed: numbers, and other codes."""

from __future__ import annotations

from tests.rules_table import Row, refusal

GOLD = refusal(404, code="model_not_found")

CASES = (
    Row(
        "ER01: the status as code (envoyproxy/ai-gateway 2151)", GOLD, refusal(404, code=404), ("breaking error.code",)
    ),
    Row("ER01 where the golden has null", refusal(400), refusal(400, code=400), ("breaking error.code",)),
    Row(
        "ER14: agents wait for this code (openclaw/openclaw 58839)",
        refusal(400, code="context_length_exceeded"),
        refusal(400, code="400"),
        ("breaking error.code",),
    ),
    Row("another code", refusal(401, code="invalid_api_key"), refusal(401, code="401"), ("risky error.code",)),
    Row("ER25: the gateway's envelope has no code (kortix-ai/suna 4434)", GOLD, refusal(404), ("info error.code",)),
    Row(
        "ER25, with another status as well (Wei-Shaw/sub2api 1489)",
        GOLD,
        refusal(503),
        ("info error.code",),
        ("breaking client-error-as-server-error status",),
    ),
    Row("a null in words", GOLD, refusal(404, code="None"), ("risky error.code",)),
    Row("ER25, benign twin: a code in some golden samples only", [GOLD, refusal(404)], refusal(404)),
    Row("a null in words becomes a word", refusal(404, code="None"), GOLD, ("info error.code",)),
    Row("a null in words becomes null", refusal(404, code="None"), refusal(404)),
    Row("a null in words becomes another", refusal(404, code="None"), refusal(404, code="null")),
    Row("the golden's number is lost", refusal(404, code=404), refusal(404), ("info error.code",)),
    Row(
        "null instead of the code that agents wait for",
        refusal(400, code="context_length_exceeded"),
        refusal(400),
        ("breaking error.code",),
    ),
    Row("ER01, benign twin: null or a code", refusal(404), GOLD),
    Row(
        "ER14, benign twin: other numbers in the phrase",
        refusal(400, message="at most 8 tokens"),
        refusal(400, message="at most 9 tokens"),
    ),
    Row("the golden's code is a number", refusal(404, code=404), refusal(404, code=404)),
    *(
        Row(f"{word!r} is a null in words", refusal(404, code=word), GOLD, ("info error.code",))
        for word in ("none", "null", "nil", "<nil>", "undefined", "NaN")
    ),
    *(
        Row(f"agents wait for {code}", refusal(400, code=code), refusal(400, code="400"), ("breaking error.code",))
        for code in ("content_filter", "insufficient_quota")
    ),
)
