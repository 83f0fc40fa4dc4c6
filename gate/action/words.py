"""Markdown of a run's page: headings of our own, and what a report of the engine can't know. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gate.action.comment import REPOSITORY
from gate.text.markdown import code, prose

# chosen: a summary is read on one page.
_MOST = 50  # mistakes, and lines of a command
# The last line of `gate refresh`'s list of changes.
_COUNTED = re.compile(r"(\d+ of \d+ contracts|no contract) changes?")

SDKS_NOT_ASKED = (
    "the SDKs in use were not asked: a pull request names their versions, and its step holds a key. "
    "A job without one can: `gate diff --sdk` over the candidate's exchanges in the artifact"
)


def page(title: str, *parts: str) -> str:
    """A heading, and below it the parts that are not empty."""
    return "\n\n".join([f"## swapgate: {title}", *(part.rstrip("\n") for part in parts if part)]) + "\n"


def below(markdown: str, sentence: str) -> str:
    """The page with one more sentence under its heading."""
    heading, _, rest = markdown.partition("\n")
    sentence = sentence[:1].upper() + sentence[1:]
    return f"{heading}\n\n{_ended(words(sentence))}\n{rest}" if sentence else markdown


def words(text: str) -> str:
    """A sentence of the gate's, which may quote a stranger's text, in Markdown. It must not start a line."""
    # Without the backticks of our own messages: `prose` puts a text that has any into a code span as a whole.
    return prose(" ".join(text.replace("`", "").split()), 2000)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def mistakes(errors: Iterable[str]) -> str:
    """A bullet for each line of an error, and what to do on a line of its own."""
    lines = [line.strip() for error in list(errors)[:_MOST] for line in error.splitlines() if line.strip()]
    sentences = [(line.removeprefix("fix:"), line.startswith("fix:")) for line in lines]
    bullets = (f"\nFix: {_ended(words(text))}\n" if fix else f"- {words(text)}" for text, fix in sentences)
    return "\n".join(bullets).strip("\n")


def lines_of(text: str) -> str:
    """What a command printed, a bullet each. The contract's changes, which have a block of their own, are left out."""
    lines = [line for line in text.splitlines() if line.strip()]
    counted = [number for number, line in enumerate(lines, 1) if _COUNTED.fullmatch(line)]
    return "\n".join(f"- {prose(line.strip(), 600)}" for line in lines[counted[-1] if counted else 0 :][:_MOST])


def whereabouts(artifact: str, run: str = "") -> str:
    """Where the whole report is: the artifact, and for a comment the run that has it."""
    place = f" of [this run]({run})" if run else ""
    if artifact:
        return f"\nThe full report is gate.html in the artifact {code(artifact)}{place}.\n"
    return f"\nThe log and the summary{place} say more.\n" if run else ""


def run_url(environ: Mapping[str, str]) -> str:
    """The page of the run; empty where the runner does not say."""
    server, repository, run = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    # These become a link in a comment, where a forged address would carry the gate's name.
    valid = re.fullmatch(r"https://[\w.:-]+", server) and REPOSITORY.fullmatch(repository) and run.isdecimal()
    return f"{server}/{repository}/actions/runs/{run}" if valid else ""
