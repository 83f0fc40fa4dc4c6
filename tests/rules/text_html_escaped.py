"""text-html-escaped: entities in place of characters."""

from __future__ import annotations

from tests.rules._written import flowing, quoted, said, thought, with_arguments
from tests.rules_table import Row, call, called

COMMAND = "mkdir -p foo && cd foo"

CASES = (
    Row(
        "tetsuo-ai/AgenC 1280: && of a command",
        with_arguments(COMMAND),
        with_arguments(COMMAND.replace("&", "&amp;")),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("in the answer", said("a < b"), said("a &lt; b"), ("risky choices[0].message.content",)),
    Row("numbers in place of names", said("it's"), said("it&#39;s"), ("risky choices[0].message.content",)),
    Row(
        "cut by deltas",
        flowing("a ", "<", " b"),
        flowing("a ", "&l", "t;", " b"),
        ("risky choices[0].message.content",),
    ),
    Row("in the reasoning", thought("a > b"), thought("a &gt; b"), ("risky choices[0].message.reasoning_content",)),
    Row("a lesson on HTML", said("Hi"), said("In HTML, `&lt;` means <.")),
    Row("a page that has them where they belong", said("Hi"), said("<p>Tom &amp; Ann</p>")),
    Row("the golden shows them too", said("Write &lt; for <."), said("&amp; and &lt;")),
    Row("the request asks for one", quoted("Hi", "What is &amp;?"), quoted("&amp; is an entity.", "What is &amp;?")),
    Row(
        "arguments that are no JSON any more",
        with_arguments("a"),
        called(call("{&quot;city&quot;: &quot;a&quot;}")),
        (),
        ("breaking tool-arguments-invalid choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("letters by name", said("Größe"), said("Gr&ouml;&szlig;e"), ("risky choices[0].message.content",)),
    Row("letters by number", said("你好"), said("&#20320;&#22909;"), ("risky choices[0].message.content",)),
    Row("letters by hexadecimal number", said("été"), said("&#xe9;t&#xE9;"), ("risky choices[0].message.content",)),
    Row("a letter that the golden has not", said("Hi"), said("Write &eacute; for it.")),
    Row("letters beside entities", said("Größe"), said("&ouml; is ö")),
    Row("pointers in C", said("Größe"), said("int *p = &num; q = &pi;")),
    Row("numbers of ASCII", said("Größe"), said("&#65;&#127;&#x41;")),
)
