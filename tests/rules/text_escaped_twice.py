"""text-escaped-twice: escapes that stayed in the text."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules._written import flowing, quoted, said, with_arguments
from tests.rules_table import USAGE, Row, completion, plain

CODE = "def f():\n    return 1"


def spent(tokens: int) -> Exchange:
    """A text of six characters, and the tokens that it is said to have."""
    usage = {**USAGE, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    return plain(completion({"content": r"a\n=\nb"[:6]}, usage=usage))


CASES = (
    Row(
        "openclaw/openclaw 110823: line ends of code in arguments",
        with_arguments(CODE),
        with_arguments(CODE.replace("\n", r"\n")),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "letters in arguments",
        with_arguments("café"),
        with_arguments(r"caf\u00e9"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("lines of an answer", said("One:\n- a"), said(r"One:\n- a"), ("risky choices[0].message.content",)),
    Row("Chinese in deltas", flowing("你", "好"), flowing(r"\u4f60", r"\u597d"), ("risky choices[0].message.content",)),
    Row("code that prints a line's end", said(CODE), said('print("a\\n")\nprint("b")')),
    Row("TeX and a path", said("a\nb"), said(r"\nabla f in C:\new")),
    Row("the golden has one line as well", said("One"), said(r"It ends with \n.")),
    Row("the request asks for it", quoted("a\nb", r"What is \n?"), quoted(r"\n is an escape.", r"What is \n?")),
    Row("a letter of ASCII", said("é"), said(r"Write \u0041 for A.")),
    Row(
        "a recording that was shortened by hand: 637 tokens for a line (huggingface-chat-j-1f4524fc19)",
        said("a\nb"),
        plain(completion({"content": r"a\n=\nb"}, usage={**USAGE, "completion_tokens": 637, "total_tokens": 646})),
    ),
    Row(
        "all that JSON escapes, in the golden's own text",
        with_arguments('say "hi"\tnow'),
        with_arguments(r"say \"hi\"\tnow"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "Go's encoding/json escapes an ampersand",
        with_arguments("AT&T"),
        with_arguments(r"AT\u0026T"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("a lower-case line", said("a\nb é"), said(r"a\nb \u00e9"), ("risky choices[0].message.content",)),
    *(
        Row(
            f"{escape} in arguments",
            with_arguments(f"a{character}b"),
            with_arguments(f"a{escape}b"),
            ("risky choices[0].message.tool_calls[0].function.arguments",),
        )
        for escape, character in ((r"\r", "\r"), (r"\b", "\b"), (r"\f", "\f"), (r"\/", "/"), (r"\\", "\\"))
    ),
    Row(
        "just as many tokens as hands have not shortened",
        said("a\nb"),
        spent(12),
        ("risky choices[0].message.content",),
    ),
    Row("just one more", said("a\nb"), spent(13)),
    Row("bytes as Python shows them", said("été"), said(r"\xc3\xa9t\xc3\xa9"), ("risky choices[0].message.content",)),
    Row("a letter that is spoken of", said("été"), said(r"Write \u00e9 for it.")),
    Row("a line's end that is spoken of", said("a\nb"), said(r"Use \n here.")),
    Row("bytes that are no UTF-8", said("été"), said(r"it starts with \xff\xd8\xff\xe0")),
)
