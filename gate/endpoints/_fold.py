"""What the folds of several endpoints share: the index of a choice, and texts that repeat themselves.

Every function takes the pieces of one text in the order in which they came, empty ones included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gate.endpoints import member, members
from gate.model import Grammar, Json, Problem, ProblemCode
from gate.wire.shape import show

# Pieces. Chosen: "a", "aa" and "ha", "haha" (row of stream-text-damaged) happen; three steps in a row do not.
MIN_GROWN = 3
# Pieces. Chosen: inside, the row "a restart without a further role" repeats 7 pieces; outside, "a few words that come
# again" repeats 3.
MIN_ANEW = 6
# Characters that two beginnings must share. Chosen: "The capital" (11) is the row's restart; two short answers that
# share a first word are not one.
MAX_ALIKE = 12

# The stream as a whole: metadata first, usage after every choice has finished, then [DONE] and nothing more.
WHOLE: Grammar = {
    "start": {"choice": "answering"},
    "answering": {"choice": "answering", "finished": "ending", "error": "failed"},
    "ending": {"choice": "ending", "finished": "ending", "usage": "ending", "done": "done"},
    # after an error a clean end may follow or not (ER09); an answer that goes on is a break
    "failed": {"done": "done"},
    # nothing leads out: what comes after [DONE] no client reads (done-early)
    "done": {},
}

_ONCE = {
    "id": ProblemCode.ID_CHANGED,
    "created": ProblemCode.CREATED_CHANGED,
    "model": ProblemCode.MODEL_CHANGED,
}


def index_of(choice: Json, place: int) -> int:
    """The `index` of a choice; its place in the list where it has none."""
    # type, not isinstance: true is an int in Python
    index = member(choice, "index")
    return index if type(index) is int else place


def changes(docs: Iterable[tuple[int, Json]]) -> list[Problem]:
    """Where chunks with a choice disagree about a value that one stream has once: id, created, model."""
    first: dict[str, Json] = {}
    problems: dict[str, Problem] = {}
    for frame, doc in docs:
        for key, code in _ONCE.items() if members(doc, "choices") else ():
            value = doc.get(key)
            # a first chunk without an id is S02
            if value and first.setdefault(key, value) != value and key not in problems:
                problems[key] = Problem(code, key, frame, f"{show(first[key], 60)}, then {show(value, 60)}")
    return list(problems.values())


def text_problems(parts: Sequence[str], path: str) -> Iterator[Problem]:
    """Problems of a whole text: pieces that repeat what came before."""
    texts = [part for part in parts if part]
    if _cumulative(texts):
        yield Problem(ProblemCode.TEXT_CUMULATIVE, path, 0, show(parts[:4], 80))
    if _ends_with_copy(texts) or _doubled(texts):
        yield Problem(ProblemCode.TEXT_REPEATED, path, 0, show("".join(parts), 80))


def _cumulative(texts: Sequence[str]) -> bool:
    """Whether each piece repeats all before it and adds to it: a client that joins them duplicates text."""
    grown = sum(len(later) > len(earlier) for earlier, later in pairwise(texts))
    return grown >= MIN_GROWN and all(later.startswith(earlier) for earlier, later in pairwise(texts))


def _ends_with_copy(texts: Sequence[str]) -> bool:
    """Whether the last piece is all the text before it: a gateway sends the whole message after its deltas."""
    # more than MAX_ALIKE characters, so that "no, no" and "ha" after "ha" stay text
    return len(texts) > MIN_GROWN and len(texts[-1]) > MAX_ALIKE and texts[-1] == "".join(texts[:-1])


def _doubled(texts: Sequence[str]) -> bool:
    """Whether each piece comes twice: both the reader of a stream and its forwarder send it."""
    # one word over and over ("very very …", a row) comes in pairs too: two different pieces at least
    return len(texts) > 2 * MIN_GROWN and texts[0::2] == texts[1::2] and len(set(texts)) > 1


def restarted(parts: Sequence[str], at: int) -> bool:
    """Whether the text begins again at this piece: what follows has the same beginning as the whole."""
    before, after = "".join(parts[:at]).strip(), "".join(parts[at:]).strip()
    start = min(len(before), len(after), MAX_ALIKE)
    return start > 0 and before[:start] == after[:start]


def repeated_from_start(parts: Sequence[str]) -> bool:
    """Whether all the pieces so far come once more in the middle of a sentence.

    Songs, rows and lines to write out are repeated as well, but whole: there a blank, a line's end or a punctuation
    mark stands between two copies.
    """
    texts = [part for part in parts if part]
    for at in range(MIN_ANEW, len(texts) // 2 + 1):
        if texts[at] == texts[0] and texts[at : 2 * at] == texts[:at]:
            within = texts[at - 1][-1].isalnum() and texts[0][0].isalnum()
            # a text may well repeat a few words; not one in which most pieces are new
            return within and 2 * len(set(texts[:at])) > at and sum(map(len, texts[:at])) > 2 * MAX_ALIKE
    return False
