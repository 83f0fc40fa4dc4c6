"""Peak memory of `gate record` and `gate check` with a stream of many megabytes.

Run as `python -m bench.memory FOLDER COMMAND`, which runs that command of gate and prints the peak of its process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import project, server
from bench.figures import Figure, child

SIZES = (1, 50, 200)  # megabytes
IMAGES, EACH = 71, 7  # answers of so many megabytes: below limits.max_body, with the stream 505 MB in all

_SCENARIO = """\
id: huge
group: stream
steps:
  - endpoint: chat.completions
    model: chat
    body: {stream: true, messages: [{role: user, content: "a very long answer"}]}
"""

_IMAGE = """\
id: {id}
group: text
steps:
  - endpoint: images
    model: chat
    body: {{prompt: "a very large image"}}
"""


def figures(folder: Path) -> Iterator[Figure]:
    """What is beyond limits.max_body is counted and hashed, so a longer stream must not need more."""
    for command in ("record", "check"):
        peaks: dict[int, float] = {}
        with server.running() as base_url:
            for size in SIZES:
                place = folder / f"memory-{size}"
                project.make(place, base_url, suite=["huge.yaml"], model=f"huge-{size}", confirm=0)
                (place / "huge.yaml").write_text(_SCENARIO, "utf-8")
                peaks[size] = child("bench.memory", str(place), command)["peak_mb"]
        words = " · ".join(f"{size} MB: {peak:.0f} MB" for size, peak in peaks.items())
        fine = peaks[200] <= 1.1 * peaks[50]
        yield Figure(f"`gate {command}`, peak memory by the length of a stream", words, "bounded", fine)
    yield run(folder / "memory-run")


def run(place: Path, images: int = IMAGES) -> Figure:
    """A run of many answers, each of which is stored whole, and of a stream that does not end before max_body."""
    suite = {f"image-{n}.yaml": _IMAGE.format(id=f"image-{n}") for n in range(images)}
    suite["huge.yaml"] = _SCENARIO.replace("model: chat", "model: long")
    with server.running() as base_url:
        for model, long, command in (("bench", "bench", "record"), (f"huge-{EACH}", "huge-50", "check")):
            project.make(place, base_url, suite=[*suite], model=model, long=long)
            for name, text in suite.items():
                (place / name).write_text(text, "utf-8")
            peak = child("bench.memory", str(place), command)["peak_mb"]
    what = (
        f"`gate check`, peak memory of a run that is sent {images * EACH} MB in {images} images, and a stream of 50 MB"
    )
    return Figure(what, f"{peak:.0f} MB", "300 MB", peak < 300)


def main(folder: str, command: str) -> None:
    import resource  # not there on Windows, where tests import this module

    arguments = [sys.executable, "-m", "gate", command]
    done = subprocess.run(arguments, cwd=folder, env=project.environ(), capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(done.stdout + done.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"peak_mb": peak / (1024 if sys.platform != "darwin" else 1024 * 1024)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
