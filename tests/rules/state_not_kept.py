"""state-not-kept: state that a response confirms."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

ASK = {**r.ASK, "previous_response_id": "resp_0"}
TALK = {**r.ASK, "conversation": "conv_1"}


def said(request: Any = ASK, **top: Any) -> Exchange:
    return r.whole(r.response(**top), request)


CASES = (
    Row(
        "RS23: previous_response_id is ignored (Blaizzy/mlx-vlm 1046)",
        said(previous_response_id="resp_0"),
        said(previous_response_id=None),
        ("risky previous_response_id",),
    ),
    Row(
        "RS23: a conversation",
        said(TALK, conversation={"id": "conv_1"}),
        said(TALK),
        ("risky conversation",),
    ),
    Row("RS23, benign twin: it is kept", said(previous_response_id="resp_0"), said(previous_response_id="resp_0")),
    Row("the golden does not repeat it", said(), said()),
    Row("it was not asked for", said(r.ASK, previous_response_id=None), said(r.ASK)),
    Row(
        "RS23: store is asked for, and the response says that nothing is stored",
        said({**r.ASK, "store": True}, store=True),
        said({**r.ASK, "store": True}, store=False),
        ("risky store",),
    ),
)
