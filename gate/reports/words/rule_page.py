"""The sections of a rule's page, and its public address. Pages are files of the package, read once."""

from __future__ import annotations

import functools
import importlib.resources
import re

from gate.judge.policy import OWN
from gate.rules import rules

_PLACES = (("_shipped", "rules"), ("..", "docs", "rules"))  # in a wheel; in a checkout
ADDRESS = re.compile(r"https?://[^\s<>\"']*\{rule\}[^\s<>\"']*")
"""Where pages are published, as `policy.rules_url` and GATE_RULES_URL have it."""
_HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)


@functools.cache
def parts(rule: str) -> dict[str, str]:
    """Heading → Markdown of a rule's page; empty where there is no such rule."""
    # Names come from reports, too: `../../secret` is no rule and opens no file.
    text = _text(f"{rule}.md") if _known(rule) else ""
    _, *sections = _HEADING.split(text)
    return {heading: words.strip() for heading, words in zip(sections[::2], sections[1::2], strict=True)}


def address(published: str, rule: str) -> str:
    """The address of a rule's page; empty where pages are not published, or where there is no such rule."""
    # both come from reports that anybody may have written
    return published.replace("{rule}", rule) if _known(rule) and ADDRESS.fullmatch(published) else ""


def _known(rule: str) -> bool:
    return rule in rules() or rule in OWN


def _text(name: str) -> str:
    here = importlib.resources.files("gate")
    files = (here.joinpath(*place, name) for place in _PLACES)
    return next((file.read_text("utf-8") for file in files if file.is_file()), "")
