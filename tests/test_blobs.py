"""Secrets around large base64: an image is no text, and what stands beside or in it is searched all the same."""

from __future__ import annotations

import base64
import json
import random
import time

import pytest

from gate.redact.leaks import Detector
from gate.redact.scrub import Scrubber
from tests.stored import answer

IMAGE = base64.b64encode(random.Random(4).randbytes(90_000)).decode()
KEY = "sk-proj-" + "a1B2" * 12
RUN = "tk-of-the-run-77aa"
MIDDLE = len(IMAGE) // 2

TEXTS = [
    ("a key before it", f"{KEY} {IMAGE}", [(0, len(KEY))]),
    ("a key after it", f"{IMAGE} {KEY}", [(len(IMAGE) + 1, len(IMAGE) + 1 + len(KEY))]),
    ("between two", f"{IMAGE} {KEY} {IMAGE}", [(len(IMAGE) + 1, len(IMAGE) + 1 + len(KEY))]),
    ("what begins like a key", f"AIza{IMAGE}".replace("+", "A").replace("/", "b"), [(0, len(IMAGE) + 4)]),
    ("a key by chance in its middle", IMAGE[:MIDDLE] + "AKIAIOSFODNN7EXAMPLE" + IMAGE[MIDDLE:], []),
    ("the key of the run in its middle", f"{IMAGE[:MIDDLE]}{RUN}{IMAGE[MIDDLE:]}", [(MIDDLE, MIDDLE + len(RUN))]),
    (
        "a private key in one line",
        f"-----BEGIN PRIVATE KEY-----\n{IMAGE}\n-----END PRIVATE KEY-----",
        [(27, 29 + len(IMAGE))],
    ),
    ("an image", IMAGE, []),
]


@pytest.mark.parametrize(("text", "spans"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_a_secret_beside_or_in_an_image(text: str, spans: list[tuple[int, int]]) -> None:
    found = {(span.start, span.end) for _, span in Detector((RUN,)).find(["other", text], "codes")}
    assert found == set(spans)


def test_an_image_is_left_alone_and_takes_no_time() -> None:
    body = json.dumps({"data": [{"b64_json": IMAGE * 20}]}).encode()
    start = time.process_time()
    assert Scrubber((RUN,)).scrub(answer(body)).response == answer(body).response
    # it took 7 s: thirty times the bound
    assert time.process_time() - start < 5
