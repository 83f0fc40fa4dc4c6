"""text-mojibake: UTF-8 that was read as Latin-1 or Windows-1252."""

from __future__ import annotations

from tests.rules._written import flowing, fragments, legacy, quoted, responded, said, thought, with_arguments
from tests.rules_table import Row


def latin(text: str) -> str:
    return text.encode().decode("latin-1")


def windows(text: str) -> str:
    return text.encode().decode("cp1252")


CONTENT = ("breaking choices[0].message.content",)

CASES = (
    Row("Miosa-osa/OSA 137: a dash alone, as Windows-1252", said("Late — go."), said(windows("Late — go.")), CONTENT),
    Row("UTF-8 read as Latin-1 and written again", said("Größe, été"), said(latin("Größe, été")), CONTENT),
    Row("Chinese in deltas", flowing("你", "好"), flowing(latin("你"), latin("好")), CONTENT),
    Row("one piece of many", said("“été” — là"), said("“Ã©té” — là"), CONTENT),
    Row("Polish, a letter within a word", said("złoty"), said("zÅ‚oty"), CONTENT),
    Row("Cyrillic", said("Привет"), said(latin("Привет")), CONTENT),
    Row(
        "in the arguments of a call",
        with_arguments("Zürich"),
        with_arguments(latin("Zürich")),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "in streamed arguments",
        fragments('{"city": "', "Zürich", '"}'),
        fragments('{"city": "', latin("Zürich"), '"}'),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "in the reasoning",
        thought("Über Flüsse."),
        thought(latin("Über Flüsse.")),
        ("breaking choices[0].message.reasoning_content",),
    ),
    Row("in a legacy completion", legacy("été"), legacy(latin("été")), ("breaking choices[0].text",)),
    Row("in a response", responded("Größe"), responded(latin("Größe")), ("breaking output[0].content[0].text",)),
    Row("letters and signs that look like it", said("Hi"), said("Ã, Â, “É”, Ærø — é’s")),
    Row("signs that would be no UTF-8", said("Hi"), said("voilà€™")),
    Row("marks behind a letter: »Spaß«, « voilà »", said("Hi"), said("»Spaß« und « voilà\xa0» oder « café »…")),
    Row("units and fractions: Å³, 2×½", said("Hi"), said("1200 Å³ of 2×½ in")),
    Row("Portuguese capitals", said("maçã"), said("A AÇÃO e o ÂMBITO — não")),
    Row("the golden shows it too", said("You see Ã© for é."), said("Text like Ã© is mojibake of é.")),
    Row("the request quotes it", quoted("Hi", "What is Ã©?"), quoted("Ã© is é.", "What is Ã©?")),
    Row("two pieces, each a word of its own", said("α, β"), said(latin("α, β"))),
    Row("three of them", said("α, β, γ"), said(latin("α, β, γ")), CONTENT),
)
