"""A text with parts of it once more: what a reader of doubled deltas stores, or a restart leaves (ST33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from gate.model import Comparison, Drift, Observation, Pair, ProblemCode, Rule, Severity
from gate.observe.answer import at_limit, choices
from gate.observe.texts import Written, texts
from gate.wire.shape import show

# what the deltas of a stream show by themselves: deltas-repeated and its kin
_TOLD = frozenset({ProblemCode.TEXT_REPEATED, ProblemCode.TEXT_CUMULATIVE, ProblemCode.TEXT_RESTARTED})
# Bytes that come once more: a word or two are the model's ("a very very long", a row)
_MORE = 12
# Bounds on time: characters of a text, places at which it goes back (a text of doubled tokens has one for each), and
# where each of them looks.
_LONGEST = 4000
_PLACES = 800
_TRIES = 100
# Strings of the golden that an answer is held against: JSON may have thousands on each side.
_PAIRS = 200
# Words of a text that nobody writes twice without a blank between. Chosen: a sentence has four; a row has three.
_WORDS = 4
_KEY = 4  # characters that say where to look: a shorter part is tried at its only place


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where nothing else differs from the golden, which has its refrains, rows and lines to write out as well; or
    where several words come twice without a blank between."""
    both = texts(comparison)
    known = {kind: _strings(both.golden, kind) for kind in {text.kind for _, of in both.candidate for text in of}}
    for pair, written in both.candidate:
        told = any(problem.code in _TOLD for problem in pair.candidate.problems) or _goes_on(pair)
        left = iter(range(_PAIRS))
        for text in written if not told else ():
            if again := next(filter(None, (_again(string, known[text.kind], left) for string in text.strings)), ""):
                yield pair.drift(
                    path=text.path,
                    message=f"parts of {text.what} come once more",
                    golden="each part once",
                    candidate=show(again, 60),
                )


def _goes_on(pair: Pair) -> bool:
    """Whether the golden was cut by its limit and the candidate was not: what follows may be a refrain."""
    return any(map(_is_cut, pair.golden)) and not _is_cut(pair.candidate)


def _is_cut(observation: Observation) -> bool:
    return any(map(at_limit, choices(observation)))


def _strings(golden: tuple[tuple[Written, ...], ...], kind: str) -> dict[str, dict[str, None]]:
    """The golden's strings of a kind by their first character, the shortest first; a dict is a set in order."""
    strings = {string for texts in golden for text in texts if text.kind == kind for string in text.strings}
    found: dict[str, dict[str, None]] = {}
    for string in sorted(strings, key=len):
        found.setdefault(string[:1], {})[string] = None
    return found


def _again(string: str, known: Mapping[str, Mapping[str, None]], left: Iterable[int]) -> str:
    """What comes once more in a string: a part of the golden's, or all of its own words; "" where nothing does."""
    alike = known.get(string[:1], {})
    # the whole twice is seen at once, however long it is, and in prose whatever the golden says
    whole = string[: len(string) // 2]
    if len(whole) > _MORE and string == whole * 2 and string not in alike and (whole in alike or _is_prose(whole)):
        return whole
    if len(string) > _LONGEST or string in alike:
        return ""
    shorter = takewhile(lambda whole: len(whole) < len(string), alike)
    return next(filter(None, (_repeats(string, whole) for whole, _ in zip(shorter, left, strict=False))), "")


def _is_prose(text: str) -> bool:
    """Several words, and no blank where the next would begin: a refrain and a line to write out have one."""
    return len(text.split()) >= _WORDS and not (text[0].isspace() or text[-1].isspace())


def _repeats(text: str, whole: str) -> str:
    """The parts of `whole` that `text` has once more; "" where it has anything else, or only a few characters."""
    at = place = 0
    again: list[str] = []
    while at < len(text) and len(again) < _PLACES:
        same = _common(text, at, whole, place)
        at, place = at + same, place + same
        if at == len(text):
            break
        back = _back(text, at, whole, place)
        # a refrain is in the golden's text more than once
        again.append(whole[back:place] if back >= 0 and whole.count(whole[back:place]) == 1 else "")
        if back < 0:
            return ""
        at, place = at + place - back, place
    more = "".join(again)
    return more if place == len(whole) and len(more.encode("utf-8", "surrogatepass")) > _MORE else ""


def _common(text: str, at: int, whole: str, place: int) -> int:
    """How many characters are the same from these two places on."""
    longest = min(len(text) - at, len(whole) - place)
    # most texts differ at once, or are the same to the end
    if text.startswith(whole[place : place + longest], at):
        return longest
    return next(n for n in range(longest) if text[at + n] != whole[place + n])


def _back(text: str, at: int, whole: str, place: int) -> int:
    """Where in `whole`, before `place`, all is said that the text goes on with, up to `place`; -1 where nowhere."""
    known = (start for start in _starts(text[at : at + _KEY], whole, place) if text.startswith(whole[start:place], at))
    return next(known, -1)


def _starts(key: str, whole: str, place: int) -> Iterator[int]:
    """The places to look at, nearest first."""
    yield from range(place - 1, max(place - _KEY, 0) - 1, -1)
    tries, start = _TRIES, whole.rfind(key, 0, place + len(key) - 1)
    while start >= 0 and tries:
        yield start
        tries, start = tries - 1, whole.rfind(key, 0, start + len(key) - 1)


RULE = Rule(
    id="text-repeated",
    area="schema",
    # ST33: what parses the answer fails, and readers see it twice
    severity=Severity.BREAKING,
    summary="parts of a text come once more",
    who_breaks="everyone who reads the answer; what parses it fails, and tools get arguments that nobody meant",
    hint="look for a gateway that joins deltas twice, starts again, or appends the whole text to them",
    check=check,
)
