"""error-type-changed: another type, or none."""

from __future__ import annotations

from tests.rules_table import Row, plain, refusal

GOLD = refusal(404, "invalid_request_error", "model_not_found")

CASES = (
    Row(
        "an unknown model is an api_error (ollama-cloud)",
        GOLD,
        refusal(404, "api_error", "model_not_found"),
        ("breaking error.type",),
    ),
    Row(
        "a bad key is an authentication_error (deepseek-chat-j-1fd70675fe)",
        refusal(401, code="invalid_api_key"),
        refusal(401, "authentication_error", "invalid_api_key"),
        ("breaking error.type",),
    ),
    Row(
        "no type (azure-foundry-chat-j-c553c17a9a)",
        GOLD,
        plain({"error": {"code": "model_not_found", "message": "No."}}, status=404),
        ("risky error.type",),
    ),
    Row("a null type", GOLD, refusal(404, None, "model_not_found"), ("risky error.type",)),
    Row("a type that is a number", GOLD, refusal(404, 7, "model_not_found"), ("breaking error.type",)),
    Row("B36: another message", GOLD, refusal(404, "invalid_request_error", "model_not_found", "Unknown model.")),
    Row("the golden has both", [refusal(404, "a"), refusal(404, "b")], refusal(404, "b")),
    Row(
        "null becomes a word: for the better",
        refusal(404, None),
        refusal(404, "invalid_request_error"),
        ("info error.type",),
    ),
    Row(
        "LiteLLM's text None becomes a word: for the better",
        refusal(429, "None"),
        refusal(429, "rate_limit_error"),
        ("info error.type",),
    ),
    Row(
        "a type that is missing becomes a word",
        plain({"error": {"message": "No."}}, status=404),
        plain({"error": {"message": "No.", "type": "invalid_request_error"}}, status=404),
        ("info error.type",),
    ),
    Row("a word becomes the text None", GOLD, refusal(404, "None", "model_not_found"), ("breaking error.type",)),
    Row("None and null", refusal(404, "None"), refusal(404, None), ("risky error.type",)),
    Row("null and the text None", refusal(404, None), refusal(404, "None")),
    Row(
        "none of another status",
        refusal(401, None),
        refusal(403, "denied"),
        also=("breaking client-error-changed status",),
    ),
)
