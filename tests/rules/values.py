"""The family of values: outside the API's vocabulary, or empty where something must be."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, stream

AZURE = {"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []}
MILLISECONDS = plain(completion(created=1721172741000))


def ranked(*scores: float) -> Exchange:
    return plain({"results": [{"index": 0, "score": s} for s in scores]}, {"query": "q"}, url="/v1/rerank")


def searched(status: str) -> Exchange:
    item = {"type": "web_search_call", "id": "ws_1", "status": status, "action": {"type": "search", "query": "q"}}
    return r.whole(r.response(item, r.message()))


def drawn(url: str) -> Exchange:
    return plain({"created": 1, "data": [{"url": url}]}, {"model": "i", "prompt": "p"}, url="/v1/images/generations")


def listed(created: int) -> Exchange:
    models = [{"id": "m", "object": "model", "created": created, "owned_by": "us"}]
    return plain({"object": "list", "data": models}, url="/v1/models")


def noted(kind: str) -> Exchange:
    note = {"type": kind, "start_index": 0, "end_index": 5, "url": "https://example.org/a", "title": "A"}
    return r.whole(r.response(r.message(content=[r.part(annotations=[note])])))


CASES = (
    Row(
        "S24: Groq's on_demand is in no client's list (pydantic/pydantic-ai 2499)",
        plain(completion(service_tier="default")),
        plain(completion(service_tier="on_demand")),
        ("risky service-tier-unknown service_tier",),
    ),
    Row(
        "S03: a plain answer calls itself a chunk (64bit/async-openai 352)",
        plain(completion()),
        plain(completion(object="chat.completion.chunk")),
        ("risky object-wrong object",),
    ),
    Row(
        "S02: the id is empty (huggingface/text-generation-inference 1682)",
        plain(completion()),
        plain(completion(id="")),
        ("risky value-empty id",),
    ),
    Row(
        "S05: no choices in a plain 200 (Alibaba-NLP/DeepResearch 259)",
        plain(completion()),
        plain(completion(choices=[])),
        ("breaking list-empty choices",),
    ),
    Row(
        "ST06: an empty role on every chunk (anomalyco/opencode 28427)",
        stream(*HELLO),
        stream(ROLE, chunk({"role": "", "content": "Hi"}), chunk({}, "stop")),
        ("breaking role-wrong choices[0].delta.role",),
    ),
    Row(
        "S02 in the events of a response",
        r.told(r.events()),
        r.told([{**e, "response": {**e["response"], "id": ""}} if "response" in e else e for e in r.events()]),
        ("risky value-empty response.id",),
    ),
    Row(
        "a status that no client knows",
        r.whole(r.response()),
        r.whole(r.response(status="done")),
        ("breaking value-unknown status",),
    ),
    Row(
        "S02, benign twin: Azure's frame about the prompt has no id; its object is another matter",
        stream(*HELLO),
        stream(AZURE, *HELLO),
        ("breaking object-wrong object",),
        also=("breaking chunk-without-choices choices",),
    ),
    Row(
        "S24, benign twin: one tier of the API and another",
        plain(completion(service_tier="default")),
        plain(completion(service_tier="priority")),
    ),
    Row(
        "S05, benign twin: the usage chunk has no choices",
        stream(*HELLO, chunk(choices=[], usage={"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2})),
        stream(*HELLO, chunk(choices=[], usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})),
    ),
    Row(
        "ST06, benign twin: no role on continuation chunks",
        stream(ROLE, chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop")),
        stream(ROLE, chunk({"content": "Hi"}), chunk({}, "stop")),
    ),
    Row(
        "S03 where the golden's first frame of Azure has no names either",
        stream(AZURE, *HELLO),
        stream(AZURE, *({**c, "object": "chat.completion"} for c in HELLO)),
        ("breaking object-wrong object",),
    ),
    Row(
        "S02 on every chunk behind Azure's first frame",
        stream(AZURE, *HELLO),
        stream(AZURE, *({**c, "id": ""} for c in HELLO)),
        ("risky value-empty id",),
    ),
    Row(
        "S24: another word that is no client's, where the golden has one",
        plain(completion(service_tier="on_demand")),
        plain(completion(service_tier="performance")),
        ("risky service-tier-unknown service_tier",),
    ),
    Row(
        "S24, benign twin: the golden's own",
        plain(completion(service_tier="on_demand")),
        plain(completion(service_tier="on_demand", id="chatcmpl-2")),
    ),
    Row(
        "S43, more general: created in milliseconds",
        plain(completion()),
        MILLISECONDS,
        ("breaking created-not-seconds created",),
    ),
    Row(
        "the first moment that is too far",
        plain(completion()),
        plain(completion(created=100_000_000_001)),
        ("breaking created-not-seconds created",),
    ),
    Row(
        "a response in a stream",
        r.told(r.events()),
        r.told(r.events(created_at=1721172741000)),
        ("breaking created-not-seconds created_at",),
    ),
    Row("a model", listed(1721172741), listed(1721172741000), ("breaking created-not-seconds created",)),
    Row(
        "a response of 1970",
        r.whole(r.response()),
        r.whole(r.response(created_at=0)),
        ("info created-not-seconds created_at",),
    ),
    Row("before 1970", plain(completion()), plain(completion(created=-1)), ("breaking created-not-seconds created",)),
    Row("1970 itself", plain(completion()), plain(completion(created=0)), ("info created-not-seconds created",)),
    Row("a second later", plain(completion()), plain(completion(created=1))),
    Row("the golden has none either", plain(completion(created=0)), plain(completion(created=0))),
    Row("the last one that may be in seconds: the year 5138", plain(completion()), plain(completion(created=10**11))),
    Row("the golden's own are in milliseconds", MILLISECONDS, MILLISECONDS),
    Row(
        "S43, of a response",
        r.whole(r.response()),
        r.whole(r.response(created_at=1721172741000)),
        ("breaking created-not-seconds created_at",),
    ),
    Row(
        "S03: one wrong object does not excuse another",
        plain(completion(object="chat.completions")),
        plain(completion(object="chat.completion.chunk")),
        ("risky object-wrong object",),
    ),
    Row(
        "an event of a response names no item",
        r.told(r.events()),
        r.told([{**event, "item_id": ""} if "item_id" in event else event for event in r.events()]),
        ("risky value-empty item_id",),
    ),
    Row("S67: a reranker without results", ranked(1, 2), ranked(), ("risky list-empty results",)),
    Row("S67, benign twin: fewer results", ranked(1, 2), ranked(1)),
    Row("a golden sample of an unknown API has none", [ranked(1), ranked()], ranked()),
    Row("another sample has some", ranked(1), [ranked(), ranked(2)]),
    Row(
        "RS29: a status of the gateway's own",
        searched("completed"),
        searched("success"),
        ("breaking value-unknown output[0].status",),
    ),
    Row("RS29, benign twin: it is still searching, as the golden's", searched("searching"), searched("searching")),
    Row(
        "the reason of an incomplete response, in the word of chat",
        r.whole(r.response(status="incomplete", incomplete_details={"reason": "max_output_tokens"})),
        r.whole(r.response(status="incomplete", incomplete_details={"reason": "length"})),
        ("risky value-unknown incomplete_details.reason",),
    ),
    Row(
        "an image without its address",
        drawn("https://host.test/a.png"),
        drawn(""),
        ("breaking value-empty data[0].url",),
    ),
    Row(
        "RS21: citations of a type that the API does not have",
        noted("url_citation"),
        noted("citation"),
        ("risky value-unknown output[0].content[0].annotations[0].type",),
    ),
    Row("the golden's type is as foreign", noted("citation"), noted("citation")),
    Row(
        "S02: the id of a message is empty",
        r.whole(r.response()),
        r.whole(r.response(r.message(id=""))),
        ("risky value-empty output[0].id",),
    ),
)
