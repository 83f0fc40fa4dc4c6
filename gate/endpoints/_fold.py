"""What the folds of several endpoints share: the index of a choice, and texts that repeat themselves.

Every function takes the pieces of one text in the order in which they came, empty ones included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from gate.endpoints import members
from gate.model import Grammar, Json, Problem, ProblemCode
from gate.wire.shape import show

# Pieces. Chosen: "a", "aa" and "ha", "haha" (row of deltas-cumulative) happen; three steps in a row do not.
MIN_GROWN = 3
# Pieces. Chosen: inside, the row "a restart without a further role" repeats 7 pieces; outside, "a few words that come
# again" repeats 3.
MIN_ANEW = 6
# Pieces in a row that each come twice, in a text whose other pieces do not. Chosen: the row "the tail alone is
# doubled" has 11; no prose has four different words in a row that are all said twice.
MIN_PAIRS = 4
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
    index = choice.get("index") if isinstance(choice, dict) else None
    return index if type(index) is int else place


def changes(docs: Iterable[tuple[int, Json]], once: Mapping[str, ProblemCode] = _ONCE, at: str = "") -> list[Problem]:
    """Where chunks with a choice disagree about a value that one stream has once: id, created, model; or what stands at
    another place of an event, where that has other names for them."""
    first: dict[str, Json] = {}
    problems: dict[str, Problem] = {}
    last: list[Json] = []
    for frame, doc in docs:
        said = [doc.get(key) for key in once] if at or members(doc, "choices") else last
        new, last = said != last, said
        for (key, code), value in zip(once.items(), said, strict=True) if new else ():
            # a first chunk without an id is S02
            if value and first.setdefault(key, value) != value and key not in problems:
                problems[key] = Problem(code, f"{at}{key}", frame, f"{show(first[key], 60)}, then {show(value, 60)}")
    return list(problems.values())


def join_logprobs(known: Json, value: Json) -> Json:
    """The log probabilities so far and those of one more chunk: their lists are joined."""
    if not (isinstance(known, dict) and isinstance(value, dict)):
        return known if value is None else dict(value) if isinstance(value, dict) else value
    joined = dict(known)
    for key, items in value.items():
        before = joined.get(key)
        joined[key] = [*before, *items] if isinstance(before, list) and isinstance(items, list) else before or items
    return joined


def text_problems(parts: Sequence[str], path: str) -> Iterator[Problem]:
    """Problems of a whole text: pieces that repeat what came before."""
    texts = [part for part in parts if part]
    if _cumulative(texts):
        yield Problem(ProblemCode.TEXT_CUMULATIVE, path, 0, show(parts[:4], 80))
    if _has_copy(texts) or _doubled(texts) or _doubled_within(texts):
        yield Problem(ProblemCode.TEXT_REPEATED, path, 0, show("".join(parts), 80))
    if _repeated_from_start(texts):
        yield Problem(ProblemCode.TEXT_RESTARTED, path, 0, show("".join(parts)[:60], 80))


def fragment_problems(parts: Sequence[str], path: str) -> Iterator[Problem]:
    """Problems of the fragments of JSON; where they leave no JSON, the rules of tools say more of it."""
    found = list(text_problems(parts, path))
    if found and _is_json("".join(parts)):
        yield from found


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _cumulative(texts: Sequence[str]) -> bool:
    """Whether each piece repeats all before it and adds to it: a client that joins them duplicates text."""
    grown = sum(len(later) > len(earlier) for earlier, later in pairwise(texts))
    return grown >= MIN_GROWN and all(later.startswith(earlier) for earlier, later in pairwise(texts))


def _has_copy(texts: Sequence[str]) -> bool:
    """Whether the last piece, or the first, is all the others: a gateway sends the whole message and its deltas."""
    ends = ((texts[-1], texts[:-1]), (texts[0], texts[1:])) if texts else ()
    # more than MAX_ALIKE characters, so that "no, no" and "ha" after "ha" stay text
    if not any(len(whole) > MAX_ALIKE and whole.strip() == "".join(others).strip() for whole, others in ends):
        return False
    # a sentence that is said twice has a blank or a line's end between; two deltas alone show nothing else
    return len(texts) > 2 or not (texts[0][-1:].isspace() or texts[1][:1].isspace())


def _doubled(texts: Sequence[str]) -> bool:
    """Whether each piece comes twice, from the start or from some piece on: a reader and its forwarder both send it."""
    # one word over and over ("very very …", a row) comes in pairs too: different pieces are asked for
    if len(texts) > 2 * MIN_GROWN and texts[0::2] == texts[1::2] and len(set(texts)) > 1:
        return True
    groups = [(text, len(list(group))) for text, group in groupby(texts)]
    return _echoes([text if times > 1 else None for text, times in groups])


def _doubled_within(texts: Sequence[str]) -> bool:
    """Whether pieces are two halves that are the same: a gateway joined what it got twice."""
    halves = ((text, text[: len(text) // 2]) for text in texts)
    return _echoes([half if half and text == half * 2 else None for text, half in halves])


def _echoes(pieces: Sequence[str | None]) -> bool:
    """Whether so many different words in a row come twice that it is no accident; None is a piece that comes once."""
    runs = [list(run) for once, run in groupby(pieces, key=lambda piece: piece is None) if not once]
    for run in ([text for text in found if text] for found in runs):
        # "bookkeeper" has three pairs of letters where pieces are single letters
        whole = len(run) == len(pieces) and len(set(run)) >= MIN_GROWN and _lettered(run) > 1
        if whole or (len(run) >= MIN_PAIRS and _lettered(run) >= MIN_GROWN):
            return True
    return False


def _lettered(texts: Iterable[str]) -> int:
    """How many different pieces hold a word: two letters, or one of a script that writes words with one."""
    return len({text for text in texts if sum(map(str.isalpha, text)) > 1 or not text.isascii()})


def restarted(parts: Sequence[str], at: int) -> bool:
    """Whether the text begins again at this piece: what follows has the same beginning as the whole."""
    before, after = "".join(parts[:at]).strip(), "".join(parts[at:]).strip()
    start = min(len(before), len(after), MAX_ALIKE)
    return start > 0 and before[:start] == after[:start]


def _repeated_from_start(texts: Sequence[str]) -> bool:
    """Whether all the pieces so far come once more in the middle of a sentence.

    Songs, rows and lines to write out are repeated as well, but whole: there a blank, a line's end or a punctuation
    mark stands between two copies. Sequences and base64 repeat themselves without any blank.
    """
    for at in range(MIN_ANEW, len(texts) // 2 + 1):
        # piece by piece: slices would be as long as the text at each place that begins like it
        if texts[at] == texts[0] and all(texts[at + i] == texts[i] for i in range(at)):
            within = texts[at - 1][-1].isalnum() and texts[0][0].isalnum()
            prose = any(not text.isascii() or " " in text for text in texts[:at])
            # a text may well repeat a few words; not one in which most pieces are new
            return within and prose and 2 * len(set(texts[:at])) > at and sum(map(len, texts[:at])) > 2 * MAX_ALIKE
    return False
