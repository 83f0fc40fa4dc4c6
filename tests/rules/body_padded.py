"""body-padded: white space before the JSON."""

from __future__ import annotations

import json

from tests.rules_table import Row, completion, plain

BODY = json.dumps(completion()).encode()

CASES = (
    Row("T32: one blank during a long prefill (jundot/omlx 2066)", plain(BODY), plain(b" " + BODY), ("risky body",)),
    Row("T32: lines of blanks (Wei-Shaw/sub2api 4298)", plain(BODY), plain(b"\n         \n\n" + BODY), ("risky body",)),
    Row("T32, benign twin: a line feed after the JSON", plain(BODY), plain(BODY + b"\n\n")),
    Row("T32, benign twin: pretty-printed", plain(BODY), plain(json.dumps(completion(), indent=2).encode())),
    Row("the golden is padded too", plain(b"\n" + BODY), plain(b"    " + BODY)),
)
