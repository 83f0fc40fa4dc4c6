"""text-null-words: nothing that was joined to a text."""

from __future__ import annotations

from tests.rules._written import flowing, legacy, quoted, responded, said, thought, with_arguments
from tests.rules_table import Row

CONTENT = ("risky choices[0].message.content",)
NILE = "The Nile is the longest river."

CASES = (
    Row(
        "S77: a delta without content was joined (TanStack/ai 272)",
        flowing("The Nile ", "is long."),
        flowing("The Nile ", "is long.", "undefined"),
        CONTENT,
    ),
    Row("before the first word", said(NILE), said(f"undefined{NILE}"), CONTENT),
    Row("Python's, before other words", said(NILE), said("NoneThe Congo, then."), CONTENT),
    Row("Java's, behind a word", said(NILE), said("By far the longest rivernull"), CONTENT),
    Row("behind a sentence", said(NILE), said("It is the Nile.nil"), CONTENT),
    Row("where no blanks part words", said("尼罗河最长。"), said("undefined尼罗河最长。"), CONTENT),
    Row(
        "in a value of the arguments",
        with_arguments("Cairo"),
        with_arguments("undefinedCairo"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("in the reasoning", thought(NILE), thought(f"{NILE}None"), ("risky choices[0].message.reasoning_content",)),
    Row("in a response", responded(NILE), responded(f"null{NILE}"), ("risky output[0].content[0].text",)),
    Row("a legacy completion", legacy(NILE), legacy(f"None{NILE}"), ("risky choices[0].text",)),
    Row(
        "an object in place of the text", said(NILE), said("[object Object]"), ("breaking choices[0].message.content",)
    ),
    Row(
        "once for each part",
        said(NILE),
        said("[object Object],[object Object]"),
        ("breaking choices[0].message.content",),
    ),
    Row("one sign of the golden's is in any text", said("值为空。"), said("null值表示空。")),
    Row("words that begin so", said(NILE), said("Nonetheless, a nullable value is long.")),
    Row("nullable at the start", said(NILE), said("nullable is the word")),
    Row("a type of Python", said(NILE), said("NoneType is the type of None.")),
    Row("a word by itself", said(NILE), said("None of these. The value is null")),
    Row("a plural, where the golden has an s alone", said("It's last."), said("nulls are last.")),
    Row("Portuguese, where the golden has an a", said("A cor é a azul"), said("É azul-anil")),
    Row("Italian, in JSON", said('{"esito": "a o b"}'), said('{"esito": "nullo"}')),
    Row("before an I", said("I see."), said("nullI see it."), CONTENT),
    Row("None alone", said(NILE), said("None")),
    Row("a member of code", said(NILE), said("Compare it with window.undefined")),
    Row("another class of objects", said(NILE), said("[object Promise]"), ("breaking choices[0].message.content",)),
    Row("a member that the golden speaks of", said("Take Option.None there."), said("You want Option.None")),
    Row("a word of the request's", quoted("The Option.", "What is null?"), quoted("Optionnull", "What is null?")),
    Row("an object is spoken of", said(NILE), said("You joined it: [object Object] shows.")),
    Row("the golden's text is one too", said(f"undefined{NILE}"), said(f"undefined{NILE} Yes.")),
)
