"""The table of faults in docs/serve.md, made from the rows of the code.

python -m tests.serve_page          writes it
"""

from __future__ import annotations

import re
from pathlib import Path

from gate.replay.faults import kinds

PAGE = Path(__file__).parent.parent / "docs" / "serve.md"
TABLE = re.compile(r"(?<=<!-- faults: python -m tests.serve_page -->\n).*?(?=<!-- end of faults -->)", re.DOTALL)


def table() -> str:
    """All faults in the order of their subjects; N is a whole number, T a time such as `2.5s`."""
    names = {name: name.replace("{n}", "N").replace("{code}", "CODE").replace("{s}", "T") for name in kinds()}
    rows = [f"| `{names[kind.name]}` | {kind.summary} |" for kind in kinds().values()]
    return "\n".join(
        ["", "| fault (N: a number, T: a time such as `2.5s`) | what happens |", "|---|---|", *rows, "", ""]
    )


if __name__ == "__main__":
    PAGE.write_text(TABLE.sub(lambda _: table(), PAGE.read_text("utf-8")), "utf-8")
