"""text-question-marks: letters that an encoding does not have."""

from __future__ import annotations

from tests.rules._written import flowing, quoted, said, with_arguments
from tests.rules_table import Row

CASES = (
    Row(
        "a hop encodes as ASCII: each letter becomes a question mark",
        flowing("你好", "，", "很高兴"),
        flowing("??", "?", "???"),
        ("risky choices[0].message.content",),
    ),
    Row("within words", said("Grüße aus Köln"), said("Gr??e aus K?ln"), ("risky choices[0].message.content",)),
    Row(
        "in the arguments of a call",
        with_arguments("Kraków"),
        with_arguments("Krak?w"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("another text in ASCII", said("Größe"), said("Gr??ere St?dte"), ("risky choices[0].message.content",)),
    Row("another one in Latin-1", said("Škoda"), said("é, a c?udný pr?ba"), ("risky choices[0].message.content",)),
    Row("an answer in English that asks back", said("你好吗"), said("Hello! How are you?? Fine???")),
    Row("an address", said("Größe"), said("See https://a.test/x?y=1 and b?c=2.")),
    Row("the golden is ASCII as well: a ternary", said("x?1:0"), said("y?a:b")),
    Row("operators of code", said("Größe"), said("a?.b, x?y:z and c ?? d")),
    Row("the golden has a dash, and no letters", said("a — b"), said("a?b")),
    Row(
        "Latin-1 has no such apostrophe",
        said("l’été, déjà"),
        said("l?été, déjà"),
        ("risky choices[0].message.content",),
    ),
    Row(
        "Windows-1252 has no such letters",
        said("Zażółć – gęś"),
        said("Za?ó?? – g?ś"[:-1] + "?"),
        ("risky choices[0].message.content",),
    ),
    Row("the golden's letters are in Latin-1 too", said("été, déjà"), said("où?où, déjà")),
    Row(
        "the golden's own, a mark for an emoji",
        said("Hi 👋 there"),
        said("Hi ?? there"),
        ("risky choices[0].message.content",),
    ),
    Row("a sentence without a blank before it", said("你好"), said("Is it?Yes.")),
    Row("other alphabets are there as well", said("Größe, Ελλάς"), said("gr?ße, Ελλάς")),
    Row(
        "patterns without marks of code",
        said("Größe"),
        said("The pattern colou?r matches both. You can also write favou?rite, or behaviou?r, and gr[ae]y or grey."),
    ),
    Row("one pattern alone", said("Größe"), said("colou?r")),
    Row("names of files with a wildcard", said("Größe"), said("Run ls file?.txt and data?set to see them all.")),
    Row(
        "a word of the golden's in another text",
        said("Der Nil ist der längste Fluss der Welt."),
        said("Man sagt, der l?ngste Fluss, den es gibt, sei der Nil in Afrika."),
        ("risky choices[0].message.content",),
    ),
    Row(
        "a word of the request's",
        quoted("Es ist schön.", "Wie ist es in Zürich?"),
        quoted("Man sagt, in Z?rich sei es heute kalt und nass.", "Wie ist es in Zürich?"),
        ("risky choices[0].message.content",),
    ),
    Row("two words in eight", said("Größe"), said("a gr?n b k?hl c d e f"), ("risky choices[0].message.content",)),
    Row("two words in nine", said("Größe"), said("a gr?n b k?hl c d e f g")),
    Row("one word in two", said("Größe"), said("a gr?n")),
    Row("a pattern in marks of code", said("你好"), said("Use `colou?r` — it fits.")),
)
