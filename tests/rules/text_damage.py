"""The family of damaged text: text that checks itself."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules._written import fragments, legacy_call
from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, stream


def saying(*pieces: str) -> Exchange:
    return stream(ROLE, *(chunk({"content": piece}) for piece in pieces), chunk({}, "stop"))


def counting(*numbers: int) -> Exchange:
    return saying("1", *(f" {n}" for n in numbers))


def thinking(*pieces: str) -> Exchange:
    thoughts = (chunk({"reasoning_content": piece}) for piece in pieces)
    return stream(ROLE, *thoughts, chunk({"content": "Yes."}), chunk({}, "stop"))


DOUBLED = ("Nile", "Nile", ",", ",", " Amazon", " Amazon")
RIGHT = counting(*range(2, 61))
AGAIN = stream(
    ROLE, chunk({"content": "The capital"}), chunk({"role": "assistant", "content": "The capital"}), *HELLO[1:]
)

WORDS = ("The", " Danube", " is", " the", " longest", " river", " of", " the", " Union.")
SEQUENCE = ("ATG", "CGT", "ACG", "TTA", "GCA", "TGC", "ATC", "GAT", "CGA")
VERSE = ("never ", "gonna ", "give ", "you ", "up ", "my ", "dear ")
LINE = ("I", " will", " not", " talk", " in", " class", " today", ".\n")


def roles(*pieces: str) -> Exchange:
    """With the role on every chunk."""
    return stream(*(chunk({"role": "assistant", "content": piece}) for piece in pieces), chunk({}, "stop"))


def arguing(*pieces: str) -> Exchange:
    """A response whose call comes in these deltas, and right at its end."""
    call = r.function_call()
    place = {"item_id": "fc_1", "output_index": 0}
    deltas = ({"type": "response.function_call_arguments.delta", **place, "delta": piece} for piece in pieces)
    return r.told(
        r.renumbered(
            [
                {"type": "response.created", "response": r.response(status="in_progress", output=[], usage=None)},
                {"type": "response.output_item.added", "output_index": 0, "item": {**call, "arguments": ""}},
                *deltas,
                {"type": "response.function_call_arguments.done", **place, "arguments": call["arguments"]},
                {"type": "response.output_item.done", "output_index": 0, "item": call},
                {"type": "response.completed", "response": r.response(call)},
            ]
        )
    )


PIECES = ("Hel", "lo ", "my ", "old ", "friend ", "Tom", ".")
TWICE = [piece for piece in PIECES for _ in (0, 1)]
GROWING = ["".join(PIECES[: i + 1]) for i in range(len(PIECES))]
SOUNDS = ("//uQZAAB", "AAECAwQF", "BgcICQoL", "DA0ODxAR", "EhMUFRYX")


def flowing(kind: str, *pieces: str) -> Exchange:
    """A transcript, or speech, in these pieces."""
    text = kind == "text"
    name, key = ("transcript.text", "delta") if text else ("speech.audio", "audio")
    done = {"type": f"{name}.done", **({"text": "".join(pieces)} if text else {})}
    url = "/v1/audio/transcriptions" if text else "/v1/audio/speech"
    parts = ({"type": f"{name}.delta", key: piece} for piece in pieces)
    return stream(*parts, done, request={"model": "m"}, url=url, done=False)


CASES = (
    Row(
        "a gateway drops a chunk",
        RIGHT,
        counting(*range(2, 30), *range(31, 61)),
        ("breaking numbers-lost choices[0].message.content",),
    ),
    Row(
        "a chunk comes twice",
        RIGHT,
        counting(*range(2, 31), 30, *range(31, 61)),
        ("breaking numbers-disordered choices[0].message.content",),
    ),
    Row(
        "two chunks change places",
        RIGHT,
        counting(*range(2, 30), 31, 30, *range(32, 61)),
        ("breaking numbers-disordered choices[0].message.content",),
    ),
    Row(
        "issue 3: cumulative deltas",
        saying("Hel", "lo", "."),
        saying("H", "He", "Hel", "Hello", "Hello."),
        ("breaking deltas-cumulative choices[0].delta.content",),
    ),
    Row(
        "a gateway sends the whole message after its deltas",
        saying("The ", "Danube ", "is ", "long."),
        saying("The ", "Danube ", "is ", "long.", "The Danube is long."),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "each delta comes twice",
        saying("The ", "Danube ", "is ", "long."),
        saying("The ", "The ", "Danube ", "Danube ", "is ", "is ", "long", "long", ".", "."),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "issue 3: restart in mid-stream", stream(*HELLO), AGAIN, ("breaking stream-restarted choices[0].delta.content",)
    ),
    Row(
        "each of three deltas comes twice",
        saying("Nile", ",", " Amazon"),
        saying(*DOUBLED),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "the tail alone is doubled",
        saying(*WORDS),
        saying(*WORDS[:3], *(word for word in WORDS[3:] for _ in range(2))),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "each comes three times",
        saying(*WORDS),
        saying(*(w for w in WORDS for _ in range(3))),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "each of the tail is its text twice",
        saying(*WORDS),
        saying(*WORDS[:3], *(w * 2 for w in WORDS[3:])),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "each delta is its text twice",
        saying(*WORDS),
        saying(*(word * 2 for word in WORDS)),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "two deltas and their whole",
        saying(*WORDS),
        saying("The Nile and the Amazon", " are long.", "The Nile and the Amazon are long."),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "one delta, sent twice",
        saying("The Nile is long."),
        saying("The Nile is long.", "The Nile is long."),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row(
        "maximhq/bifrost 6427: the reasoning alone",
        thinking(*WORDS),
        thinking(*(word for word in WORDS for _ in range(2))),
        ("breaking deltas-repeated choices[0].delta.reasoning_content",),
    ),
    Row("a sentence that is said twice", saying(*WORDS), saying("The Nile is long. ", "The Nile is long. ")),
    Row("letters in pairs", saying(*WORDS), saying(*"bookkeeper", " ", *"aabbccddee")),
    Row("words of two halves", saying(*WORDS), saying("bye", "bye", ", ", "dodo", "!")),
    Row("B05: fewer numbers, other separators", RIGHT, saying(*(f"{n}\n" for n in range(1, 50)))),
    Row(
        "the model can't count, in its plain answer either",
        RIGHT,
        counting(*range(2, 20), 25),
        candidate_twin=(plain(completion({"content": "1 2 3 5 8"})),),
    ),
    Row("numbers in prose", RIGHT, saying("Sure, from 1 to 60:", " 1 2 3")),
    Row("the golden miscounts too", counting(*range(2, 20), 25), counting(*range(2, 20), 30)),
    Row("ha, haha", stream(*HELLO), saying("ha", "haha", "!")),
    Row(
        "a restart without a further role",
        saying(*WORDS),
        saying(*WORDS[:7], *WORDS),
        ("breaking stream-restarted choices[0].delta.content",),
    ),
    Row(
        "a restart where each chunk has the role",
        roles(*WORDS),
        roles(*WORDS[:7], *WORDS),
        ("breaking stream-restarted choices[0].delta.content",),
    ),
    Row("a few words that come again", saying("The", " Nile"), saying(*WORDS[:3], *WORDS)),
    Row("a line that is written out three times", saying(*WORDS), saying(*LINE, *LINE, *LINE)),
    Row("a verse without marks, sung twice", saying(*WORDS), saying(*VERSE, *VERSE)),
    Row("a text that is one word over and over", saying(*WORDS), saying(*["very "] * 20, "long")),
    Row(
        "ten numbers are enough",
        counting(*range(2, 11)),
        counting(*range(2, 6), *range(7, 11)),
        ("breaking numbers-lost choices[0].message.content",),
    ),
    Row("nine are not", counting(*range(2, 10)), counting(*range(2, 6), *range(7, 10))),
    *(
        Row(
            f"ST33: {what}, {kind}",
            flowing(kind, *(PIECES if kind == "text" else SOUNDS)),
            flowing(kind, *pieces),
            (fires,),
        )
        for kind, what, pieces, fires in (
            ("text", "each delta of a transcript twice", TWICE, "breaking deltas-repeated text"),
            ("text", "all of a transcript so far", GROWING, "breaking deltas-cumulative text"),
            (
                "audio",
                "each part of a sound twice",
                [part for part in SOUNDS for _ in (0, 1)],
                "breaking deltas-repeated audio",
            ),
        )
    ),
    Row("silence, twice", flowing("audio", *SOUNDS[1:]), flowing("audio", "AAAA" * 20, "AAAA" * 20)),
    Row("ST33, benign twin: the same transcript", flowing("text", *PIECES), flowing("text", *PIECES[:-1])),
    Row(
        "within a value of the arguments, which stay JSON",
        fragments('{"city": "', *WORDS, '"}'),
        fragments('{"city": "', *(word for word in WORDS for _ in range(2)), '"}'),
        ("breaking deltas-repeated choices[0].delta.tool_calls[0].function.arguments",),
    ),
    Row(
        "all of the arguments are tool-arguments-invalid's",
        fragments('{"city": ', '"The Danube', " is", " long", '"}'),
        fragments(*(piece for piece in ('{"city": ', '"The Danube', " is", " long", '"}') for _ in range(2))),
        (),
        ("breaking tool-arguments-invalid choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "a legacy function_call",
        legacy_call('{"city": "', *WORDS, '"}'),
        legacy_call('{"city": "', *(word for word in WORDS for _ in range(2)), '"}'),
        ("breaking deltas-repeated choices[0].delta.function_call.arguments",),
    ),
    Row(
        "the whole message before its deltas",
        saying("The ", "Danube ", "is ", "long."),
        saying("The Danube is long.", "The ", "Danube ", "is ", "long."),
        ("breaking deltas-repeated choices[0].delta.content",),
    ),
    Row("a sequence without blanks that repeats itself", saying(*WORDS), saying(*SEQUENCE, *SEQUENCE, "GA")),
    Row(
        "arguments of a response, whose items at the end are right",
        arguing('{"city"', ': "Pa', 'ris"}'),
        arguing(*(piece for piece in ('{"city"', ': "Pa', 'ris"}') for _ in range(2))),
        ("breaking deltas-repeated output[0].arguments",),
        ("risky done-differs-from-deltas response.function_call_arguments.done.arguments",),
    ),
)
