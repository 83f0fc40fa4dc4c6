"""text-control-characters: what no text file has."""

from __future__ import annotations

from tests.rules._written import flowing, quoted, responded, said, thought, with_arguments
from tests.rules_table import Row

CONTENT = ("risky choices[0].message.content",)

CASES = (
    Row("S76: half of a letter became U+0000 (opensanctions/poliloom 138)", said("Kòrsou"), said("K\0f2rsou"), CONTENT),
    Row("the end of a C string, in the last delta", flowing("The ", "Nile"), flowing("The ", "Nile\0"), CONTENT),
    Row(
        "in a value of the arguments",
        with_arguments("Kairo"),
        with_arguments("Kai\0ro"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "in the reasoning",
        thought("Kairo"),
        thought("Kai\0ro"),
        ("risky choices[0].message.reasoning_content",),
    ),
    Row("in a response", responded("Nile"), responded("Ni\0le"), ("risky output[0].content[0].text",)),
    Row("a terminal's colours", said("Nile"), said("\x1b[32mNile\x1b[0m"), ("info choices[0].message.content",)),
    Row("DEL", said("Nile"), said("Nile\x7f"), ("info choices[0].message.content",)),
    Row("tabs, line ends and form feeds are text", said("Nile"), said("Ni\tle\r\n\n\f\v")),
    Row("C1 controls are mojibake's", said("Nile"), said("Nile\x85\x9f")),
    Row("the golden has one too", said("Nile\0"), said("Congo\0")),
    Row("the request holds one", quoted("Nile", "Repeat \0"), quoted("Nile\0", "Repeat \0")),
)
