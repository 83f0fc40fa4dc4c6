"""Events that open, fill and close an item are missing (RS04, RS14)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Event, Json, Observation, Pair, ProblemCode, Rule, Severity
from gate.observe.answer import damaged, finished, grammar
from gate.observe.items import citations
from gate.observe.scopes import is_responses

Lives = Mapping[str, frozenset[str]]
"""Type of item → the kinds of events that all items of this type have."""

# the first word of an event's kind tells an item's type where no event has the item itself
_TYPES = {"output_text": "message", "refusal": "message", "function_call_arguments": "function_call"}
_OTHER_FORM = {"output_text": "refusal.", "refusal": "output_text."}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Learned for each type of item. How many deltas there are, and whether in_progress comes, does not count (B37)."""
    for pair in comparison.answers:
        if _by_items(pair.candidate):
            yield from _unopened(pair)
            yield from _incomplete(pair)


def _by_items(observation: Observation) -> bool:
    """A whole stream whose events belong to items of several types; a damaged event may be the missing one."""
    whole = observation.form == "stream" and finished(observation) and not damaged(observation)
    # items that share an index can't be told apart
    shared = any(problem.code == ProblemCode.ITEM_INDEX_SHARED for problem in observation.problems)
    return whole and grammar(observation).typed and not shared


def _unopened(pair: Pair) -> Iterator[Drift]:
    if "created" not in pair.candidate.kinds and all("created" in golden.kinds for golden in pair.golden):
        yield pair.drift(
            path="created",
            message="the stream has no created event",
            golden="always there",
            candidate="absent",
            # SDKs start with whatever comes first; only state machines wait for created
            severity=Severity.RISKY,
        )


def _incomplete(pair: Pair) -> Iterator[Drift]:
    # which types of items there are is the model's choice: only those of both sides are compared
    golden, candidate = _common(map(_lives, pair.golden)), _lives(pair.candidate)
    chosen = _chosen(pair.candidate)
    for item in sorted(golden.keys() & candidate.keys()):
        lost = sorted(kind for kind in _lost(golden[item], candidate[item]) if not kind.startswith(chosen))
        if lost:
            yield pair.drift(
                path=item,
                message=f"a {item} comes without {', '.join(lost)}",
                golden=", ".join(sorted(golden[item])),
                candidate=", ".join(sorted(candidate[item])),
                severity=max(map(_weight, lost)),
            )


# What shows how far a built-in tool is, and brings nothing: web_search_call.searching
# https://platform.openai.com/docs/api-reference/responses-streaming
_PROGRESS = re.compile(r"\w+_(?:call|tools)\.(in_progress|searching|generating|interpreting|completed|failed)")


def _weight(kind: str) -> Severity:
    if progress := _PROGRESS.fullmatch(kind):
        # a sign of work that never comes is missed by nobody, one that never goes away stays on the screen
        return Severity.RISKY if progress[1] in ("completed", "failed") else Severity.INFO
    # clients can do without text.done, which repeats the deltas, and take citations from the item that is done, but
    # not without what opens or fills an item
    repeats = (kind.endswith(".done") and kind != "output_item.done") or kind.startswith(_NOTES)
    return Severity.RISKY if repeats else Severity.BREAKING


_NOTES = "output_text.annotation."


def _chosen(observation: Observation) -> tuple[str, ...]:
    """Events of what this answer does not have, by the model's choice: citations, summaries, raw thoughts."""
    final = observation.answer.final if observation.answer else None
    items = [item for item in members(final, "output") if member(item, "type") == "reasoning"]
    parts = (("summary", "reasoning_summary_"), ("content", "reasoning_text."))
    absent = [prefix for key, prefix in parts if not any(members(item, key) for item in items)]
    return tuple(absent) if citations(observation) else (_NOTES, *absent)


def _lost(golden: frozenset[str], candidate: frozenset[str]) -> frozenset[str]:
    # a message has text, a refusal or both: events of a form that it does not have are not missing
    forms = [form for form in _OTHER_FORM if any(kind.startswith(form) for kind in candidate)]
    excused = _OTHER_FORM[forms[0]] if len(forms) == 1 else None
    return frozenset(kind for kind in golden - candidate if excused is None or not kind.startswith(excused))


def _common(all_lives: Iterable[Lives]) -> Lives:
    """What all items of each type have, over several streams or items."""
    by_type: dict[str, list[frozenset[str]]] = defaultdict(list)
    for lives in all_lives:
        for item, kinds in lives.items():
            by_type[item].append(kinds)
    return {item: frozenset.intersection(*kinds) for item, kinds in by_type.items()}


def _lives(observation: Observation) -> Lives:
    """What all items of each type in one stream have."""
    # None: the items whose events have no output_index, as llama.cpp's (a row of RS14)
    kinds: dict[int | None, set[str]] = defaultdict(set)
    types = _final_types(observation)
    for event in observation.events:
        for kind, lane in event.kinds:
            item = _item_type(event, kind)
            # an event without output_index still shows that there is such an item, and belongs to one by its item_id
            if lane is not None or item or member(event.doc, "item_id"):
                kinds[lane].add(kind)
                types[lane] = types.get(lane) or _text(item)
    # where events have no output_index, the final items can't be matched to them
    matched = [index for index, item in types.items() if item and (index in kinds or None not in kinds)]
    return _common({str(types[index]): frozenset(kinds[index])} for index in matched)


def _item_type(event: Event, kind: str) -> Json:
    return member(member(event.doc, "item"), "type") or _TYPES.get(kind.partition(".")[0])


def _final_types(observation: Observation) -> dict[int | None, str | None]:
    """The type of each item of the final answer, by its index."""
    items = members(observation.answer.final, "output") if observation.answer else ()
    return {index: _text(member(item, "type")) for index, item in enumerate(items)}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


RULE = Rule(
    id="lifecycle-events-missing",
    area="responses",
    # RS04: the text is dropped; RS14's missing done events are risky
    severity=Severity.BREAKING,
    summary="an item of the response lacks events that the golden always sends",
    who_breaks="state machines without an open item discard the text: no content, with status 200",
    hint="let the gateway send all events of an item: added, deltas, done",
    check=check,
    where=is_responses,
    of_order=True,
)
