"""Run a command against the real engine, with the variables of gate.yaml set.

`python -m tests.real engine gate record --mode all` records the repository's goldens again;
`python -m tests.real litellm gate check` shows what that gateway changes in front of the same engine.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from tests.real.servers import engine, environment, litellm


def main(candidate: str, command: list[str]) -> int:
    with contextlib.ExitStack() as running:
        baseline = running.enter_context(engine())
        route = running.enter_context(litellm(baseline)) if candidate == "litellm" else baseline
        return subprocess.run(command, env={**os.environ, **environment(baseline, route)}).returncode


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("engine", "litellm"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
