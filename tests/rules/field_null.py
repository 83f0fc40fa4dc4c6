"""field-null: null where the golden has a value and clients expect one."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, completion, plain, stream

CASES = (
    Row(
        "S26: local servers leave model blank (microsoft/foundry-local 144)",
        plain(completion()),
        plain(completion(model=None)),
        ("risky model",),
    ),
    Row(
        "S33: Ollama without models sends data: null (tinyhumansai/openhuman 4121)",
        plain({"object": "list", "data": [{"id": "m", "object": "model"}]}, url="/v1/models"),
        plain({"object": "list", "data": None}, url="/v1/models"),
        ("breaking data",),
    ),
    Row(
        "a function call without a name, which the golden had no occasion to show",
        r.whole(r.response()),
        r.whole(r.response(r.message(), r.function_call(name=None))),
        ("breaking output[1].name",),
        also=("risky tool-call-unasked output[1].name",),
    ),
    Row(
        "a field that only this vendor sends",
        plain(completion(provider="a")),
        plain(completion(provider=None)),
        ("info provider",),
    ),
    Row(
        "B20: optional fields toggle between null and a value",
        plain(completion(system_fingerprint="fp_1", service_tier="default")),
        plain(completion(system_fingerprint=None, service_tier=None)),
    ),
    Row(
        "US03, its own benign twin: usage: null on the chunks before the end",
        stream(*HELLO),
        stream(*({**c, "usage": None} for c in HELLO)),
    ),
)
