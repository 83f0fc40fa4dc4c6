"""Workflow commands and files: what the runner reads from a step.

https://docs.github.com/actions/reference/workflow-commands. The runner looks for commands in every line of both
outputs, so whatever may hold a stranger's text is printed inside `quoted`.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gate.redact import kinds
from gate.text.safe import command, cut, line

SUMMARY = 1000 * 1024  # bytes; the runner drops all of a summary beyond 1 MiB
_SHORT = 6  # characters; masking what is shorter would blacken half of the log


def say(text: str) -> None:
    """One line or more of the log, at once: the order among processes must hold."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def annotate(level: str, message: str) -> None:
    """`error`, `warning` or `notice` on the run's page. The message may hold anything."""
    # The runner cuts a message at 4,096 characters; `line` keeps a forged `::` or `##[` from acting.
    words = "\n".join(line(part, 1000) for part in cut(message, 3900).splitlines())
    say(command(level, words, title="swapgate"))


@contextmanager
def quoted() -> Iterator[None]:
    """No command in the output of the block fires: a stranger can't guess the word that ends it."""
    # Random for each block: a fixed word could be printed by a route, which would end the block early.
    word = secrets.token_hex(16)
    say(f"::stop-commands::{word}")
    try:
        yield
    finally:
        say(f"::{word}::")


# -- secrets ------------------------------------------------------------------------------------


def forms(secret: str) -> tuple[str, ...]:
    """A secret and each of its lines, as they may stand in a text (`gate.redact.kinds.forms`)."""
    parts = dict.fromkeys(part.strip() for part in (secret, *secret.split("\n")))
    return tuple(dict.fromkeys(form for part in parts for form in kinds.forms(part, _SHORT)))


def mask(secret: str) -> None:
    """Blacken a secret in everything that this job prints from now on."""
    # A log is masked line by line: a form of several lines could never match, and `forms` has each line by itself.
    for form in forms(secret):
        if "\n" not in form:
            say(command("add-mask", form))


def redact(folder: Path, hidden: Mapping[str, str]) -> list[str]:
    """Remove secrets (by name) from every file below; returns the names of those that were there."""
    shapes = {name: [form.encode() for form in forms(secret)] for name, secret in hidden.items()}
    leaked: dict[str, None] = {}
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        # Reports are binary to us: a key is found as bytes in any format, and in what a crash left half written.
        clean = content
        for name, needles in shapes.items():
            for needle in needles:
                if needle in clean:
                    leaked[name] = None
                    clean = clean.replace(needle, b"***")
        if clean != content:
            path.write_bytes(clean)
    return list(leaked)


# -- files --------------------------------------------------------------------------------------


def set_outputs(file: str | None, outputs: Mapping[str, str | int]) -> None:
    """Append to GITHUB_OUTPUT; values are ours (counts, words of a list, paths), never a stranger's text."""
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            for name, value in outputs.items():
                # Random: with a fixed delimiter a value could end itself and set another output.
                end = secrets.token_hex(16)
                stream.write(f"{name}<<{end}\n{value}\n{end}\n")


def summarize(file: str | None, markdown: str) -> None:
    """Append to GITHUB_STEP_SUMMARY, within its limit."""
    if file:
        raw = markdown.encode()
        # Cut rather than dropped: over 1 MiB the runner shows nothing at all.
        whole = raw if len(raw) <= SUMMARY else raw[:SUMMARY] + b"\n\n*cut; the artifact has it all*\n"
        with Path(file).open("ab") as stream:
            stream.write(whole)
