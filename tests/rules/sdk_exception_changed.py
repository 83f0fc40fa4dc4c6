"""sdk-exception-changed: the same failure is another exception."""

from __future__ import annotations

from tests.rules_table import Row, raises

HTTPX = ("httpx.RemoteProtocolError", "httpx.TransportError", "httpx.HTTPError", "Exception", "BaseException")
OWN = ("openai.APIConnectionError", "openai.APIError", "openai.OpenAIError", "Exception", "BaseException")
LIMIT = ("openai.RateLimitError", "openai.APIStatusError", "openai.APIError", "Exception", "BaseException")

CASES = (
    Row(
        "a cut stream raised httpx's exception in openai-python 2, and its own in 3 (openai/openai-python#3811)",
        raises(*HTTPX),
        raises(*OWN),
        ("breaking error.class",),
    ),
    Row("a subclass is caught as before", raises(*LIMIT), raises("openai.QuotaError", *LIMIT), ("info error.class",)),
    Row("a bare exception of Python's", raises("Exception"), raises("BaseException"), ("risky error.class",)),
    Row(
        "Node's TypeError becomes a class beside it",
        raises("TypeError", "Error"),
        raises("APIError", "Error"),
        ("breaking error.class",),
    ),
    Row(
        "openai's helper crashes on a Responses stream without `output`, in 3 at another place than in 2",
        raises("AttributeError", "Exception", "BaseException"),
        raises("TypeError", "Exception", "BaseException"),
        ("info error.class",),
    ),
    Row("the code becomes a text", raises(*LIMIT, code=429), raises(*LIMIT, code="429"), ("risky error.code",)),
    Row("the type is told now", raises(*LIMIT), raises(*LIMIT, type="requests"), ("info error.type",)),
    Row(
        "the request id is lost",
        raises(*LIMIT, request_id="req_1"),
        raises(*LIMIT),
        ("risky error.request_id",),
    ),
    Row("another id of the same form", raises(*LIMIT, request_id="req_1"), raises(*LIMIT, request_id="req_2")),
    Row("another message", raises(*LIMIT), raises(*LIMIT, message="slow down")),
    *(
        Row(f"{crash} is a crash", raises("AttributeError"), raises(crash), ("info error.class",))
        for crash in ("IndexError", "KeyError", "NameError", "ReferenceError")
    ),
    *(
        Row(f"{root} is the root of all", raises(root), raises("Other"), ("risky error.class",))
        for root in ("BaseException", "Error", "Object", "object")
    ),
    Row("the status is another", raises(*LIMIT, status=429), raises(*LIMIT, status=500), ("risky error.status",)),
    Row("the parameter is lost", raises(*LIMIT, param="n"), raises(*LIMIT), ("risky error.param",)),
    Row(
        "it may no longer be repeated (`isRetryable` of the AI SDK, `is_retryable` of LangChain)",
        raises("APICallError", retryable=True),
        raises("APICallError", retryable=False),
        ("risky error.retryable",),
    ),
    Row("it says so now", raises("E"), raises("E", retryable=True), ("info error.retryable",)),
    Row(
        "the server's message is lost",
        raises(*LIMIT, quoted=True),
        raises(*LIMIT, quoted=False),
        ("risky error.message",),
    ),
    Row("the server said nothing readable", raises(*LIMIT, quoted=True), raises(*LIMIT)),
    Row("it is told now", raises(*LIMIT, quoted=False), raises(*LIMIT, quoted=True)),
)
