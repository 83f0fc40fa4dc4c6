"""Known drifts as operators: each fits a golden, changes it alone, and survives whatever a remote can send."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate, pairwise
from random import Random
from types import ModuleType
from typing import Any

import pytest

from gate.judge.compare import Cell, compare
from gate.model import Chunk, Ending, Exchange, Request, Response, Samples, Severity
from gate.mutations import DEMO, Mutation, Operator, Row, collected, harmless, harmless_streams, mutations
from gate.mutations.arrivals import merged
from gate.mutations.edit import in_body, in_docs
from gate.mutations.errors.members import error_in_message
from gate.mutations.errors.midstream import (
    stream_error_dropped,
    stream_error_recoded,
    stream_error_retyped,
    stream_error_unexplained,
)
from gate.mutations.errors.said import error_said
from gate.mutations.frames import Piece, in_events, pieces_of
from gate.mutations.harmless_streams import finish_with_content
from gate.mutations.latency.pace import tool_call_held_back
from gate.mutations.replies import cut, labelled, rewritten
from gate.mutations.request.calls import queued
from gate.mutations.responses.events import event_foreign
from gate.mutations.schema.characters import escaped_twice
from gate.mutations.schema.choices import choices_empty
from gate.mutations.schema.extra import field_unknown, filter_results_added, filter_results_dropped
from gate.mutations.schema.lists import entries_renamed, entry_bare, entry_twice
from gate.mutations.schema.rankings import ranking_in_order_of_documents, result_named_twice, scores_as_logits
from gate.mutations.stream.repeated import (
    created_changes,
    finish_key_left_out,
    role_on_every_chunk,
    thought_beside_word,
)
from gate.mutations.stream.text import text_hole
from gate.mutations.stream.transcripts import transcript_as_text, transcript_hole
from gate.mutations.structured.precedence import tools_ranked_otherwise
from gate.mutations.structured.text import json_bad_escape
from gate.mutations.tools.choice import _as_text, tool_text_dropped
from gate.mutations.tools.deltas import tool_call_repeated
from gate.mutations.tools.fragments import tool_id_on_every_part, tool_index_from_one, tool_part_nulls
from gate.mutations.tools.members import tool_ids_restart
from gate.mutations.transport.framing import ids_beside_data, sse_comments, sse_crlf
from gate.mutations.usage.presence import usage_nulls_toggled
from gate.mutations.values import put, rename, written
from gate.observe.exchange import observe
from gate.rules import rules
from gate.suite import builtin
from tests.mutation_goldens import GOLDENS, SINGLE
from tests.rules_table import HELLO, ROLE, chunk, completion, embedded, none, plain, stream

ALL = [pytest.param(mutation, id=mutation.id) for mutation in mutations().values()]
EXCHANGES = [exchange for samples in GOLDENS.values() for exchange in samples]


@cache
def changed(operator: Operator) -> tuple[tuple[Exchange, Exchange], ...]:
    """What an operator fits, before and after; several tests look at it."""
    return _changed(operator)


def _changed(operator: Operator) -> tuple[tuple[Exchange, Exchange], ...]:
    return tuple((exchange, new) for exchange in EXCHANGES if (new := operator(exchange)) is not None)


# -- the catalogue ------------------------------------------------------------------------------


ROW = Row(
    drifts=("T07",),
    severity=Severity.RISKY,
    summary="",
    caught_by=("numbers-lost",),
    apply=text_hole,
    twin=text_hole,
    exercised_by=("chat",),
)


def _subject(name: str, *rows: Row) -> ModuleType:
    module = ModuleType(f"gate.mutations.{name}")
    vars(module).update(MUTATIONS=rows, __file__=f"mutations/{name.replace('.', '/')}.py")
    return module


def test_mutations_are_sorted_wherever_they_stand() -> None:
    assert list(mutations()) == sorted(mutations())
    last = _subject("usage.any", replace(ROW, id="usage-null"))
    assert list(collected([last, _subject("stream.any", ROW)])) == ["text-hole", "usage-null"]


def test_an_id_that_stands_twice_is_told_with_its_file() -> None:
    other = replace(ROW, summary="another one")
    with pytest.raises(TypeError, match=r"mutations/stream/two\.py: the id text-hole is taken"):
        collected([_subject("stream.one", ROW), _subject("stream.two", other)])
    with pytest.raises(TypeError, match=r"mutations/stream/one\.py: the id text-hole is taken"):
        collected([_subject("stream.one", ROW, ROW)])


def test_a_subject_without_a_table_is_told_with_its_file() -> None:
    bare = _subject("stream.one")
    del bare.MUTATIONS
    with pytest.raises(TypeError, match=r"mutations/stream/one\.py: there is no MUTATIONS"):
        collected([bare])


def test_a_mutation_is_called_like_its_operator_and_belongs_to_its_folder() -> None:
    found = collected([_subject("usage.one", ROW), _subject("stream.one", replace(ROW, id="made-by-a-function"))])
    assert {name: mutation.area for name, mutation in found.items()} == {
        "text-hole": "usage",
        "made-by-a-function": "stream",
    }


@pytest.mark.parametrize("mutation", ALL)
def test_a_mutation_tells_where_it_comes_from(mutation: Mutation) -> None:
    assert all(re.fullmatch(r"(T|S|ST|TL|SO|ER|EM|US|PA|LA|RS|SD|RQ)\d\d", drift) for drift in mutation.drifts)
    assert mutation.drifts
    assert mutation.exercised_by
    assert set(mutation.exercised_by) <= set(builtin()), "exercised_by names scenarios of gate/suite/"


# Why a rule of another area is the one that owes a drift, where none of the drift's own area does.
ELSEWHERE = {
    "answer-empty": "an item of a response without its text is an answer without text, as in chat",
    "body-cut": "after the error nothing comes: what is left to see is that the stream has no end",
    "body-not-json": "a body without a byte is no answer in any form: JSON",
    "done-differs-from-deltas": "every API that repeats a text in its last event is judged by one rule",
    "done-missing": "the sentinel ends a stream; which bytes wrap it is transport",
    "echo-ignored": "the prompt is in the answer because a parameter asked for it",
    "error-in-200": "a stream that is one error object is a failure first",
    "event-type-missing": "an event by another name is one that its readers never get, on any endpoint",
    "field-missing": "it judges each field of each endpoint; a rule for one of them would say the same",
    "field-type-changed": "it judges each field of each endpoint; a rule for one of them would say the same",
    "finish-reason-changed": "one rule for the finish of plain and streamed answers, whatever ended them",
    "length-without-limit": "whether an answer could have ended at a limit is known from the parameters",
    "logprobs-incomplete": "logprobs that were asked for and did not come are fields of the answer that are missing",
    "media-format-changed": "the bytes are those of another format than their label: transport",
    "number-not-json": "NaN is no JSON wherever it stands; vectors are where it was seen",
    "results-count": "how many results there are follows from the parameters: a list of prompts",
    "sse-line-long": "how long a line may be is a limit of readers of streams: transport",
    "success-lost": "a failure is seen by its status; which parameter brought it is not said in a 500",
    "stream-error": "an error that comes as an event is read by those who read the stream",
    "stream-not-sse": "a body without a byte is no answer in any form: a stream",
    "stream-unfinished": "each endpoint has its terminal event; one rule asks for it",
    "truncation-hidden": "whether an answer reached its limit is known from the parameters",
    "role-wrong": "a value outside the API's vocabulary is judged by the schema, wherever it stands",
    "value-unknown": "one rule for the closed vocabularies of each endpoint",
}


def _strangers(mutation: Mutation) -> set[str]:
    owing = {name: rules()[name].area for name in mutation.caught_by}
    return set() if mutation.area in owing.values() else set(owing)


@pytest.mark.parametrize("mutation", ALL)
def test_the_rules_that_owe_it_are_of_its_area_or_stand_there_with_a_reason(mutation: Mutation) -> None:
    assert mutation.caught_by
    assert list(dict.fromkeys(mutation.caught_by)) == list(mutation.caught_by)
    assert _strangers(mutation) <= ELSEWHERE.keys()


def test_no_reason_stands_there_for_nothing() -> None:
    assert set().union(*map(_strangers, mutations().values())) == ELSEWHERE.keys()


@pytest.mark.parametrize("mutation", ALL)
def test_it_fits_some_golden_and_changes_it_the_same_way_each_time(mutation: Mutation) -> None:
    found = changed(mutation.apply)
    assert found, "the operator fits no golden of tests/mutation_goldens.py"
    assert all(old != new for old, new in found)
    assert found == _changed(mutation.apply)
    _adds_up(found)


@pytest.mark.parametrize("mutation", ALL)
def test_its_twin_fits_some_golden_and_changes_it(mutation: Mutation) -> None:
    found = changed(mutation.twin)
    assert found, "the twin fits no golden of tests/mutation_goldens.py"
    assert all(old != new for old, new in found)
    _adds_up(found)


def _adds_up(found: Iterable[tuple[Exchange, Exchange]]) -> None:
    """The request stays, but where a gateway is asked beyond the suite; chunks come in order and bring exactly the bytes
    of the body."""
    for old, new in found:
        assert new.request == old.request or new.upstream is not None
        assert (new.scenario, new.step, new.sample) == (old.scenario, old.step, old.sample)
        times = [part.at_ms for part in new.chunks]
        assert times == sorted(times)
        assert all(part.size > 0 for part in new.chunks)
        if new.chunks:
            assert new.response is not None
            assert sum(part.size for part in new.chunks) == len(new.response.body)


@pytest.mark.parametrize(("mutation", "scenario"), DEMO)
def test_the_demo_drifts_fit_their_scenarios(mutation: str, scenario: str) -> None:
    assert all(mutations()[mutation].apply(exchange) for exchange in GOLDENS[scenario])
    assert scenario in builtin()


# -- noise --------------------------------------------------------------------------------------

HARMLESS = [
    harmless.again,
    harmless.respaced,
    harmless.added_field,
    harmless.other_headers,
    harmless.kept_alive,
    harmless.snapshot,
    harmless.other_usage,
    harmless.other_prose,
    harmless.other_spacing_of_arguments,
    harmless_streams.fewer_events,
    harmless_streams.role_with_content,
    harmless_streams.role_without_content,
    harmless_streams.finish_with_content,
    harmless_streams.empty_delta_before_finish,
    harmless_streams.null_usage_chunks,
    harmless_streams.comments,
    harmless_streams.bursts,
    harmless.nulls_toggled,
    harmless.null_error,
]
TOLERABLE = [
    harmless_streams.role_repeated,
    harmless_streams.created_grows,
    harmless_streams.nulls_in_fragments,
    harmless_streams.call_in_one_block,
    harmless_streams.finish_left_out,
    harmless.filter_results,
]


def loud(operator: Operator, least: Severity) -> list[tuple[str, str, str]]:
    found = []
    for name, samples in GOLDENS.items():
        golden, new = samples[0], operator(samples[0])
        if new is not None:
            cell = Cell(name, 0, Samples((observe(golden),)), Samples((observe(new),)))
            findings, crashes = compare([cell])
            assert not crashes
            found += [(name, f.rule, f.message) for f in findings if f.severity >= least]
    return found


@pytest.mark.parametrize("operator", HARMLESS)
def test_harmless_variations_are_neither_breaking_nor_risky(operator: Operator) -> None:
    assert changed(operator)
    assert loud(operator, Severity.RISKY) == []


@pytest.mark.parametrize("operator", TOLERABLE)
def test_what_other_routes_do_and_clients_tolerate_is_never_breaking(operator: Operator) -> None:
    assert changed(operator)
    assert loud(operator, Severity.BREAKING) == []


# -- editing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("like", "text"),
    [
        (b'{"id":"x","n":1}', '{"a":[1,2],"b":"é"}'),
        (b'{"id": "x", "n": 1}', '{"a": [1, 2], "b": "é"}'),
        (b'{"id": "x", "n": "\\u00e9"}', '{"a": [1, 2], "b": "\\u00e9"}'),
        (b'{\n  "id": "x"\n}', '{\n  "a": [\n    1,\n    2\n  ],\n  "b": "é"\n}'),
        (b'[{"id":"x"}]', '{"a":[1,2],"b":"é"}'),
        (b"null", '{"a": [1, 2], "b": "é"}'),
    ],
)
def test_json_is_written_as_it_was(like: bytes, text: str) -> None:
    assert written({"a": [1, 2], "b": "é"}, like).decode() == text


def test_half_a_surrogate_pair_stays_an_escape() -> None:
    assert written({"a": "\ud83d"}, b'{"a":"x"}') == b'{"a":"\\ud83d"}'


def test_frames_keep_their_line_ends_and_spacing() -> None:
    raw = b': ping\r\n\r\nevent: x\r\ndata:{"a": 1}\r\nid: 7\r\n\r\ndata: [DONE]\r\n\r\n'
    exchange = stream(raw, done=False)
    new = in_docs(exchange, lambda doc: put(doc, "a", 2))
    assert new is not None
    assert new.response is not None
    assert new.response.body == raw.replace(b'"a": 1', b'"a": 2')


def test_a_text_over_several_data_lines_becomes_one() -> None:
    exchange = stream(b'data: {"a":\ndata: 1}\n\n', done=False)
    new = in_docs(exchange, lambda doc: put(doc, "a", 2))
    assert new is not None
    assert new.response is not None
    assert new.response.body == b'data: {"a":2}\n\n'


def _timed() -> Exchange:
    """Four events in five chunks; the second event comes in two parts."""
    exchange = stream(*HELLO, done=False)
    body = exchange.response.body if exchange.response else b""
    ends = [event.frame.end for event in observe(exchange).events]
    cuts = [0, ends[0], ends[0] + 10, ends[1], ends[2], len(body)]
    chunks = tuple(Chunk(100.0 * i, b - a) for i, (a, b) in enumerate(pairwise(cuts), 1))
    return replace(exchange, chunks=chunks)


def _arrivals(exchange: Exchange) -> list[float | None]:
    return [event.at_ms for event in observe(exchange).events]


def test_events_keep_their_arrival_times_when_they_grow_or_shrink() -> None:
    exchange = _timed()
    longer = in_docs(exchange, lambda doc: put(doc, "model", "a-much-longer-name-than-before" * 9))
    shorter = in_docs(exchange, lambda doc: put(doc, "choices", []))
    assert longer is not None
    assert shorter is not None
    assert _arrivals(exchange) == [100, 300, 400, 500] == _arrivals(longer) == _arrivals(shorter)


def test_dropped_and_inserted_events_leave_the_times_of_the_others() -> None:
    exchange = _timed()
    fewer = in_events(exchange, lambda found: [found[0], *found[2:]])
    more = in_events(exchange, lambda found: [found[0], found[0].beside({"x": 1}), *found[1:]])
    assert fewer is not None
    assert more is not None
    assert _arrivals(fewer) == [100, 400, 500]
    assert _arrivals(more) == [100, 100, 300, 400, 500]


def test_events_that_move_forward_never_arrive_before_their_predecessor() -> None:
    turned = in_events(_timed(), lambda found: list(reversed(found)))
    assert turned is not None
    assert _arrivals(turned) == [500, 500, 500, 500]


def test_what_has_nothing_to_edit_stays() -> None:
    comment = Piece(b": ping\n\n")
    assert comment.holding({"a": 1}) is comment
    assert put(["a"], "a", 1) is False
    assert labelled(none(plain({}).ending, "nothing came"), server="edge") is None


def test_nothing_changed_is_no_fit() -> None:
    exchange = stream(*HELLO)
    assert in_events(exchange, lambda found: found) is None
    assert in_docs(exchange, lambda _: False) is None
    assert in_body(plain({"a": 1}), lambda _: False) is None


def test_a_body_keeps_its_length_header_and_its_times() -> None:
    body = json.dumps({"a": 1}).encode()
    chunks = (Chunk(5, 3), Chunk(9, len(body) - 3))
    exchange = plain(body, headers={"Content-Length": str(len(body))}, chunks=chunks)
    new = rewritten(exchange, body * 10)
    assert new.response is not None
    assert ("Content-Length", str(10 * len(body))) in new.response.headers
    assert [part.at_ms for part in new.chunks] == [5, 9]
    assert sum(part.size for part in new.chunks) == 10 * len(body)


def test_a_cut_keeps_what_came_before_it() -> None:
    exchange = _timed()
    half = cut(exchange, 20, exchange.ending, "cut")
    assert half.response is not None
    assert len(half.response.body) == 20
    assert half.chunks == (Chunk(100.0, 20),)


def test_pieces_cover_the_stream() -> None:
    exchange = stream(b": ping\n\n", *HELLO, b"data: {")
    body = exchange.response.body if exchange.response else b""
    assert b"".join(piece.raw for piece in pieces_of(exchange)) == body


@pytest.mark.parametrize(
    "exchange",
    [
        plain(completion(), headers={"content-encoding": "gzip"}),
        replace(plain(completion()), body_size=10_000_000),
        none(plain({}).ending, "nothing came"),
    ],
)
def test_bodies_that_are_not_stored_as_they_came_are_not_edited(exchange: Exchange) -> None:
    assert in_docs(exchange, lambda doc: put(doc, "a", 1)) is None
    assert mutations()["usage-missing"].apply(exchange) is None


# -- hostile remotes ----------------------------------------------------------------------------

HOSTILE: tuple[Any, ...] = (None, True, 0, -1, 1e308, "", "x", [], [None], [[]], {}, {"a": {}}, ["x", 1, {"id": []}])
RAW = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * 5000,
    b'{"a":NaN}',
    b"\xff\xfe{}",
    b"data:",
    b"data: [1]\n\n",
    b"data: {}\n\n\n",
)


def _spoiled(value: Any, rng: Random) -> Any:
    """A copy with one value somewhere replaced, or removed."""
    value = copy.deepcopy(value)
    holders = [holder for holder in _holders(value) if holder]
    holder = rng.choice(holders)
    key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
    holder[key] = copy.deepcopy(rng.choice(HOSTILE))
    return value


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from _holders(child)


def _spoilt(exchange: Exchange, rng: Random) -> Exchange:
    request = json.loads(exchange.request.body or b"{}")
    spoiled = replace(exchange, request=replace(exchange.request, body=json.dumps(_spoiled(request, rng)).encode()))
    found = observe(exchange)
    if found.form == "stream":
        edited = in_events(spoiled, lambda parts: [_spoilt_piece(part, rng) for part in parts])
    else:
        edited = rewritten(spoiled, json.dumps(_spoiled(found.body, rng)).encode())
    return edited or spoiled


def _spoilt_piece(piece: Any, rng: Random) -> Any:
    wanted = isinstance(piece.doc, dict) and rng.random() < 0.5
    return piece.holding(_spoiled(piece.doc, rng)) if wanted else piece


def _hostile() -> Iterator[Exchange]:
    rng = Random(3)
    for exchange in SINGLE.values():
        if exchange.request.method == "POST":
            yield from (_spoilt(exchange, rng) for _ in range(2))
    for body in RAW:
        yield replace(plain(body), request=Request("POST", "https://h/v1/chat/completions"))
        yield plain(body, url="/v1/embeddings", status=429)
    # vectors that are none, or that no float32 holds
    for vector in ("!!!", "AAA", [1e39], [10**400], [[1]], 7):
        yield embedded(vector)
        yield embedded(vector, encoding_format="base64")
    yield replace(plain({"data": []}), request=Request("GET", "https://h/v1/models"))
    yield replace(plain({"data": [7]}), request=Request("GET", "https://h/v1/models"))
    yield plain(b" \n" + json.dumps(completion()).encode())
    yield none(Ending.RESET, "nothing came")
    yield stream(*({"type": "response.output_text.delta", "delta": word} for word in ("Hi",)), url="/v1/responses")
    # ten numbers in two frames, and a call that comes in no message
    yield stream(ROLE, chunk({"content": "1 2 3 4 5 "}), chunk({"content": "6 7 8 9 10"}), chunk({}, "stop"))
    yield Exchange(Request("GET", "/"), Response(200, "", (("content-length", "x"),), b"data: {}\n\n"), (Chunk(1, 99),))
    yield stream(chunk(choices=[None, 1, {"delta": {"tool_calls": [None, {"function": 1}]}}]), chunk(choices={}))


SPOILED = tuple(_hostile())


@pytest.mark.parametrize("mutation", ALL)
def test_no_exchange_makes_it_raise(mutation: Mutation) -> None:
    for exchange in SPOILED:
        for operator in (mutation.apply, mutation.twin):
            new = operator(exchange)
            assert new is None or isinstance(new, Exchange)


def test_the_chunks_of_a_spoiled_stream_still_add_up() -> None:
    for exchange in SPOILED:
        if exchange.chunks and observe(exchange).form == "stream" and exchange.response:
            shares = [part.size for piece in pieces_of(exchange) for part in piece.chunks]
            assert list(accumulate(shares))[-1:] <= [len(exchange.response.body)]


def test_what_an_edit_does_not_fit_stays_as_it_is() -> None:
    assert not rename({"b": 1}, "a", "c")
    assert not rename([], "a", "c")
    comment = Piece(b": ping\n\n")
    assert comment.holding({}) is comment
    assert merged([Chunk(1.0, 0), Chunk(2.0, 3), Chunk(2.0, 1), Chunk(3.0, 0)]) == (Chunk(2.0, 4),)
    assert _as_text([], "nothing calls") is None


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1, "b": 2}'}}
AGAIN = {**CALL, "id": "d", "function": {"name": "f", "arguments": '{"b":2,"a":1}'}}
ONE = '{"city": "Paris"}'
FORMAT = {"response_format": {"type": "json_object"}}
HEARD = "/v1/audio/transcriptions"
WHY = {"message": "Slow down.", "type": "requests", "code": "rate_limit_exceeded"}
FAILING = stream(*HELLO[:2], {"error": WHY}, done=False)
RESPONDING = stream(
    {"type": "error", "message": "Slow down.", "code": "rate_limit_exceeded"}, done=False, url="/v1/responses"
)
LONG = [ROLE, *(chunk({"content": word}) for word in ("a ", "b ", "c ", "d ")), chunk({}, "stop")]
OPENED = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}
FURTHER = {"index": 0, "function": {"arguments": "{}"}}


def calling(*parts: dict[str, Any], text: str = "") -> Exchange:
    """A stream that calls a tool, after a text."""
    said = [chunk({"content": text})] if text else []
    return stream(ROLE, *said, *(chunk({"tool_calls": [part]}) for part in parts), chunk({}, "tool_calls"))


def listed(*names: str) -> Exchange:
    """A list of models."""
    models = [{"id": name, "context_window": 8192} for name in names]
    return replace(plain({"data": models}), request=Request("GET", "https://h/v1/models"))


def ranked(*results: tuple[int | None, float]) -> Exchange:
    """An answer of an API that ranks three documents."""
    body = {"results": [{"index": index, "relevance_score": score} for index, score in results]}
    return plain(body, {"documents": ["a", "b", "c"]}, url="/v1/rerank")


temperature_refused = mutations()["temperature-refused"].apply


def _twice(operator: Operator, exchange: Exchange) -> Exchange:
    return operator(exchange) or exchange


FEW = stream({"type": "transcript.text.delta", "delta": "Hi"}, done=False, url=HEARD)


@pytest.mark.parametrize(
    ("operator", "exchange", "fits"),
    [
        (tool_call_repeated, plain(completion({"tool_calls": [CALL]})), True),
        (tool_call_repeated, plain(completion({"tool_calls": [CALL, AGAIN]})), False),  # the golden shows it already
        (json_bad_escape, plain(completion({"content": ONE}), FORMAT), True),
        (json_bad_escape, plain(completion({"content": ONE}, "length"), FORMAT), False),  # cut, whatever else is wrong
        (stream_error_dropped, FAILING, True),
        (stream_error_dropped, stream({"error": WHY}), False),  # nothing would be left
        (stream_error_unexplained, FAILING, True),
        (stream_error_unexplained, stream(ROLE, {"error": {"param": "a"}}), False),  # it says no reason already
        (stream_error_recoded, FAILING, True),
        (stream_error_retyped, FAILING, True),
        (stream_error_retyped, RESPONDING, False),  # the type of an error event is that of the event
        (stream_error_recoded, stream(*HELLO), False),
        (sse_crlf, FAILING, False),  # whatever else is wrong, no client gets an answer
        (choices_empty, plain({"error": WHY}), False),
        (sse_comments, stream(b": ping\n\n", *HELLO), False),  # the golden has them
        (ids_beside_data, stream(b": ping\n\n", *HELLO), False),  # OpenRouter's; of such a mix T13 tells
        (role_on_every_chunk, stream(ROLE, ROLE, *HELLO[1:]), False),
        (role_on_every_chunk, stream(ROLE, chunk({"content": "Hi"}), chunk({}, "stop")), False),  # one chunk alone
        (finish_key_left_out, stream(ROLE, {"choices": [{"delta": {"content": "Hi"}}]}, chunk({}, "stop")), False),
        (thought_beside_word, stream(ROLE, chunk({"content": "a", "reasoning_content": "b"})), False),
        (created_changes, stream(*LONG), True),
        (created_changes, stream(*LONG, at=[100.0 * n for n in range(len(LONG) + 1)]), False),  # over in half a second
        (tool_ids_restart, plain(completion({"tool_calls": [CALL]})), True),
        (tool_ids_restart, plain(completion({"tool_calls": [{**CALL, "id": "call_1"}]})), False),  # they do already
        (
            tool_part_nulls,
            calling({"index": 0, "id": "c", "function": {"name": "f", "arguments": ""}}),
            False,
        ),  # no type
        (tool_id_on_every_part, calling(OPENED, {**FURTHER, "id": "c"}), False),
        (tool_id_on_every_part, calling(OPENED, FURTHER), True),
        (
            tool_id_on_every_part,
            calling({**OPENED, "index": 1}, {**FURTHER, "index": 1}),
            True,
        ),  # as OpenRouter's gpt-5
        (tool_index_from_one, calling(OPENED, FURTHER), True),
        (tool_index_from_one, calling({**OPENED, "index": 1}, {**FURTHER, "index": 1}), False),
        (escaped_twice, plain(completion({"content": "a\nb"})), True),
        (escaped_twice, plain(completion({"content": "\nab"})), False),
        (tool_call_held_back, calling(OPENED, FURTHER), False),  # it comes in one block
        (tool_call_held_back, calling(OPENED, *[FURTHER] * 4), True),
        (tool_text_dropped, plain(completion({"content": "I look.", "tool_calls": [CALL]}, "tool_calls")), True),
        (tool_text_dropped, plain(completion({"content": " ", "tool_calls": [CALL]}, "tool_calls")), False),
        (tools_ranked_otherwise, plain(completion({"content": ONE}), {**FORMAT, "tools": [CALL]}), True),
        (tools_ranked_otherwise, plain(completion({"content": "Hi"}), {**FORMAT, "tools": [CALL]}), False),
        (
            tools_ranked_otherwise,
            plain(completion({"content": "Hi", "tool_calls": [CALL]}), {**FORMAT, "tools": [CALL]}),
            False,
        ),
        (tools_ranked_otherwise, plain(completion({"content": ONE}), FORMAT), False),
        (field_unknown, plain({**completion(), "provider": "us"}), False),
        (filter_results_added, plain({**completion(), "prompt_filter_results": []}), False),
        (filter_results_dropped, plain({**completion(), "prompt_filter_results": []}), False),  # nothing to lose
        (entry_twice, listed("a", "b"), True),
        (entry_twice, listed("a", "b", "a"), False),
        (entry_bare, listed("a"), False),
        (entries_renamed, plain({"results": [{"a": 1}, {"b": 1}]}, url="/v1/rerank"), False),
        (result_named_twice, ranked((1, 0.9), (0, 0.1)), True),
        (result_named_twice, ranked((1, 0.9)), False),
        (ranking_in_order_of_documents, ranked((1, 0.9), (2, 0.5), (0, 0.1)), True),
        (ranking_in_order_of_documents, ranked((1, 0.9), (0, 0.1)), False),  # sorted by chance, perhaps
        (ranking_in_order_of_documents, ranked((0, 0.9), (1, 0.5), (2, 0.1)), False),  # the best was sent first
        (ranking_in_order_of_documents, ranked((1, 0.9), (2, 0.5), (None, 0.1)), False),
        (scores_as_logits, ranked((1, 0.9)), True),
        (scores_as_logits, ranked((1, 9.1)), False),  # they are logits already
        (scores_as_logits, plain({"results": [{"score": 0.9}]}, url="/v1/rerank"), False),  # of no documents
        (scores_as_logits, plain([], {"documents": ["a"]}, url="/v1/rerank"), False),
        (error_said, plain(completion(), {"stop": ["5"]}), False),  # the words may have it
        (error_said, plain(completion()), True),
        (temperature_refused, plain(completion(), {"messages": [], "temperature": 0}), True),
        (
            temperature_refused,
            plain(completion(), {"messages": [], "temperature": "hot"}),
            False,
        ),  # wrong by the reference
        (error_in_message, plain({"error": {"message": '{"error": {}}'}}, status=400), False),
        (usage_nulls_toggled, stream(*HELLO), False),
        (queued, plain(completion()), False),  # a recording of others does not number its samples
        (event_foreign, SINGLE["responses-stream"], True),
        (event_foreign, _twice(event_foreign, SINGLE["responses-stream"]), False),
        (finish_with_content, calling(OPENED, FURTHER, text="I look."), False),
        (transcript_hole, SINGLE["transcription-stream"], True),
        (transcript_hole, FEW, False),
        (transcript_as_text, plain({"text": "Hi"}, url=HEARD), True),
        (transcript_as_text, plain({"text": 1}, url=HEARD), False),
    ],
)
def test_where_a_drift_can_be(operator: Operator, exchange: Exchange, fits: bool) -> None:
    assert (operator(exchange) is not None) is fits
