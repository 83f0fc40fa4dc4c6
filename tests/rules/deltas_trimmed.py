"""deltas-trimmed: words that run together."""

from __future__ import annotations

from tests.rules._written import custom, flowing, fragments, responded, said, thought
from tests.rules_table import Row

ONCE = flowing("Once ", "upon a ", "time there ", "was a river.")
LIST = flowing("Here", " is", " a", " list", ":", "\n", "- ", "Nile", "\n", "- ", "Amazon", "\n", "- ", "Congo")
COMPOUND = ("Donau", "dampf", "schiff", "fahrts", "gesell", "schafts", "kapitäns", "mütze", "und", "kombüse")

CASES = (
    Row(
        "EricLBuehler/mistral.rs 63: tokens are trimmed one by one",
        ONCE,
        flowing("Once", "upon", "a", "time", "there", "was", "a", "river", "that", "flowed", "to", "the", "sea."),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "several words in a delta",
        ONCE,
        flowing("Once", "upon a", "time there", "was a river."),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "the same words, in one piece",
        ONCE,
        flowing("Onceuponatimetherewasariver."),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "the reasoning alone",
        flowing(" I", " name", " two", " long", " rivers", " now", key="reasoning_content"),
        flowing("I", "name", "two", "long", "rivers", "now", key="reasoning_content"),
        ("breaking choices[0].message.reasoning_content",),
        # the fixtures have reasoning alone
    ),
    Row(
        "a sentence in arguments",
        fragments('{"city": "', "Meet", " me", " at", " the", " old", " mill", '"}'),
        fragments('{"city": "', "Meet", "me", "at", "the", "old", "mill", '"}'),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "a response",
        responded("Once upon a time there."),
        responded("Onceuponatimethere."),
        ("breaking output[0].content[0].text",),
    ),
    Row(
        "line ends alone",
        LIST,
        flowing("Here", " is", " a", " list", ":", "- ", "Nile", "- ", "Amazon", "- ", "Congo"),
        ("risky choices[0].message.content",),
    ),
    Row(
        "sentences that end with a year, where the golden has lines",
        LIST,
        flowing("He was born", " in 1912. ", "He left", " in 1936. ", "He came back", " in 1938."),
    ),
    Row(
        "line ends of another list",
        LIST,
        flowing("Rivers", ":", "- ", "Elbe", "- ", "Oder", "- ", "Rhine"),
        ("risky choices[0].message.content",),
    ),
    Row(
        "deltas of blanks alone are dropped",
        said("Rivers:\n- Nile\n- Congo\n\nEach"),
        said("Rivers:- Nile- CongoEach"),
        ("breaking choices[0].message.content",),
    ),
    Row("numbers", said("1 2 3 4 5 6"), said("123456"), ("breaking choices[0].message.content",)),
    Row("Chinese around other words", said("用 Python 写 C 和 Go 吧"), said("用Python写C和Go吧")),
    Row("other paragraphs", said("a b c\n\nd\n\ne"), said("a b c\nd\ne")),
    Row(
        "Chinese has no spaces",
        ONCE,
        flowing(*"多瑙河是一条很长的河流全长两千八百五十公里流入黑海多瑙河是一条很长的河流全长"),
    ),
    Row("a name of code", ONCE, flowing("get", "Once", "Upon", "There", "Was", "River", "Time")),
    Row("a compound", ONCE, flowing(*COMPOUND)),
    Row("a sequence of letters", ONCE, flowing(*("AT", "A", "GC", "TA") * 12)),
    Row("base64", ONCE, flowing("QmFz", "ZTY0", "IHRl", "eHQg", "d2l0", "aG91", "dCBi", "bGFu")),
    Row("an address", ONCE, flowing("https://", "once", ".", "test", "/", "upon", "/", "a", "/", "river")),
    Row("code that is compact", fragments('{"city": ', '"a river there"}'), fragments('{"city":', '"a river there"}')),
    Row("a list in one line, as the golden's", said("a - b - c - d"), said("a- b- c- d")),
    Row("prose in one paragraph", LIST, flowing("The", " Nile", " and", " the", " Amazon", " are", " long", ".")),
    Row("thoughts of one word", thought("I name two long rivers."), thought("Rivers.")),
    Row("the same text without two of its blanks", said("Once upon a time there"), said("Onceupon atime there")),
    Row(
        "without three of them",
        said("Once upon a time there"),
        said("Onceupon atimethere"),
        ("breaking choices[0].message.content",),
    ),
    Row("words that meet at three borders", ONCE, flowing("Once", "upon", "a", "time")),
    Row(
        "at four",
        ONCE,
        flowing("Once", "upon", "a", "time", "there"),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "a short text without any of its blanks",
        said("Как дела сегодня? — Да."),
        said("Какделасегодня?—Да."),
        ("breaking choices[0].message.content",),
    ),
    Row("one blank less", said("Как дела? — Да. Ну."), said("Какдела?—Да.Ну.")),
    Row(
        "lines whose ends are escapes are text-escaped-twice's",
        LIST,
        flowing("Rivers:", "\\n- ", "Elbe", "\\n- ", "Oder", "\\n- ", "Rhine"),
        (),
        ("risky text-escaped-twice choices[0].message.content",),
    ),
    Row(
        "the input of a custom tool",
        custom("Once ", "upon a ", "time there ", "was a river."),
        custom("Once", "upon", "a", "time", "there", "was", "a", "river"),
        ("breaking choices[0].message.tool_calls[0].custom.input",),
    ),
)
