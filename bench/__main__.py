"""`python -m bench [PART…]`: the figures as a Markdown table on standard output, and nothing else anywhere."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import diff, kills, memory, peers, proxy, reports, scan, schedule, serve, startup, times

PARTS = {
    "schedule": schedule.figures,
    "times": times.figures,
    "startup": startup.figures,
    "diff": diff.figures,
    "memory": memory.figures,
    "reports": reports.figures,
    "serve": serve.figures,
    "peers": peers.figures,
    "proxy": proxy.figures,
    "scan": scan.figures,
    "kills": kills.figures,
}


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    print("| what | measured | limit | |\n|---|---|---|---|")
    fine = True
    with tempfile.TemporaryDirectory(prefix="swapgate-bench-") as folder:
        for name in chosen or PARTS:
            # of its own: parts have folders of the same names
            place = Path(folder, name)
            place.mkdir()
            for figure in PARTS[name](place):
                fine = fine and figure.fine
                mark = "holds" if figure.fine else "**does not hold**"
                print(f"| {figure.what} | {figure.measured} | {figure.limit} | {mark} |", flush=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
