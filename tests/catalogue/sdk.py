"""Area sdk: what an exchange can show of drifts that live in a client. The decoding itself is `gate sdk`'s to try."""

from __future__ import annotations

from tests.catalogue import Case, breaking, risky, twin
from tests.catalogue.embeddings import TEXTS, vector
from tests.catalogue.exchanges import body_of, labelled, patched, told, with_body
from tests.catalogue.transport import numbered
from tests.rules_table import EMBED, embedded, plain

FLOATS = embedded(*(vector(s) for s in (1, 2, 3)), ask=TEXTS)
UPGRADED = embedded(*(vector(s) for s in (1, 2, 3)), ask=TEXTS, encoding_format="base64")

CASES: tuple[Case, ...] = (
    breaking("SD01", "the SDK now asks for base64 and the route refuses", FLOATS, plain({"error": {"message": "encoding_format", "type": "invalid_request_error", "param": None, "code": None}}, {"model": "m", "input": TEXTS, "encoding_format": "base64"}, status=400, url=EMBED)),
    twin("SD01", "the route honours either", FLOATS, UPGRADED),
    risky("SD04", "comments after ids, which some decoders dispatch", with_body(told(), numbered()), with_body(told(), numbered(b": ping\n\n"))),
    risky("SD04", "an unterminated tail, which some decoders drop", told(done=False), with_body(told(done=False), body_of(told(done=False))[:-1])),
    risky("SD05", "a tier that re-validation rejects", told(), patched(told(), "service_tier", "standard")),
    twin("SD04", "comments after ids on both", *(with_body(told(t), numbered(b": ping\n\n")) for t in ("a", "b"))),
    twin("SD05", "the golden has the tier too", *(patched(told(t), "service_tier", "standard") for t in ("a", "b"))),
    twin("SD03", "gzip is true on both", *(labelled(told(t), x="1") for t in ("a", "b"))),
)  # fmt: skip
