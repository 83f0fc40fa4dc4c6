"""text-mojibake: UTF-8 that was read as Latin-1 or Windows-1252."""

from __future__ import annotations

from tests.rules._responses import events, told
from tests.rules._written import (
    flowing,
    fragments,
    legacy,
    quoted,
    responded,
    said,
    thought,
    transcribed,
    with_arguments,
)
from tests.rules_table import Row


def latin(text: str) -> str:
    return text.encode().decode("latin-1")


def windows(text: str) -> str:
    return text.encode().decode("cp1252")


CONTENT = ("breaking choices[0].message.content",)

GERMAN = "Größe, Glück"

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
    Row(
        "as GBK, on a Chinese Windows",
        said("你好，世界和平！"),
        said("你好，世界和平！".encode().decode("gbk")),
        CONTENT,
    ),
    Row("as Mac OS Roman", said("Größe, Glück"), said("Größe, Glück".encode().decode("mac_roman")), CONTENT),
    Row("as Windows-1251", said("Größe, Glück"), said("Größe, Glück".encode().decode("cp1251")), CONTENT),
    Row("two letters that read back", said("Größe"), said("Größe".encode().decode("mac_roman"))),
    Row("Chinese that is UTF-8 by chance: one letter twice", said("谢"), said("谢谢")),
    Row("by chance, of several scripts", said("谢"), said("亲屁校")),
    Row("the start of a long text", said("ä"), said("ÄÖÜ ".encode().decode("mac_roman") * 100 + "谢"), CONTENT),
    Row("behind it nobody looks", said("ä"), said("b" * 400 + "ÄÖÜ ".encode().decode("mac_roman"))),
    Row(
        "a transcript as text", transcribed("Größe".encode()), transcribed(latin("Größe").encode()), ("breaking body",)
    ),
    Row(
        "the deltas alone",
        told(events("Größe")),
        told([{**e, "delta": latin(e["delta"])} if "delta" in e else e for e in events("Größe")]),
        ("breaking output[0].content[0].text",),
        ("risky done-differs-from-deltas response.output_text.done.text",),
    ),
    *(
        Row(f"as {encoding}", said(GERMAN), said(GERMAN.encode().decode(encoding)), CONTENT)
        for encoding in ("shift_jis", "cp437", "cp850", "cp1250", "koi8_r", "iso8859_2")
    ),
)
