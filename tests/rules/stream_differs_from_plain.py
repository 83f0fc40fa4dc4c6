"""stream-differs-from-plain: one request, two code paths."""

from __future__ import annotations

from tests.rules_table import ASK, ASK_TOOL, HELLO, ROLE, Row, call, chunk, completion, plain, stream

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
CALL = {**call(), "index": 0}
BOTH = {"content": "Let me check.", "tool_calls": [call()]}
TALKING = stream(
    ROLE, chunk({"content": "Let me check."}), chunk({"tool_calls": [CALL]}), chunk({}, "tool_calls"), request=AUTO
)
SILENT = stream(ROLE, chunk({"tool_calls": [CALL]}), chunk({}, "tool_calls"), request=AUTO)
PLAIN = plain(completion(BOTH, "tool_calls"), AUTO)
HI = plain(completion())

CALLS_ALONE = plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), AUTO)
ASK_TWO = {**ASK, "n": 2}
TWO = [{**c, "choices": [{**c["choices"][0], "index": n}]} for c in HELLO for n in (0, 1)]
BOTH_CHOICES = completion(choices=[{**completion()["choices"][0], "index": n} for n in (0, 1)])

CASES = (
    Row(
        "TL21: text beside tool calls is dropped on one path only",
        TALKING,
        SILENT,
        ("risky choices[0]",),
        golden_twin=(PLAIN,),
        candidate_twin=(PLAIN,),
    ),
    Row(
        "ST18: the gateway rewrites the model on one path",
        stream(*HELLO),
        stream(*(dict(c, model="openai/m") for c in HELLO)),
        ("info model",),
        golden_twin=(HI,),
        candidate_twin=(HI,),
    ),
    Row(
        "a field of the plain answer is lost in the stream",
        stream(*HELLO),
        stream(*HELLO),
        ("info citations",),
        golden_twin=(HI,),
        candidate_twin=(plain(completion(citations=["a"])),),
    ),
    Row(
        "length in the stream, stop in the plain answer",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({}, "length")),
        ("info choices[0].finish_reason",),
        golden_twin=(HI,),
        candidate_twin=(HI,),
    ),
    Row(
        "TL21, benign twin: the plain answer has no text either",
        TALKING,
        SILENT,
        golden_twin=(PLAIN,),
        candidate_twin=(plain(completion({**BOTH, "content": None}, "tool_calls"), AUTO),),
    ),
    Row(
        "ST18, benign twin: the same name on both paths",
        stream(*HELLO),
        stream(*(dict(c, model="x") for c in HELLO)),
        golden_twin=(HI,),
        candidate_twin=(plain(completion(model="x")),),
        also=("risky model-changed model",),
    ),
    Row("no twin to compare with", TALKING, SILENT),
    Row(
        "the tool calls come on one path only",
        SILENT,
        stream(ROLE, chunk({}, "tool_calls"), request=AUTO),
        ("risky choices[0]",),
        golden_twin=(CALLS_ALONE,),
        candidate_twin=(CALLS_ALONE,),
        also=("breaking tool-call-announced choices[0].message.tool_calls",),
    ),
    Row(
        "lm-proxy 3.3 loses a custom tool's call in streams alone: its finish_reason is no drift of its own",
        SILENT,
        stream(ROLE, chunk({}, "stop"), request=AUTO),
        ("risky choices[0]",),
        golden_twin=(CALLS_ALONE,),
        candidate_twin=(CALLS_ALONE,),
        also=("breaking answer-empty choices[0].message.content",),
    ),
    Row(
        "one choice of two on one path",
        stream(*TWO, request=ASK_TWO),
        stream(*HELLO, request=ASK_TWO),
        ("risky choices",),
        golden_twin=(plain(BOTH_CHOICES, ASK_TWO),),
        candidate_twin=(plain(BOTH_CHOICES, ASK_TWO),),
        also=("breaking choices-count choices",),
    ),
    Row(
        "a field of the message is lost in the stream",
        stream(*HELLO),
        stream(*HELLO),
        ("info choices[].message.annotations",),
        golden_twin=(HI,),
        candidate_twin=(plain(completion({"annotations": []})),),
    ),
    Row(
        "what lies below it depends on what the answer says",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hello.", "provider": {"id": 1}}), chunk({}, "stop")),
        golden_twin=(HI,),
        candidate_twin=(plain(completion({"provider": {"id": 1, "cache": "hit"}})),),
    ),
)
