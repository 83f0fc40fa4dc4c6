"""text-characters-lost: U+FFFD in a text."""

from __future__ import annotations

from tests.rules._written import flowing, quoted, said, thought, with_arguments
from tests.rules_table import ROLE, Row, chunk, plain, rewritten, stream

CONTENT = ("breaking choices[0].message.content",)
HELLO = flowing("Hel", "lo.")

CASES = (
    Row(
        "vllm-project/vllm 931: tokens decoded one by one, the emoji becomes U+FFFD",
        stream(ROLE, chunk({"content": "Hi 👋"}), chunk({}, "stop")),
        stream(ROLE, chunk({"content": "Hi \ufffd"}), chunk({"content": "\ufffd"}), chunk({}, "stop")),
        CONTENT,
    ),
    Row("U+FFFD that was read as GBK", said("你好"), said("你锟斤拷好"), CONTENT),
    Row(
        "in the arguments of a call",
        with_arguments("Kraków"),
        with_arguments("Krak\ufffdw"),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("in the reasoning", thought("Ja."), thought("J\ufffd."), ("breaking choices[0].message.reasoning_content",)),
    Row("the golden shows it too", said("a\ufffd"), said("b\ufffd")),
    Row("the request quotes it", quoted("Hi", "What is \ufffd?"), quoted("\ufffd is U+FFFD.", "What is \ufffd?")),
    Row("the limit on tokens cut an emoji", flowing("Hi", finish="length"), flowing("Hi \ufffd", finish="length")),
    Row(
        "the limit came later",
        flowing("Hi", finish="length"),
        flowing("H\ufffd, you", finish="length"),
        CONTENT,
    ),
    Row(
        "bytes that are no UTF-8 are utf8-damaged's",
        HELLO,
        rewritten(HELLO, b"Hel", b"H\xe4l"),
        (),
        ("breaking utf8-damaged body",),
    ),
    Row(
        "speech is not text",
        plain(b"\xff\xf3\x84", url="/v1/audio/speech"),
        plain(b"\xff\xf3\xc4", url="/v1/audio/speech"),
    ),
    Row(
        "letters left out: a hop encodes as ASCII and ignores the rest",
        said("Größe und Höhe von Zürich"),
        said("Gre und Hhe von Zrich"),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "three letters left out",
        said("Größe von Zürich"),
        said("Gre von Zrich"),
        ("breaking choices[0].message.content",),
    ),
    Row("two letters left out", said("Größe von Paris"), said("Gre von Paris")),
    Row(
        "words of another script: two blanks stand where they were",
        said("Нил - это река"),
        said(" -  "),
        ("breaking choices[0].message.content",),
    ),
    Row("Vietnamese", said("Một ngày ở Huế"), said("Mt ngy  Hu"), ("breaking choices[0].message.content",)),
    Row("the number that a sentence of Chinese ends with", said("答案是42"), said("42")),
    Row("a name within one", said("使用pandas吧"), said("pandas")),
    Row("an empty value", said('{"title": "东京旅行记", "note": "x"}'), said('{"title": "Tokyo", "note": ""}')),
    Row("an emoji less", said("Hi 👋👋👋👋 there"), said("Hi  there")),
    Row("another spelling", said("Größe und Höhe von Zürich"), said("Groesse und Hoehe von Zuerich")),
)
