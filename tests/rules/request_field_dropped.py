"""request-field-dropped: a field of the request does not reach the upstream."""

from __future__ import annotations

from typing import Any

from tests.rules._gateway import call, changed, golden, sent, through, upgraded
from tests.rules_table import ASK, Row
from tests.rules_table import TOOL as WEATHER

TOOL: dict[str, Any] = {**WEATHER}
STRICT = {**TOOL, "function": {**TOOL["function"], "strict": True}}
NAMED = [{"role": "user", "content": "Hi", "name": "ada"}]

CASES = (
    changed("RQ01: LiteLLM drops metadata (BerriAI/litellm 12997)", sent(metadata={"a": "b"}), ASK, "risky metadata"),
    changed(
        "RQ01: a gateway drops the strict of tools (envoyproxy/ai-gateway 2232)",
        sent(tools=[STRICT]),
        sent(tools=[TOOL]),
        "risky tools[0].function.strict",
    ),
    changed("RQ01: the limit is lost", sent(max_tokens=16), ASK, "breaking max_tokens"),
    changed("RQ01: the name of a message's author", sent(messages=NAMED), ASK, "risky messages[0].name"),
    changed(
        "a name for the cache serves the provider alone",
        sent(user="u1", prompt_cache_key="k"),
        ASK,
        "info user",
        "info prompt_cache_key",
    ),
    changed("null says nothing", sent(seed=None), ASK, "info seed"),
    changed("RQ01, benign twin: all arrives, in another order", sent(seed=7, n=1), {"n": 1, **sent(seed=7)}),
    upgraded("the old gateway dropped it too", sent(seed=7), ASK, ASK),
    upgraded("only the new version drops it", sent(seed=7), sent(seed=7), ASK, "risky seed"),
    Row("a recording without a gateway", golden(sent(seed=7)), golden(sent(seed=7))),
    Row(
        "another operation has other fields",
        golden(sent(seed=7)),
        through(call({"model": "m"}, url="/v1/embeddings"), body=sent(seed=7)),
        also=("risky request-endpoint-changed path",),
    ),
)
