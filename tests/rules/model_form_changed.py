"""model-form-changed: snapshot or alias."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules._responses import events, response, whole
from tests.rules._responses import told as responded
from tests.rules_table import ASK, HELLO, Row, completion, embedded, plain, refusal, rewritten, stream

DATED, ALIAS = "gpt-4o-2024-08-06", "gpt-4o"


def asks(requested: str, named: str) -> Exchange:
    """A request for one model, and an answer that names it so."""
    return plain(completion(model=named), {**ASK, "model": requested})


def streams(named: str) -> Exchange:
    return stream(*({**chunk, "model": named} for chunk in HELLO), request={**ASK, "model": ALIAS})


CASES = (
    Row(
        "S37: the gateway answers with the alias (LiteLLM 1.106 before OpenAI)",
        asks(ALIAS, DATED),
        asks(ALIAS, ALIAS),
        ("info model",),
    ),
    Row("S37, the other way round: a price table by aliases", asks(ALIAS, ALIAS), asks(ALIAS, DATED), ("info model",)),
    Row("a snapshot was asked for, and an alias named", asks(DATED, DATED), asks(DATED, ALIAS), ("info model",)),
    Row("in a stream", streams(DATED), streams(ALIAS), ("info model",)),
    Row(
        "on embeddings, behind a prefix of the gateway's",
        embedded([0.6, 0.8], top={"model": "text-embedding-3-large-0125"}, model="text-embedding-3-large"),
        embedded([0.6, 0.8], top={"model": "text-embedding-3-large"}, model="openai/text-embedding-3-large"),
        ("info model",),
    ),
    Row("in a response", whole(response()), whole(response(model="m")), ("info model",)),
    Row(
        "in the events of a response",
        responded(events()),
        rewritten(responded(events()), b'"m-2024"', b'"m"'),
        ("info model",),
    ),
    Row("S37, benign twin, B04: another snapshot", asks(ALIAS, DATED), asks(ALIAS, "gpt-4o-2024-11-20")),
    Row("each names what it was asked for", asks(DATED, DATED), asks(ALIAS, ALIAS)),
    Row("each names the snapshot", asks(ALIAS, DATED), asks(DATED, DATED)),
    Row(
        "a route with models of its own, none of them dated", asks(ALIAS, DATED), asks("llama-3.3-70b", "llama-3.3-70b")
    ),
    Row("one golden sample of each", [asks(ALIAS, DATED), asks(ALIAS, ALIAS)], asks(ALIAS, ALIAS)),
    Row(
        "another model altogether is model-changed's",
        asks(ALIAS, DATED),
        asks(ALIAS, "gpt-4.1"),
        (),
        ("risky model-changed model",),
    ),
    Row("a deployment's name says nothing of snapshots", asks("my-deployment", DATED), asks("my-deployment", ALIAS)),
    Row(
        "a failure names no model",
        asks(ALIAS, DATED),
        refusal(404),
        (),
        ("breaking success-lost status",),
    ),
    Row("no golden answer", refusal(429), asks(ALIAS, ALIAS)),
    Row(
        "a request without a model: the route has but one",
        plain(completion(model=DATED), {"messages": ASK["messages"]}),
        plain(completion(model=ALIAS), {"messages": ASK["messages"]}),
    ),
)
