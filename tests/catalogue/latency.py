"""Area latency: buffered streams, late first tokens, silences, calls in one block."""

from __future__ import annotations

from gate.model import Exchange
from tests.catalogue import Case, risky, slight, tolerable, twin
from tests.catalogue.exchanges import (
    ASK_STOCK,
    SKUS,
    body_of,
    both,
    calling,
    goes_on,
    legacy,
    opened,
    pieces,
    timed,
    told,
    with_body,
    written,
)
from tests.rules._responses import message, part, renumbered, response
from tests.rules._responses import told as responded
from tests.rules_table import refusal

WORDS = told(*(f"word{i} " for i in range(40)))
LEGACY = written(*(legacy(f" w{i}") for i in range(30)), legacy("", "stop"))
PLACE = {"item_id": "msg_1", "output_index": 0, "content_index": 0}


def respond(*texts: str) -> list[dict[str, object]]:
    """The events of a response with these deltas."""
    whole = "".join(texts)
    open_ = response(status="in_progress", output=[], usage=None)
    return renumbered(
        [
            {"type": "response.created", "response": open_},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": message(status="in_progress", content=[]),
            },
            {"type": "response.content_part.added", **PLACE, "part": part("")},
            *({"type": "response.output_text.delta", **PLACE, "delta": t} for t in texts),
            {"type": "response.output_text.done", **PLACE, "text": whole},
            {"type": "response.content_part.done", **PLACE, "part": part(whole)},
            {"type": "response.output_item.done", "output_index": 0, "item": message(whole)},
            {"type": "response.completed", "response": response(message(whole))},
        ]
    )


RESPONSE = responded(respond(*(f"w{i} " for i in range(30))))


def even(start: float, step: float, count: int = 60) -> tuple[float, ...]:
    """Times at one pace."""
    return tuple(start + step * i for i in range(count))


def refused(ms: float, status: int = 404) -> Exchange:
    """A failure that took so long."""
    return refusal(status, total_ms=ms)


PINGED = with_body(
    WORDS,
    b"".join(
        f + b"\n\n" + (b": keepalive\n\n" if n == 5 else b"") for n, f in enumerate(body_of(WORDS).split(b"\n\n")[:-1])
    ),
)

CASES: tuple[Case, ...] = (
    risky("LA01", "a burst after 8 s", timed(WORDS, *even(300, 180)), timed(WORDS, *even(8000, 0.4))),
    risky("LA01", "headers and role at once, tokens in a burst", timed(LEGACY, *even(200, 90)), timed(LEGACY, *even(3100, 0.5))),
    risky("LA01", "Responses: created at once, the rest at the end", timed(RESPONSE, *even(200, 100)), timed(RESPONSE, 150, 160, 170, *even(3200, 0.5))),
    twin("LA01", "two events in a read", timed(WORDS, *even(300, 90)), timed(WORDS, *(300 + 180 * (i // 2) for i in range(60)))),
    twin("LA01", "bursts of eight", timed(WORDS, *even(300, 90)), timed(WORDS, *(300 + 720 * (i // 8) for i in range(60)))),
    risky("LA02", "95 s, streamed slowly after it", timed(WORDS, *even(2000, 60)), timed(WORDS, *even(95_000, 60))),
    risky("LA02", "on a call", timed(calling(), *even(400, 90)), timed(calling(), *even(21_000, 90))),
    twin("LA02", "2 s to 5 s", timed(WORDS, *even(2000, 60)), timed(WORDS, *even(5000, 60))),
    risky("LA03", "comments in place of pings", timed(WORDS, *even(300, 100)), timed(PINGED, *even(300, 100, 6), 15_000, 30_000, *even(30_100, 100))),
    risky("LA03", "half a minute between two events", timed(RESPONSE, *even(200, 100)), timed(RESPONSE, *even(200, 100, 12), *even(33_000, 100))),
    twin("LA03", "a fast route needs neither", timed(PINGED, *even(300, 100)), timed(WORDS, *even(300, 100))),
    tolerable("LA05", "one delta for each call", calling(*both(3)), calling(opened(0, "a", arguments=SKUS[0]), opened(1, "b", arguments=SKUS[1]))),
    tolerable("LA05", "head, then all arguments", calling(opened(), *map(goes_on, pieces(SKUS[0], 2)), ask=ASK_STOCK), calling(opened(), goes_on(SKUS[0]))),
    twin("LA05", "the golden sends one as well", calling(opened(arguments=SKUS[0])), calling(opened(arguments=SKUS[1]))),
    risky("LA07", "a 404 after three tries", refused(9), refused(6800)),
    risky("LA07", "a 400 on a stream", refused(40, 400), refused(2100, 400)),
    twin("LA07", "another continent", refused(9), refused(640)),
    twin("LA07", "one of three waits", refused(9), (refused(12), refused(6800), refused(11))),
    tolerable("LA08", "haproxy's clumps", timed(WORDS, *even(300, 60)), timed(WORDS, *(300 + 240 * (i // 4) for i in range(60)))),
    tolerable("LA08", "by the fill of a buffer, legacy", timed(LEGACY, *even(200, 60)), timed(LEGACY, *(200 + 720 * (i // 12) for i in range(60)))),
    twin("LA08", "two events in a read", timed(WORDS, *even(300, 60)), timed(WORDS, *(300 + 120 * (i // 2) for i in range(60)))),
    twin("LA08", "simply slower", timed(WORDS, *even(300, 60)), timed(WORDS, *even(300, 200))),
    slight("LA02", "no times on one side", WORDS, timed(WORDS, *even(95_000, 60))),
)  # fmt: skip
