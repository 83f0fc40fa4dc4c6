"""answers-shift: two backends behind one name."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, USAGE, Row, chunk, completion, plain, stream

EMBED = {"model": "m", "input": "a"}


def vector(width: int) -> Exchange:
    item = {"object": "embedding", "index": 0, "embedding": [round(width**-0.5, 6)] * width}
    body = {"object": "list", "data": [item], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    return plain(body, EMBED, url="/v1/embeddings")


ERROR = {"message": "no", "type": "invalid_request_error", "param": None, "code": None}

TAIL = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "EM03 now and then: every second request reaches a backend with another embedding model",
        [vector(8), vector(8)],
        [vector(8), vector(12), vector(8)],
        ("risky data[].embedding",),
        ("breaking vector-length data[0].embedding",),
    ),
    Row("one width in all samples", [vector(8), vector(8)], [vector(8), vector(8)]),
    Row(
        "other ids and words from request to request",
        [plain(completion())] * 2,
        [
            plain(completion(id="chatcmpl-2")),
            plain(completion({"content": "Good day."}, id="chatcmpl-3")),
        ],
    ),
    Row(
        "B11: the role with the first content, or before it",
        [stream(*HELLO), stream(*HELLO)],
        [
            stream(*HELLO),
            stream(chunk({"role": "assistant", "content": "Hello."}), chunk({}, "stop")),
        ],
    ),
    Row(
        "an error keeps its form while its words differ",
        [plain({"error": ERROR}, ASK, status=400)],
        [
            plain({"error": ERROR}, ASK, status=400),
            plain({"error": {**ERROR, "message": "never"}}, ASK, status=400),
        ],
    ),
    Row(
        "one backend sends the role, the other does not",
        [stream(*HELLO), stream(*HELLO)],
        [stream(*HELLO), stream(*HELLO[1:])],
        ("risky events",),
        ("breaking role-missing choices[0].delta.role",),
    ),
    Row(
        "one backend sends the finish, the other does not",
        [stream(*HELLO), stream(*HELLO)],
        [stream(*HELLO), stream(*HELLO[:3])],
        ("risky events",),
        ("breaking finish-reason-missing choices[0].finish_reason",),
    ),
    Row(
        "one backend sends usage, the other does not",
        [stream(*HELLO, TAIL), stream(*HELLO, TAIL)],
        [stream(*HELLO, TAIL), stream(*HELLO)],
        ("risky events",),
        ("breaking usage-chunk-missing usage",),
    ),
    Row(
        "one backend ends with [DONE], the other does not",
        [stream(*HELLO), stream(*HELLO)],
        [stream(*HELLO), stream(*HELLO, done=False)],
        ("risky events",),
        ("risky done-missing [DONE]",),
    ),
)
