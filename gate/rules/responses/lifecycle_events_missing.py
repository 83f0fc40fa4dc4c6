"""Events that open, fill and close an item are missing (RS04, RS14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import comparable, damaged, finished, grammar, numbered

Stories = Mapping[str, frozenset[str]]
"""Type of item → the kinds of events that every such item has."""

# one of these tells an item's type where no event carries the item itself
_FAMILIES = {"output_text": "message", "refusal": "message", "function_call_arguments": "function_call"}
_WHOLE = frozenset({"created"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Learned for each type of item; how many deltas there are, and whether in_progress comes, means nothing (B37)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like = comparable(golden, found) if _by_items(found) else []
        if not like:
            continue
        yield from _opening(like, found, sample)
        # what all golden items of a type have; a type that the golden never shows is the model's choice
        wanted, mine = _common([_stories(g) for g in like]), _stories(found)
        for item in sorted(wanted.keys() & mine.keys()):
            lost = sorted(_lost(wanted[item], mine[item]))
            if lost:
                # a client can do without text.done, which repeats the deltas; not without what opens or fills an item
                repeats = all(kind.endswith(".done") and kind != "output_item.done" for kind in lost)
                severity = Severity.RISKY if repeats else Severity.BREAKING
                message = f"a {item} comes without {', '.join(lost)}"
                yield Drift(
                    path=item,
                    message=message,
                    golden=", ".join(sorted(wanted[item])),
                    candidate=", ".join(sorted(mine[item])),
                    sample=sample,
                    severity=severity,
                )


def _by_items(found: Observation) -> bool:
    """A whole stream whose events belong to items of several types; what is damaged may have been the missing one."""
    whole = found.form == "stream" and finished(found) and not damaged(found)
    # items under one index have one story for all
    shared = any(problem.code == ProblemCode.ITEM_INDEX_SHARED for problem in found.problems)
    return whole and grammar(found).typed and not shared


def _opening(like: list[Observation], found: Observation, sample: int) -> Iterator[Drift]:
    for kind in sorted(_WHOLE - found.kinds):
        if all(kind in g.kinds for g in like):
            yield Drift(
                path=kind,
                message=f"the stream has no {kind} event",
                golden="always there",
                candidate="absent",
                sample=sample,
                severity=Severity.RISKY,
            )


def _lost(wanted: frozenset[str], mine: frozenset[str]) -> frozenset[str]:
    # a message may speak in text or refuse: what belongs to the other form is not missing
    forms = [form for form in ("output_text", "refusal") if any(kind.startswith(form) for kind in mine)]
    other = {"output_text": "refusal.", "refusal": "output_text."}
    gone = tuple(other[form] for form in forms)
    return frozenset(k for k in wanted - mine if not gone or not k.startswith(gone) or len(forms) == 2)


def _common(stories: list[Stories]) -> Stories:
    types = {item for story in stories for item in story}
    return {t: frozenset.intersection(*(story[t] for story in stories if t in story)) for t in types}


def _stories(found: Observation) -> Stories:
    """What all items of each type have in common."""
    lanes: dict[int, set[str]] = defaultdict(set)
    types = dict(_final_types(found))
    for event in found.events:
        for kind, lane in event.kinds:
            named = member(member(event.doc, "item"), "type") or _FAMILIES.get(kind.partition(".")[0])
            if lane is not None or named:
                # an event without output_index still tells that there is such an item
                place = -1 if lane is None else lane
                lanes[place].add(kind)
                types[place] = types.get(place) or (named if isinstance(named, str) else None)
    # where events name no output_index, the final items have no place of their own
    told = [place for place, item in types.items() if item and (place in lanes or -1 not in lanes)]
    return _common([{str(types[place]): frozenset(lanes[place])} for place in told])


def _final_types(found: Observation) -> Iterator[tuple[int, str | None]]:
    for place, item in enumerate(members(found.answer.final, "output") if found.answer else ()):
        named = member(item, "type")
        yield place, named if isinstance(named, str) else None


RULE = Rule(
    id="lifecycle-events-missing",
    area="responses",
    severity=Severity.BREAKING,
    summary="a response's item lacks events that the golden always sends",
    who_breaks="state machines without an open item discard the text: no content, with status 200",
    hint="let the gateway synthesize the whole life of an item: added, deltas, done",
    check=check,
    of_order=True,
)
