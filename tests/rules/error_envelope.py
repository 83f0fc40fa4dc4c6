"""error-envelope: where the error is."""

from __future__ import annotations

from typing import Any

from tests.rules_table import Row, plain, refusal

GOLD = refusal(400)


def body(value: Any, status: int = 400) -> Any:
    return plain(value, status=status)


FIRES = ("breaking error",)

CASES = (
    Row("ER04: a plain text (charmbracelet/fantasy 365)", GOLD, body({"error": "model name is empty"}), FIRES),
    Row("ER03: FastAPI's detail (ray-project/ray 64833)", GOLD, body({"detail": "Could not find base model"}), FIRES),
    Row("ER03: detail as a list", GOLD, body({"detail": [{"loc": ["body"], "msg": "no"}]}), FIRES),
    Row("Cerebras and Mistral: no envelope", GOLD, body({"message": "No.", "type": "x", "code": "y"}), FIRES),
    Row("TL24: Gemini's list around the error", GOLD, body([{"error": {"code": 400, "message": "No."}}]), FIRES),
    Row("portkey: a page inside JSON", GOLD, body({"html-message": "{}"}), FIRES),
    Row(
        "an error object without a message",
        GOLD,
        body({"error": {"type": "invalid_request_error", "code": None, "param": None}}),
        ("breaking error.message",),
    ),
    Row("the golden's own form is another", body({"detail": "no"}), GOLD, ("risky error",)),
    Row(
        "ER03, benign twin: both keys",
        GOLD,
        body({"detail": "No.", "error": {"message": "No.", "type": "invalid_request_error"}}),
    ),
    Row("ER04, benign twin: an empty message", GOLD, refusal(400, message="")),
    Row("B36: another wording", GOLD, refusal(400, message="Not at all. (request req_1)")),
    Row("the golden has no envelope either", body({"detail": "no"}), body({"detail": ["never"]})),
    Row(
        "better, not worse: an empty message becomes a sentence, a null in words a type and a code",
        refusal(400, "None", "null", ""),
        refusal(400, "invalid_request_error", "invalid_value", "messages must not be empty"),
    ),
    Row("better: a message where the golden has null", refusal(400, message=None), refusal(400)),
    Row("a number in its place", GOLD, body({"error": 5}), FIRES),
)
