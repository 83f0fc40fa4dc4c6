"""Each word of the lists that patterns hold: what a text, a name or a header is recognised by, and what is like it and is not.

The tables of the rules have one or two of them, with the report that they come from; here stand all, so that none is there
that nobody has seen work (`tests/mutate.py`). Where they come from stands beside the patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Exchange, Rule, Samples, Severity
from gate.observe.alive import keeps_alive
from gate.observe.clients import effects_of
from gate.observe.defects import defect
from gate.observe.exchange import observe
from gate.observe.limits import held_back, passes
from gate.observe.refusal import learn, place
from gate.rules.errors._headers import form
from gate.rules.errors.error_member_empty import RULE as MEMBER_EMPTY
from gate.rules.errors.error_nested import RULE as NESTED
from gate.rules.params.choices_count import RULE as CHOICES
from gate.rules.request._parts import part
from gate.rules.request.request_header_lost import RULE as HEADER_LOST
from gate.rules.request.request_schema_rewritten import RULE as REWRITTEN
from gate.rules.responses.lifecycle_events_missing import _item_type
from gate.rules.responses.lifecycle_events_missing import _weight as weight_of
from gate.rules.responses.parameter_not_echoed import RULE as NOT_ECHOED
from gate.rules.schema._models import dated, words
from gate.rules.schema.reasoning_renamed import RULE as RENAMED
from gate.rules.schema.template_marks_in_text import RULE as MARKS
from gate.rules.schema.text_ends_early import RULE as ENDS_EARLY
from gate.rules.schema.text_escaped_twice import RULE as ESCAPED_TWICE
from gate.rules.schema.text_html_escaped import RULE as ESCAPED
from gate.rules.schema.text_in_notation import RULE as NOTATION
from gate.rules.schema.text_mojibake import RULE as MOJIBAKE
from gate.rules.schema.text_question_marks import RULE as QUESTION_MARKS
from gate.rules.schema.think_tags_in_content import RULE as THINK_TAGS
from gate.rules.sdk.sdk_answer_changed import RULE as ANSWER_CHANGED
from gate.rules.stream.deltas_trimmed import RULE as TRIMMED
from gate.rules.structured.json_fenced import RULE as FENCED
from gate.rules.tools.tool_call_in_text import RULE as CALL_IN_TEXT
from tests.rules import _responses as r
from tests.rules._gateway import call as reached
from tests.rules._gateway import through
from tests.rules._written import flowing, quoted, said
from tests.rules_table import ASK, ASK_TOOL, TOOL, call, called, completion, plain, refusal, seen, stream


def worst(rule: Rule, golden: Exchange | Sequence[Exchange], candidate: Exchange) -> str:
    """How grave the rule says it is; "" where it is silent."""
    sides = (Samples(observed((one,) if isinstance(one, Exchange) else one), ()) for one in (golden, candidate))
    findings, crashes = compare([Cell("case", 0, *sides)], {rule.id: rule})
    assert not crashes, crashes[0].traceback
    return max((finding.severity for finding in findings), default=None).word if findings else ""  # type: ignore[union-attr]


# -- texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        *[
            "im_start",
            "im_end",
            "endoftext",
            "end_of_text",
            "begin_of_text",
            "eot_id",
            "eom_id",
            "start_header_id",
            "end_header_id",
            "end",
        ],
        *["assistant", "user", "system", "END_OF_TURN_TOKEN", "return", "message"],
    ],
)
def test_marks_of_chat_templates(mark: str) -> None:
    assert worst(MARKS, said("Hi"), said(f"Hi <|{mark}|> there")) == "breaking"
    assert worst(MARKS, said("Hi"), said(f"Hi {mark} |{mark}| <{mark}>")) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<start_of_turn>", "breaking"), ("<end_of_turn>", "breaking"), ("<of_turn>", ""),
        ("[/INST]", "breaking"), ("[INST]", ""),
        ("<｜User｜>", "breaking"), ("<｜Assistant｜>", "breaking"), ("<|Assistant|>", ""),
        ("<｜begin▁of▁sentence｜>", "breaking"), ("<｜end▁of▁sentence｜>", "breaking"), ("<｜middle▁of▁sentence｜>", ""),
        ("Hi</s>", "breaking"), ("Hi</s> <s>", "breaking"), ("Hi</s>[INST]", "breaking"), ("<s>Hi</s> there", ""),
    ],
)  # fmt: skip
def test_other_marks_of_chat_templates(text: str, told: str) -> None:
    assert worst(MARKS, said("Hi"), said(text)) == told


TAGS = [
    "<thought>", "<reasoning>", "</reflection>", "<think>", "<thinking>", "</seed:think>", "◁think▷", "◁/think▷",
    "[THINK]", "[/THINK]", "<|START_THINKING|>", "<|END_THINKING|>", "<|begin_of_thought|>", "<|end_of_thought|>",
    "<|thinking|>", "<|/thinking|>", "<|channel|>", "<unused94>", "<unused95>",
]  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
def test_tags_of_reasoning(tag: str) -> None:
    assert worst(THINK_TAGS, said("Hi"), said(f"{tag} Hi")) == "breaking"


@pytest.mark.parametrize(
    "text", ["List<thought>", "<rethink>", "(think)", "[THINKER]", "<|START|>", "<unused96>", "|channel|"]
)
def test_what_is_like_a_tag_of_reasoning(text: str) -> None:
    assert worst(THINK_TAGS, said("Hi"), said(text)) == ""


# Gemma's unused94 is no tag that anybody asks for
@pytest.mark.parametrize("tag", TAGS[:-2])
def test_who_asks_about_a_tag_is_answered_with_it(tag: str) -> None:
    assert worst(THINK_TAGS, quoted("Hi", f"What is {tag}?"), quoted(f"{tag} Hi", f"What is {tag}?")) == ""


@pytest.mark.parametrize("entity", ["amp", "lt", "gt", "quot", "apos", "#34", "#38", "#039", "#60", "#62", "#x22", "#x26", "#x27", "#x3c", "#x3E"])  # fmt: skip
def test_entities_of_ascii(entity: str) -> None:
    assert worst(ESCAPED, said("a"), said(f"a &{entity}; b")) == "risky"
    assert worst(ESCAPED, said("a"), said(f"a & b &{entity}; c")) == ""


@pytest.mark.parametrize(
    "entity",
    [
        *[
            "#128",
            "#129",
            "#130",
            "#199",
            "#200",
            "#999",
            "#1234",
            "#xe9",
            "#x80",
            "#x100",
            "#x4f60",
            "eacute",
            "egrave",
            "ecirc",
            "ouml",
            "ntilde",
            "ccedil",
            "aring",
        ],
        *[
            "oslash",
            "aelig",
            "scaron",
            "szlig",
            "nbsp",
            "mdash",
            "ndash",
            "hellip",
            "euro",
            "lsquo",
            "rsquo",
            "ldquo",
            "rdquo",
            "laquo",
            "raquo",
        ],
    ],
)
def test_entities_beyond_ascii(entity: str) -> None:
    assert worst(ESCAPED, said("é"), said(f"a &{entity}; b")) == "risky"


@pytest.mark.parametrize("entity", ["#127", "#65", "#x7f", "#x41", "num", "pi", "dash"])
def test_entities_that_nobody_needs(entity: str) -> None:
    assert worst(ESCAPED, said("é"), said(f"a &{entity}; b")) == ""


@pytest.mark.parametrize("sign", "«»‘’‚“”„‹›…–—•™\xa0")
def test_what_may_follow_a_letter_is_no_mojibake(sign: str) -> None:
    assert worst(MOJIBAKE, said("Hi"), said(f"AMANHÃ{sign} é")) == ""
    assert worst(MOJIBAKE, said("Hi"), said("AMANHÃ© é")) == "breaking"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gr?ße, Stra?ße", "risky"), ("GR?SSE, STRA?E", "risky"), ("/a?b /c?d", ""), ("x=a?b y=c?d", ""),
        ("a?b& c?d&", ""), ("`a?b` `c?d`", ""), ("????", "risky"), ("a???", ""), ("it?Yes", ""), ("a?b:c", ""),
        ("/a?b", ""), ("a=c?d", ""), ("a?b&c", ""), ("`a?b`", ""),
    ],
)  # fmt: skip
def test_question_marks_for_letters(text: str, told: str) -> None:
    assert worst(QUESTION_MARKS, said("你好, Ann"), said(text)) == told


LINES = flowing("A list", ":", "\n", "1. ", "Nile", "\n", "- ", "Congo", "\n", "Done.")


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "12. ", "# ", "#### ", "```"])
def test_marks_that_a_line_begins_with(mark: str) -> None:
    assert worst(TRIMMED, LINES, flowing("Rivers", ":", mark, "elbe", ":", mark, "oder")) == "risky"
    assert worst(TRIMMED, LINES, flowing("Rivers", ": ", mark, "elbe", " and ", mark, "oder")) == ""


def test_a_sentence_that_begins_without_a_blank() -> None:
    assert worst(TRIMMED, LINES, flowing("The elbe", ".", "The oder", ".", "The rhine", ".")) == "risky"
    assert worst(TRIMMED, LINES, flowing("The a.b", " and the C.D", " and A.B.C", ".")) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (r"a\nB\nC", "risky"),
        (r"Use '\n' and `\n`.", ""),
        (r"C:\new", ""),
        (r"a\n B\n C", "risky"),
        (r"a \nB \nC", "risky"),
        (r"a \n B \n C", ""),
    ],
)
def test_escapes_of_lines(text: str, told: str) -> None:
    assert worst(ESCAPED_TWICE, said("a\nb\nc"), said(text)) == told


@pytest.mark.parametrize("end", [".", "!", "?", "。", "！", "？", '."', "?' ", "!)", ".]", ".*"])
def test_ends_of_sentences(end: str) -> None:
    whole = said(f"It is{end} So it is.")
    assert worst(ENDS_EARLY, [whole, whole], said(f"It is{end}")) == "info"


@pytest.mark.parametrize("end", [",", ";", ":", "…", "", ". S"])
def test_no_ends_of_sentences(end: str) -> None:
    whole = said(f"It is{end} So it is.")
    assert worst(ENDS_EARLY, [whole, whole], said(f"It is{end}")) == "risky"


# -- calls in texts ---------------------------------------------------------------------------------

CALLED = called(call())


@pytest.mark.parametrize("name", ["name", "function", "tool", "tool_name", "action"])
@pytest.mark.parametrize("key", ["arguments", "parameters", "args", "input", "action_input", "tool_input"])
def test_objects_of_calls(name: str, key: str) -> None:
    text = f'{{"{name}": "get_weather", "{key}": {{}}}}'
    assert worst(CALL_IN_TEXT, CALLED, plain(completion({"content": text}), ASK_TOOL)) == "breaking"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("get_weather(city='Paris')", "breaking"), ("print(get_weather(city='Paris'))", "breaking"),
        ("default_api.get_weather(city='Paris')", "breaking"), ("functions.get_weather(city='Paris')", "breaking"),
        ("print(default_api.get_weather(city='Paris'))", "breaking"), ("print(other(1))", ""),
        ("other.get_weather(city='Paris')", ""), ('{"title": "get_weather", "arguments": {}}', ""),
        ('{"name": "get_weather", "options": {}}', ""),
    ],
)  # fmt: skip
def test_calls_in_python_and_what_is_none(text: str, told: str) -> None:
    assert worst(CALL_IN_TEXT, CALLED, plain(completion({"content": text}), ASK_TOOL)) == told


JSON_ASK = {**ASK, "response_format": {"type": "json_object"}}


@pytest.mark.parametrize("text", ['```json\n{"a": 1}\n```', '```json\n{"a": 1}\n'])
def test_a_fence_that_is_closed_or_not(text: str) -> None:
    golden = plain(completion({"content": '{"a": 1}'}), JSON_ASK)
    assert worst(FENCED, golden, plain(completion({"content": text}), JSON_ASK)) == "breaking"


@pytest.mark.parametrize("text", ['{"a": "\\u00', '{"a": "\\', '{"a": tru', '{"a": -1.5e', '{"a": -1.5e-', '{"a": "b'])
def test_json_that_breaks_off(text: str) -> None:
    assert defect(text) == "the text breaks off"


# -- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(
            (name, True)
            for name in (
                "ping",
                "pong",
                "heartbeat",
                "noop",
                "keepalive",
                "keep-alive",
                "keep_alive",
                "response.ping",
                "PING",
            )
        ),
        *((name, False) for name in ("pinged", "keep", "response.created", "alive", None)),
    ],
)
def test_keep_alives(name: object, told: bool) -> None:
    assert keeps_alive(name) is told


@pytest.mark.parametrize(("key", "told"), [("model_reasoning", "breaking"), ("model_thinking", "breaking"), ("thoughts", "breaking"), ("notes", "")])  # fmt: skip
def test_names_for_reasoning(key: str, told: str) -> None:
    assert worst(RENAMED, said("Hi", reasoning_content="Okay"), said("Hi", **{key: "Okay"})) == told


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("gpt-4o-2024-08-06", ["gpt", "4", "o"]), ("cohere-08-2024", ["cohere"]), ("gemini-2.5-pro-03-25", ["gemini", "2.5", "pro"]),
        ("o-01-02-2024", ["o"]), ("o2024-08-06", ["o"]), ("sonnet-4@latest", ["sonnet", "4"]), ("gemini-2-preview", ["gemini", "2"]),
        ("gemini-2-exp", ["gemini", "2"]), ("o-beta", ["o"]), ("gpt-4-0613", ["gpt", "4"]), ("nova-v1:0", ["nova"]),
        ("qwen3.gguf", ["qwen", "3"]), ("kimi-k2:groq", ["kimi", "k", "2"]), ("expert-betas", ["expert", "betas"]),
    ],
)  # fmt: skip
def test_what_is_no_part_of_a_model(name: str, of: list[str]) -> None:
    assert words(name) == of


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a-2024-08-06", True),
        ("a-08-06", True),
        ("a-08-2024", True),
        ("a-0613", True),
        ("a-4.5", False),
        ("a-12", False),
    ],
)
def test_names_of_snapshots(name: str, told: bool) -> None:
    assert dated(name) is told


@pytest.mark.parametrize(
    ("path", "of"),
    [
        ("tools[0].function.name", "tools"), ("functions[0].name", "tools"), ("toolset", "field"),
        ("response_format.json_schema.schema", "schema"), ("response_format.json_schema.schema.type", "schema"),
        ("text.format.schema.type", "schema"), ("text.format.schemata", "field"), ("text.format.type", "field"),
        ("messages[0].content", "messages"), ("input[0]", "messages"), ("prompt", "messages"), ("prompts", "field"),
    ],
)  # fmt: skip
def test_parts_of_a_request(path: str, of: str) -> None:
    assert part(path) == of


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *((name, "") for name in (
            "connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "host",
            "content-length", "accept-language", "via", "forwarded", "expect",
        )),
        *((name, "info") for name in ("connections", "x-te", "via-team", "expected", "forwarded-by")),
    ],
)  # fmt: skip
def test_headers_of_one_connection(name: str, told: str) -> None:
    sent = through(reached(headers={}), headers={name: "a"})
    assert worst(HEADER_LOST, plain(completion()), sent) == told


@pytest.mark.parametrize(
    ("value", "of"),
    [
        *((f"5{unit}", "duration") for unit in ("ns", "us", "µs", "ms", "s", "m", "h", "d")), ("6m0.5s", "duration"),
        ("5w", "other"), ("5", "number"), ("-1", "sentinel"),
    ],
)  # fmt: skip
def test_forms_of_a_wait(value: str, of: str) -> None:
    assert form("x-ratelimit-reset-requests", value) == of


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["error", "message", "detail", "code", "type"])
def test_errors_in_errors(key: str) -> None:
    assert worst(NESTED, refusal(400), refusal(400, message=f'failed: {{"{key}": 1}}')) == "info"
    assert worst(NESTED, refusal(400), refusal(400, message=f'failed: {{"{key}s": 1}}')) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, True) for text in (
            "CircuitBreaker 'x' is OPEN", "the circuit is open", "breaker is open", "in cooldown", "cooling down",
            "No deployments available", "no deployment available", "no healthy upstream", "no healthy deployment",
            "no healthy backend", "no healthy instance", "no healthy host", "reset reason: overflow",
        )),
        *((text, False) for text in ("no available channel", "no healthy diet", "the circuit is long", "reset reason")),
    ],
)  # fmt: skip
def test_words_of_breakers(text: str, told: bool) -> None:
    assert [held_back(status, text) for status in (429, 503, 400)] == [told, told, False]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        *((word, True) for word in (
            "rate_limit_exceeded", "ratelimited", "too_many_requests", "RESOURCE_EXHAUSTED", "insufficient_quota",
            "billing_error", "overloaded_error", "server_error", "Internal Server Error", "api_error", "UNAVAILABLE",
            "timeout_error", "timed out", "UNAUTHENTICATED", "authentication_error", "permission_denied",
            "unauthorized", 401, 402, 403, 408, 425, 429, 500, "529",
        )),
        *((word, False) for word in (
            "context_length_exceeded", "invalid_request_error", "too_many_tokens", "limit", "exhausted", 400, 404, 413,
            422, 1429, 5000,
        )),
    ],
)  # fmt: skip
def test_errors_of_the_route_in_a_stream(word: str | int, told: bool) -> None:
    for why in ({"code": word}, {"type": word}, {"status": word}, {"message": str(word)}):
        assert passes(observe(stream({"error": why}, done=False))) is told
    # the message only where nothing else is said
    named = {"code": "context_length_exceeded", "message": str(word)}
    assert passes(observe(stream({"error": named}, done=False))) is False
    assert passes(observe(stream({"type": "error", "code": word}, done=False, url="/v1/responses"))) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, "seed") for text in (
            "Unsupported parameter: 'seed'", "'seed' is not supported", "the backend does not support 'seed'",
            "Unrecognized request argument supplied: seed", "unrecognised parameter 'seed'", "Unknown name 'seed'",
            "'seed' is not permitted", "parameter 'seed' is not allowed", "Extra inputs: 'seed'", "extra_forbidden 'seed'",
            "unexpected keyword argument 'seed'",
        )),
        *((text, None) for text in ("'seed' must be an integer", "extra care for 'seed'", "'seed' is too large")),
    ],
)  # fmt: skip
def test_words_of_refusals(text: str, told: str | None) -> None:
    learned = learn(refusal(400, message=text, request={**ASK, "seed": 1}), {})
    assert (learned.parameter if learned else None) == told


@pytest.mark.parametrize("text", ["at /stop", "at #/stop", "at $/stop", "at $.stop"])
def test_pointers(text: str) -> None:
    assert place({"error": {"message": f"invalid value {text}"}}, ["stop", "messages"]) == "stop"


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("argument supplied: seed", "seed"), ("param seed", "seed"), ("parameters: seed", "seed"), ("property seed", "seed"),
        ("argument seed", "seed"), ("field: seed", "seed"), ("'seed'", "seed"), ("seed: no", "seed"), ("seed", "seed"),
        ("a seed is too large", ""), ("value seed", ""), ("param seed's", ""),
    ],
)  # fmt: skip
def test_names_in_errors(text: str, of: str) -> None:
    assert place({"error": {"message": text if text == "seed" else f"bad {text}"}}, ["seed"]) == of


# -- what is as good as nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, "", {}, []])
def test_a_parameter_that_asks_for_nothing_need_not_be_repeated(nothing: Any) -> None:
    def answered(**top: Any) -> Exchange:
        return r.whole(r.response(**top), {**r.ASK, "metadata": nothing})

    for other in (None, {"other": "x"}):
        assert worst(NOT_ECHOED, answered(metadata=nothing), answered(metadata=other)) == ""


@pytest.mark.parametrize(
    ("nothing", "told"), [(None, "info"), ("", "info"), ([], "info"), ({}, "info"), ("a", "breaking")]
)
def test_a_value_that_was_nothing_is_missed_by_nobody(nothing: Any, told: str) -> None:
    assert worst(ANSWER_CHANGED, seen(values={"text": nothing}), seen(values={"text": "b"})) == told


@pytest.mark.parametrize("empty", [{}, "", {"type": "object", "properties": {}}])
def test_an_empty_schema_says_nothing(empty: Any) -> None:
    tool = {"type": "function", "function": {"name": "f", "description": "It is."}}
    whole = {"type": "function", "function": {**tool["function"], "parameters": empty}}  # type: ignore[dict-item]

    def passed(before: Any, after: Any) -> Exchange:
        return through(reached({**ASK, "tools": [after]}), body={**ASK, "tools": [before]})

    golden = plain(completion(), {**ASK, "tools": [whole]})
    assert worst(REWRITTEN, golden, passed(whole, tool)) == "info"
    assert worst(REWRITTEN, golden, passed(tool, whole)) == "info"
    assert worst(REWRITTEN, golden, passed(TOOL, tool)) == "breaking"


def test_no_choices_at_all_is_the_schema_to_tell() -> None:
    asks = {**ASK, "n": 2}
    choice = completion()["choices"][0]
    golden = plain(completion(choices=[choice, {**choice, "index": 1}]), asks)
    assert worst(CHOICES, golden, plain(completion(choices=[]), asks)) == ""
    assert worst(CHOICES, golden, plain(completion(), asks)) == "breaking"


COUNTS = ["cached_tokens", "reasoning_tokens", "audio_tokens", "tokens_details", "prediction_tokens"]


@pytest.mark.parametrize(
    ("name", "did"), [*((name, "reads") for name in COUNTS), ("prompt_tokens", "loses"), ("cost", "reads")]
)
def test_counts_that_come_now_and_then(name: str, did: str) -> None:
    def read(**counts: int) -> Exchange:
        return seen(client="a", values={"usage": counts})

    golden, candidate = (observed((one,)) for one in (read(total_tokens=3, **{name: 2}), read(total_tokens=3)))
    assert [effect.did for effect in effects_of(golden, candidate[0])] == [did]


@pytest.mark.parametrize(
    ("choice", "did"), [(None, "reads"), ("auto", "reads"), ("none", "reads"), ("required", "loses")]
)
def test_a_text_may_stand_for_a_call_where_the_model_is_free(choice: str | None, did: str) -> None:
    def read(**values: Any) -> Exchange:
        request = plain(completion(), {**ASK_TOOL, "tool_choice": choice}).request
        return replace(seen(client="a", values=values), request=request)

    call = {"id": "c", "name": "get_weather", "arguments": "{}"}
    golden, candidate = (observed((one,)) for one in (read(tool_calls=[call]), read(text=["It rains."])))
    assert [effect.did for effect in effects_of(golden, candidate[0])] == [did]


@pytest.mark.parametrize(
    ("nothing", "did"), [(None, "reads"), ("", "reads"), (0, "reads"), ([], "reads"), ({}, "reads"), (2, "loses")]
)
def test_what_was_nothing_may_be_absent(nothing: Any, did: str) -> None:
    golden, candidate = (
        observed((seen(client="a", values=values),)) for values in ({"images": nothing, "n": 1}, {"n": 1})
    )
    assert [effect.did for effect in effects_of(golden, candidate[0], exact=True)] == [did]


@pytest.mark.parametrize(
    "mark",
    [
        *("<|im_middle|>", "<|im_user|>", "<|im_assistant|>", "<|observation|>"),
        *("<|turn>", "<turn|>", "<|channel>", "<channel|>"),
    ],
)
def test_marks_of_newer_templates(mark: str) -> None:
    assert worst(MARKS, said("Hi"), said(f"Hi{mark} there")) == "breaking"
    assert worst(MARKS, said("Hi"), said(f"Hi{mark.replace('|', '')} there")) == ""


def heard(text: str) -> Exchange:
    return plain({"text": text}, {"model": "m"}, url="/v1/audio/transcriptions")


def drawn(prompt: str) -> Exchange:
    data = [{"url": "https://a.test/1.png", "revised_prompt": prompt}]
    return plain({"created": 1, "data": data}, {"model": "m", "prompt": "a cat"}, url="/v1/images/generations")


@pytest.mark.parametrize(
    "token",
    [
        *("startoftranscript", "startofprev", "startoflm", "endoftext", "nospeech", "notimestamps"),
        *("transcribe", "translate", "en"),
    ],
)
def test_tokens_of_whisper(token: str) -> None:
    assert worst(MARKS, heard("Hi."), heard(f"<|{token}|>Hi.")) == "breaking"
    assert worst(MARKS, heard("Hi."), heard(f"<{token}>Hi.")) == ""


def test_what_was_said_or_asked_for_has_no_template() -> None:
    assert worst(MARKS, heard("Hi."), heard("Hi.<|im_end|>")) == ""
    assert worst(MARKS, drawn("A cat."), drawn("A cat.<|im_end|>")) == ""


NILE = "The river is the Nile"


@pytest.mark.parametrize("kind", ["text", "output_text"])
def test_a_part_as_text(kind: str) -> None:
    assert worst(NOTATION, said(NILE), said(f'{{"type": "{kind}", "text": "{NILE}"}}')) == "breaking"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("<Answer object at 0x7f3a2b1c>", "what does print(it) show?"),
        ("<Answer object at 0x7f3a2b1c>", "what is repr(it)?"),
        ("b'The river is the Nile'", "as bytes"),
        ("b'The river is the Nile'", "encode it"),
        ('data: {"a": 1}', "an event, please"),
        ('data: {"a": 1}', "a line with data: in it"),
        ("The%20river%20is%20the%20Nile", "encode it"),
        ("The%20river%20is%20the%20Nile", "in percent"),
        ("The%20river%20is%20the%20Nile", "for a URL"),
        ("VGhlIHJpdmVyIGlzIHRoZSBOaWxl", "in base64"),
        ("VGhlIHJpdmVyIGlzIHRoZSBOaWxl", "encode it"),
    ],
)
def test_a_notation_that_the_request_speaks_of(text: str, asks: str) -> None:
    assert worst(NOTATION, said(NILE), said(text)) != ""
    assert worst(NOTATION, quoted(NILE, asks), quoted(text, asks)) == ""


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        ("web_search_call.in_progress", Severity.INFO),
        ("web_search_call.searching", Severity.INFO),
        ("image_generation_call.generating", Severity.INFO),
        ("code_interpreter_call.interpreting", Severity.INFO),
        ("mcp_list_tools.in_progress", Severity.INFO),
        ("mcp_call.failed", Severity.RISKY),
        ("mcp_call.completed", Severity.RISKY),
        ("mcp_call_arguments.delta", Severity.BREAKING),
    ],
)
def test_signs_of_work(kind: str, weight: Severity) -> None:
    assert weight_of(kind) is weight


@pytest.mark.parametrize(
    ("kind", "item"),
    [("output_text", "message"), ("refusal", "message"), ("function_call_arguments", "function_call")],
)
def test_the_item_that_an_event_tells_of(kind: str, item: str) -> None:
    start, end = r.events()[:1], r.events()[-1:]
    deltas = [{"type": f"response.{kind}.delta", "output_index": 0, "item_id": "a", "delta": "x"}]
    (observation,) = observed([r.told(r.renumbered([*start, *deltas, *end]))])
    assert _item_type(observation.events[1], f"{kind}.delta") == item


@pytest.mark.parametrize("page", ["<!DOCTYPE html>", "<!doctype  html>", "<html>", "<HTML lang='en'>"])
def test_pages_in_errors(page: str) -> None:
    assert worst(NESTED, refusal(400), refusal(400, message=f"failed: {page} 502")) == "info"


def test_an_error_of_null_in_a_legacy_stream() -> None:
    chunk = {"id": "a", "object": "text_completion", "created": 1, "model": "m"}
    whole = {**chunk, "choices": [{"index": 0, "text": "Hi", "logprobs": None, "finish_reason": "stop"}]}
    golden = stream(whole, request={"model": "m", "prompt": "Hi"}, url="/v1/completions")
    candidate = stream({**whole, "error": None}, request={"model": "m", "prompt": "Hi"}, url="/v1/completions")
    assert worst(MEMBER_EMPTY, golden, candidate) == "breaking"
