"""parameter-rejected: a refused attempt before the one that was answered."""

from __future__ import annotations

from tests.rules_table import ASK, Row, completion, plain

LIMITED = {**ASK, "max_tokens": 50}
RENAMED = {**ASK, "max_completion_tokens": 50}
REFUSED = {
    "error": {
        "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "type": "invalid_request_error",
        "param": "max_tokens",
        "code": "unsupported_parameter",
    }
}
ANSWERED = plain(completion(), LIMITED, scenario="case")
MAPPED = (
    plain(REFUSED, LIMITED, status=400, scenario="case"),
    plain(completion(), RENAMED, scenario="case", attempt=1),
)

CASES = (
    Row("PA01: new models drop the name max_tokens", ANSWERED, MAPPED, ("breaking request.max_tokens",)),
    Row("PA01, benign twin: the golden's route refuses it too", MAPPED, MAPPED),
    Row(
        "a first attempt that was throttled refuses no parameter",
        ANSWERED,
        (
            plain(
                {"error": {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}},
                LIMITED,
                status=429,
                scenario="case",
            ),
            plain(completion(), LIMITED, scenario="case", attempt=1),
        ),
    ),
)
