"""text-repeated: parts of the golden's text once more."""

from __future__ import annotations

import json

from tests.rules._written import dictated, flowing, fragments, legacy, responded, said, thought, with_arguments
from tests.rules_table import Row, completion, plain

SENTENCE = "The Danube runs through ten countries. It is long."
CONTENT = ("breaking choices[0].message.content",)
LONG = " ".join(f"{n} rivers." for n in range(300))
MANY = json.dumps([f"{SENTENCE} {n}" for n in range(999)])
MORE = json.dumps([f"{SENTENCE} {n} of them, all in all" for n in range(999)])
LINES = "I will not talk in class. " * 4

CASES = (
    Row("ST33: the whole text twice", said(SENTENCE), said(SENTENCE * 2), CONTENT),
    Row("a long one", said(LONG), said(LONG * 2), CONTENT),
    Row("ST33: another text twice", said("Hi"), said("It is quite long.It is quite long."), CONTENT),
    Row("a refrain, parted by a blank", said("Hi"), said("Row, row, row your boat. Row, row, row your boat. ")),
    Row("a refrain on a line of its own", said("Hi"), said("Row, row, row your boat.\nRow, row, row your boat.\n")),
    Row("three words", said("Hi"), said("a rather long,a rather long,")),
    Row("with a line's end of the golden's", said(SENTENCE + "\n"), said(f"{SENTENCE}\n{SENTENCE}\n"), CONTENT),
    Row("it starts again after a sentence", said(SENTENCE), said(SENTENCE[:39] + SENTENCE), CONTENT),
    Row("each word twice", said(SENTENCE), said("".join(f"{w} {w} " for w in SENTENCE.split()).rstrip()), CONTENT),
    Row("its tail once more", said(SENTENCE), said(SENTENCE + SENTENCE[20:]), CONTENT),
    Row("the reasoning", thought(SENTENCE), thought(SENTENCE * 2), ("breaking choices[0].message.reasoning_content",)),
    Row(
        "a value of the arguments",
        with_arguments(SENTENCE),
        with_arguments(SENTENCE * 2),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("a legacy completion", legacy(SENTENCE), legacy(SENTENCE * 2), ("breaking choices[0].text",)),
    Row(
        "a response", responded(SENTENCE), responded(SENTENCE[:39] + SENTENCE), ("breaking output[0].content[0].text",)
    ),
    Row(
        "deltas in blocks of three",
        flowing("The ", "Danube ", "runs ", "through ", "ten ", "countries"),
        flowing("The ", "Danube ", "runs ", "The ", "Danube ", "runs ", "through ", "ten ", "countries"),
        CONTENT,
    ),
    Row(
        "what the deltas show by themselves is deltas-repeated's",
        dictated("The Danube ", "is long."),
        dictated("The Danube ", "is long.", "The Danube is long."),
        (),
        ("breaking deltas-repeated text",),
    ),
    Row(
        "the golden was cut by its limit, and a refrain follows",
        plain(completion({"content": SENTENCE}, "length")),
        said(SENTENCE * 2),
    ),
    Row(
        "both were cut",
        plain(completion({"content": SENTENCE}, "length")),
        plain(completion({"content": SENTENCE * 2}, "length")),
        CONTENT,
    ),
    Row("thousands of strings on each side are not all held against each other", said(MANY), said(MORE)),
    Row("another text", said(SENTENCE), said("The Danube runs through ten countries, and ten it are. It is long.")),
    Row("the text goes on", said(SENTENCE), said(SENTENCE + " The Danube is long, too.")),
    Row("a line to write out, once more", said(LINES), said(LINES + LINES[:26])),
    Row("a word or two: 12 bytes", said("a rather long way"), said("a rather long rather long way")),
    Row("13 of them", said("a rather large way"), said("a rather large rather large way"), CONTENT),
    Row("four characters of Chinese, which are 12 bytes", said("多瑙河很长。"), said("多瑙河很多瑙河很长。")),
    Row("five", said("多瑙河很长。"), said("多瑙河很长多瑙河很长。"), CONTENT),
    Row(
        "text that is cut within", fragments('{"city": "', "Paris", '"}'), fragments('{"city": "', "Paris Paris", '"}')
    ),
)
