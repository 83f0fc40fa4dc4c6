"""The family of rankings: indexes, order, scale."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, completion, plain

ASK = {"model": "m", "query": "q", "documents": ["a", "b", "c"]}


def ranked(*results: tuple[Any, Any], key: str = "relevance_score", under: str = "results", ask: Any = ASK) -> Exchange:
    entries: Any = [{"index": index, key: score} for index, score in results]
    return plain({under: entries} if under else entries, ask, url="/v1/rerank")


GOLD = ranked((1, 0.9), (0, 0.4), (2, 0.1))
INDEX = ("risky result-index-broken results[].index",)
ORDER = ("risky results-unsorted results",)
SCALE = ("risky scores-off-scale results[].score",)
TEXTS = {"query": "q", "texts": ["a", "b"]}

CASES = (
    Row("S72: an index that no document has", GOLD, ranked((3, 0.9), (0, 0.4), (2, 0.1)), INDEX),
    Row("S72: below 0", GOLD, ranked((-1, 0.9), (0, 0.4), (2, 0.1)), INDEX),
    Row("S72: batches that each count from 0", GOLD, ranked((0, 0.9), (0, 0.4), (1, 0.1)), INDEX),
    Row("S72, benign twin: the last document", GOLD, ranked((2, 0.9), (0, 0.4), (1, 0.1))),
    Row("the golden counts from 1", ranked((3, 0.9)), ranked((3, 0.8))),
    Row("S73: in the order of the documents", GOLD, ranked((0, 0.4), (1, 0.9), (2, 0.1)), ORDER),
    Row("the golden's may be sorted by chance", ranked((0, 0.9), (1, 0.4)), ranked((0, 0.4), (1, 0.9))),
    Row("of two results chance may sort the golden's", ranked((1, 0.9), (0, 0.4)), ranked((1, 0.3), (0, 0.4))),
    Row(
        "no documents were sent: no ranking", ranked((1, 0.9), ask={"model": "m"}), ranked((1, 9.0), ask={"model": "m"})
    ),
    Row("S73, benign twin: two are as good", GOLD, ranked((1, 0.4), (0, 0.4), (2, 0.1))),
    Row("S74: logits", GOLD, ranked((1, 7.3), (0, 0.4), (2, -2.1)), SCALE),
    Row("TEI: the same", ranked((1, 0.9), (0, 0.4), key="score"), ranked((1, 7.3), (0, 0.4), key="score"), SCALE),
    Row("just more than float16 rounds", GOLD, ranked((1, 1.00105), (0, 0.4), (2, 0.1)), SCALE),
    Row("just above 1", GOLD, ranked((1, 1.01), (0, 0.4), (2, 0.1)), SCALE),
    Row("within float16's rounding", GOLD, ranked((1, 1.001), (0, 0.4), (2, -0.001))),
    Row("float32's 1", GOLD, ranked((1, 1.0000001192), (0, 0.4), (2, 0.1))),
    Row("just below 0", GOLD, ranked((1, 0.9), (0, 0.4), (2, -0.01)), SCALE),
    Row("S74, benign twin: 1 and 0", GOLD, ranked((1, 1), (0, 0.4), (2, 0))),
    Row("the golden's are logits", ranked((1, 3.2), (0, -1.0)), ranked((1, 2.9), (0, -4.0))),
    Row("Voyage: under data", ranked((1, 0.9), under="data"), ranked((7, 0.9), under="data"), INDEX),
    Row(
        "TEI: the body is the list",
        ranked((1, 0.9), key="score", under="", ask=TEXTS),
        ranked((2, 0.9), key="score", under="", ask=TEXTS),
        INDEX,
    ),
    Row("another ranking", GOLD, ranked((2, 0.8), (1, 0.7), (0, 0.6))),
    Row(
        "true is no score, and a text no index",
        GOLD,
        ranked(("1", True), (0, 0.4), (2, 0.1)),
        also=("risky field-type-changed results[0].index", "risky field-type-changed results[0].relevance_score"),
    ),
    Row("no ranking", plain(completion()), plain(completion())),
)
