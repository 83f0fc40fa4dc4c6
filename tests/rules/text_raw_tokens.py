"""text-raw-tokens: tokens that nobody decoded."""

from __future__ import annotations

from tests.rules._written import flowing, legacy, quoted, responded, said, thought, with_arguments
from tests.rules_table import Row

CONTENT = ("breaking choices[0].message.content",)

CASES = (
    Row(
        "S75: byte-level tokens joined as they are (soniqo/speech-swift 346)",
        said("The Nile is long."),
        said("TheĠNileĠisĠlong."),
        CONTENT,
    ),
    Row(
        "in deltas, with a line's end", flowing("Hi. ", "The Nile."), flowing("Hi.", "ĊTheĠ", "Nile", ".ĠYes"), CONTENT
    ),
    Row("between numbers, as a count has them", said("1 2 3"), said("1Ġ2Ġ3"), CONTENT),
    Row("SentencePiece's blanks", said("The Nile is long."), said("▁The▁Nile▁is▁long."), CONTENT),
    Row("bytes that no token has", said("One\nTwo\nThree"), said("One<0x0A>Two<0x0A>Three"), CONTENT),
    Row(
        "in a value of the arguments",
        with_arguments("New York City"),
        with_arguments("NewĠYork,ĠtheĠcity"),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "in the reasoning",
        thought("The Nile is long."),
        thought("TheĠNileĠisĠlong."),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row("in a response", responded("a b c"), responded("oneĠtwoĠthree"), ("breaking output[0].content[0].text",)),
    Row("a legacy completion", legacy("a b c"), legacy("oneĠtwoĠthree"), ("breaking choices[0].text",)),
    Row("one token alone: an answer may speak of it", said("a b"), said("The token helloĠworld is one.")),
    Row("two of them", said("a b"), said("The token oneĠtwoĠthree is one."), CONTENT),
    Row("Maltese", said("Għawdex"), said("It-tempji tal-Ġgantija u l-port taċ-Ċirkewwa, RAĠEL, Ġieħ.")),
    Row("numbers of a device tree", said("one"), said("reg = <0x04>;\nirq = <0x0A>, <0x0B>;")),
    Row("a diagram", said("up"), said("Rain: ▁▂▃▅▇▅▃▂▁ and ▁▁▁▁ wind")),
    Row(
        "marks of a chat template are told by their rules",
        said("Hi"),
        said("Hi<｜begin▁of▁sentence｜><｜end▁of▁sentence｜>"),
        (),
        ("breaking template-marks-in-text choices[0].message.content",),
    ),
    Row("the golden has them too", said("oneĠtwoĠthree"), said("fourĠfiveĠsix")),
    Row("what a modem gets", said("AT and a return"), said("Send AT+CMGF=1<0x0D><0x0A>, then AT+CSQ<0x0D><0x0A>.")),
    Row("letters beyond ASCII, which look like mojibake", said("Größe"), said("DieĠGrÃ¶ÃŁeĠundĠHÃ¶he"), CONTENT),
    Row("parts of a letter", said("Zürich"), said("Z<0xC3><0xBC>rich"), CONTENT),
    Row(
        "a `<` in the request is no byte",
        quoted("One\nTwo\nThree", "What is <b>?"),
        quoted("One<0x0A>Two<0x0A>Three", "What is <b>?"),
        CONTENT,
    ),
    Row(
        "the request speaks of bytes",
        quoted("It is a line's end.", "What is <0x09>?"),
        quoted("a<0x0A>b<0x0A>c", "What is <0x09>?"),
    ),
    Row(
        "the request speaks of them",
        quoted("It is Ġ.", "What does Ġ mean?"),
        quoted("helloĠworldĠtoo", "What does Ġ mean?"),
    ),
)
