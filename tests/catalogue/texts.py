"""What can happen to any text that a model writes: in answers, reasoning, refusals and arguments."""

from __future__ import annotations

import base64
from typing import Any

from gate.model import Exchange
from tests.catalogue import breaking, risky, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    RIVER,
    answer,
    body_of,
    calling,
    choice,
    edited,
    goes_on,
    labelled,
    nth,
    opened,
    piece,
    said,
    told,
    with_body,
)
from tests.rules._responses import events
from tests.rules._responses import told as responded
from tests.rules_table import plain, refusal, stream

TOLD = told()


def says(text: str, **message: Any) -> Exchange:
    """A plain answer."""
    return answer(choice(text, **message))


def called(*fragments: str) -> Exchange:
    """A streamed call with these fragments of arguments."""
    return calling(opened(), *map(goes_on, fragments))


def thinking(*thoughts: str, key: str = "reasoning_content", text: str = "The Danube.") -> Exchange:
    """A stream that reasons before it answers."""
    start, *_, finish = said()
    return stream(start, *(piece({key: t}) for t in thoughts), piece({"content": text}), finish)


def latin(text: str) -> str:
    """UTF-8 read as Latin-1."""
    return text.encode().decode("latin-1")


def refusing(*pieces: str, key: str = "refusal") -> Exchange:
    """A stream that refuses."""
    start, *_, finish = said()
    return stream(start, *(piece({key: p}) for p in pieces), finish)


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()


def image(value: str) -> Exchange:
    """A plain answer with an image."""
    return plain({"created": 1, "data": [{"b64_json": value}]}, {"prompt": "x"}, url="/v1/images/generations")


def drawn(kind: str) -> Exchange:
    """A stream of one event, with an image."""
    return stream({"type": kind, "b64_json": PNG}, request={"prompt": "x"}, url="/v1/images/generations", done=False)


def spoken(body: bytes) -> Exchange:
    """Speech under the label of MP3."""
    return plain(body, {"input": "Hi"}, url="/v1/audio/speech", headers={"content-type": "audio/mpeg"})


def moderated(*names: str) -> Exchange:
    """A moderation in these categories."""
    result = {"flagged": False, "categories": dict.fromkeys(names, False), "category_scores": dict.fromkeys(names, 0.1)}
    return plain({"id": "modr-1", "model": "m", "results": [result]}, {"input": "a"}, url="/v1/moderations")


def scored(*tokens: str, spelled: tuple[str, ...] = (), logprob: float = -0.1) -> Exchange:
    """An answer with an entry for each token, or for those of `spelled`."""
    found: list[dict[str, Any]] = [
        {"token": t, "logprob": logprob, "bytes": None, "top_logprobs": []} for t in spelled or tokens
    ]
    logprobs = {"content": found, "refusal": None}
    return answer({**choice("".join(tokens)), "logprobs": logprobs}, ask={**ASK, "logprobs": True})


def listed(alternatives: int) -> Exchange:
    """An answer whose two entries have so many alternatives, and one is asked for."""
    likely = (("a", -0.1), ("b", -3.0))
    found = [
        {
            "token": token,
            "logprob": score,
            "bytes": None,
            "top_logprobs": [{"token": t, "logprob": p, "bytes": None} for t, p in ((token, score), *rest)][
                :alternatives
            ],
        }
        for (token, score), rest in ((likely[0], likely[1:]), (("c", -0.2), likely[1:]))
    ]
    ask = {**ASK, "logprobs": True, "top_logprobs": 1}
    return answer({**choice("ac"), "logprobs": {"content": found, "refusal": None}}, ask=ask)


def completed(*texts: str) -> Exchange:
    """A legacy answer to the prompts `a` and `c`, which asks for an echo."""
    ask = {"model": "m", "prompt": ["a", "c"], "echo": True}
    found: list[dict[str, Any]] = [
        {"index": i, "text": text, "logprobs": None, "finish_reason": "length"} for i, text in enumerate(texts)
    ]
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m"}
    return plain({**head, "choices": found}, ask, url="/v1/completions")


def limited(wait: str) -> Exchange:
    """A 429 that says how long to wait."""
    return refusal(429, "requests", "rate_limit_exceeded", headers={"retry-after": wait})


CITY, STOCK = '{"sku": "Zürich"}', ('{"sku": ', '"the old mill', " near the", " river", ' at noon"}')
THOUGHTS = ("I ", "name ", "two long ", "rivers ", "and their ", "lengths.")

CASES = (
    breaking("S50", "Chinese, escaped", says("你好"), says(latin("你好"))),
    breaking("S50", "arguments", called(CITY), called(latin(CITY))),
    breaking("S50", "reasoning", thinking("Über den Rhein."), thinking(latin("Über den Rhein."))),
    breaking("S50", "a response", responded(events("Größe")), responded(events(latin("Größe")))),
    twin("S50", "other letters", says("été"), says("Größe — “très” » ß «")),
    breaking("S51", "an emoji", says("Hi 👋"), says("Hi \ufffd\ufffd there")),
    breaking("S51", "arguments", called(CITY), called(CITY.replace("ü", "\ufffd"))),
    twin("S51", "an emoji that is whole", says("Hi"), says("Hi 👋")),
    risky("S52", "Chinese", says("你好，很高兴"), says("??????")),
    twin("S52", "a question in English", says("你好"), says("Hello?? Really???")),
    breaking("S53", "alone", says("Hi"), says("Hi \udcaf")),
    breaking("S53", "reasoning", thinking("Hi"), thinking("Hi \ud83d")),
    twin("S53", "a pair", says("Hi"), says("Hi 👋")),
    risky("S54", "a command", called('{"sku": "a && b"}'), called('{"sku": "a &amp;&amp; b"}')),
    risky("S54", "an answer", says("a < b"), says("a &lt; b")),
    twin("S54", "a page", says("Hi"), says("<b>Tom &amp; Ann</b>")),
    risky("S55", "lines", says("a:\n- b\n- c"), says("a:\\n- b\\n- c")),
    risky("S55", "letters in arguments", called(CITY), called(CITY.replace("ü", "\\\\u00fc"))),
    twin("S55", "code that prints lines", says("a\nb"), says('print("\\n")\nprint(2)')),
    risky("S56", "plain", says("It.", reasoning="Hm, so."), says("It.", reasoning="Hm, so.", reasoning_content="Hm, so.")),
    twin("S56", "null beside it", says("It.", reasoning="Hm."), says("It.", reasoning="So.", reasoning_content=None)),
    risky("S57", "plain", says("It is long."), says("It is long.", reasoning_content="It is long.")),
    twin("S57", "reasoning of its own", says("It is long."), says("It is long.", reasoning_content="Let me see.")),
    breaking("S58", "streamed", refusing("I ", "can't."), refusing("")),
    twin("S58", "other words", refusing("I ", "can't."), refusing("No.")),
    risky("S59", "streamed", refusing("I ", "can't."), refusing("I can", "'t.", key="content")),
    twin("S59", "the candidate complies", refusing("I ", "can't."), TOLD),
    tolerable("ST30", "the border in one chunk", thinking("Hm."), edited(thinking("Hm."), nth(2, lambda d: d["choices"][0]["delta"].update(reasoning_content=".")))),
    twin("ST30", "apart", thinking("Hm."), thinking("So ", "what.")),
    risky("ST31", "at the end", thinking("Hm."), stream(said()[0], piece({"content": "The Danube."}), piece({"reasoning_content": "Hm."}), said()[-1])),
    twin("ST31", "first", thinking("Hm."), thinking("Hm. ", "So.")),
    breaking("ST32", "each delta", TOLD, told(*(t.strip() for t in RIVER))),
    breaking("ST32", "reasoning", thinking(*THOUGHTS), thinking(*(t.strip() for t in THOUGHTS))),
    breaking("ST32", "arguments", called(*STOCK), called(*(t.strip() for t in STOCK))),
    twin("ST32", "one long word", TOLD, told("Donau", "dampf", "schiff", "fahrts", "kapitän")),
    breaking("ST33", "each", TOLD, told(*(t for t in RIVER for _ in range(2)))),
    breaking("ST33", "reasoning", thinking(*THOUGHTS), thinking(*(t for t in THOUGHTS for _ in range(2)))),
    breaking("ST33", "the whole at the end", TOLD, told(*RIVER, "".join(RIVER))),
    twin("ST33", "words that are said twice", TOLD, told("very ", "very ", "long, ", "very ", "very ", "long")),
    risky("T40", "a stream", with_body(TOLD, body_of(TOLD).replace(b"Danube", "Dönube".encode())), labelled(with_body(TOLD, body_of(TOLD).replace(b"Danube", "Dönube".encode())), content_type="text/event-stream; charset=latin1")),
    twin("T40", "the right one", TOLD, labelled(TOLD, content_type="text/event-stream; charset=UTF-8")),
    risky("T41", "in the text", TOLD, with_body(TOLD, body_of(TOLD).replace(b"Danube", "Danube\u2028".encode()))),
    twin("T41", "escaped", TOLD, with_body(TOLD, body_of(TOLD).replace(b"Danube", b"Danube\\u2028"))),
    breaking("S60", "a data URL", image(PNG), image(f"data:image/png;base64,{PNG}")),
    breaking("S60", "an address", image(PNG), image("https://cdn.test/a.png")),
    twin("S60", "another image", image(PNG), image(PNG.replace("AAAA", "BBBB"))),
    risky("S61", "Llama Guard", moderated("hate"), moderated("S1")),
    twin("S61", "one more", moderated("hate"), moderated("hate", "illicit")),
    breaking("S62", "the last token", scored("a", " b"), scored("a b", spelled=(" b",))),
    twin("S62", "other tokens", scored("a", " b"), scored("a b")),
    risky("S63", "above 0", scored("a"), scored("a", logprob=0.9)),
    twin("S63", "rounding", scored("a"), scored("a", logprob=0.001)),
    breaking("S69", "as a whole", scored("a", " b"), scored("a b", spelled=("a", " b", "a", " b"))),
    twin("S69", "an end mark", scored("a", " b"), scored("a b", spelled=("a", " b", "<eos>"))),
    tolerable("S70", "none at all", listed(1), listed(0)),
    twin("S70", "the sampled one beside them", listed(1), listed(2)),
    risky("S68", "before the text", says("Hi"), says("\ufeffHi")),
    twin("S68", "another character that nobody sees", says("Hi"), says("Hi\u200b")),
    breaking("S75", "byte-level", says("The Nile is long"), says("TheĠNileĠisĠlong")),
    twin("S75", "Maltese", says("The Nile is long"), says("Tal-Ġgantija")),
    risky("S76", "U+0000", says("Hi"), says("Hi\0")),
    twin("S76", "a tab", says("Hi"), says("Hi\t")),
    risky("S77", "JavaScript's", says("The Nile"), says("undefinedThe Nile")),
    twin("S77", "a word", says("The Nile"), says("undefinedness")),
    breaking("S78", "Python's", says("The Nile"), says("[{'type': 'text', 'text': 'The Nile'}]")),
    twin("S78", "JSON of another kind", says("The Nile"), says('[{"river": "Nile"}]')),
    breaking("ER36", "an exception", says("The Nile"), says("Error code: 429 - {'error': {}}")),
    twin("ER36", "prose", says("The Nile"), says("You see Error code: 429 - {} there")),
    breaking("ST40", "images", drawn("image_generation.completed"), drawn("image.done")),
    twin("ST40", "the same", drawn("image_generation.completed"), drawn("image_generation.completed")),
    breaking("T42", "WAV", spoken(b"\xff\xfb\x90" * 9), spoken(b"RIFF\xf0\xf1\x00\x00WAVE" * 9)),
    twin("T42", "a tag", spoken(b"\xff\xfb\x90" * 9), spoken(b"ID3\x04\xff" * 9)),
    breaking("PA40", "one prompt of two", completed("ab", "cd"), completed("ab")),
    twin("PA40", "other words", completed("ab", "cd"), completed("ax", "cx")),
    breaking("PA41", "both prompts", completed("ab", "cd"), completed("b", "d")),
    twin("PA41", "other words", completed("ab", "cd"), completed("ax", "cx")),
    risky("ER30", "a duration", limited("20"), limited("2m59s")),
    twin("ER30", "another number", limited("20"), limited("3")),
)  # fmt: skip
