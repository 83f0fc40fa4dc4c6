"""The sections of a rule's page, and its public address. Pages are files of the package, read once."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Callable

from gate.judge.policy import OWN
from gate.judge.prove import PROOF
from gate.rules import rules

_PLACES = (("_shipped", "rules"), ("..", "docs", "rules"))  # in a wheel; in a checkout
ADDRESS = re.compile(r"https?://[^\s<>\"']*\{rule\}[^\s<>\"']*")
"""Where pages are published, as `policy.rules_url` and GATE_RULES_URL have it."""
PAGED = (*OWN, *PROOF)
"""Ids of findings that no rule makes, and that have a page all the same."""
# A link, or code, in which nothing is one.
_LINK = re.compile(r"(?ms)^(`{3,})[^\n]*\n.*?^\1`*$|\[([^\]\n]*)\]\(([^)\s]*)\)")
_OTHER = re.compile(r"(?:\.\./)?([\w-]+)\.md(#[\w-]+)?")
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


def in_terminal(page: str, published: str) -> str:
    """A page whose links are their words, each with its public address where there is one."""
    return relinked(page, published, lambda words, url: f"{words} ({url})")


def in_markdown(page: str, published: str) -> str:
    """A page whose links lead to public addresses, and are their words where there is none."""
    return relinked(page, published, lambda words, url: f"[{words}]({url})")


def relinked(page: str, published: str, shown: Callable[[str, str], str]) -> str:
    """A page with each link outside of code as `shown` writes its words and address, or as its words alone: the files
    that it names are in no reader's repository."""

    def text(found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        url = found[3] if found[3].startswith("https://") else _beside(found[3], published)
        return shown(found[2], url) if url else found[2]

    return _LINK.sub(text, page)


def _beside(link: str, published: str) -> str:
    """The address of a file beside the pages of the rules: another rule's page, or one of the folder above, which is
    published with them where the address says so by `rules/{rule}`."""
    found = _OTHER.fullmatch(link)
    if not found:
        return ""
    if not link.startswith("../"):
        return address(published, found[1])
    above, folder, end = published.partition("rules/{rule}")
    return f"{above}{found[1]}{end}{found[2] or ''}" if folder and ADDRESS.fullmatch(published) else ""


def _known(rule: str) -> bool:
    return rule in rules() or rule in PAGED


def _text(name: str) -> str:
    here = importlib.resources.files("gate")
    files = (here.joinpath(*place, name) for place in _PLACES)
    return next((file.read_text("utf-8") for file in files if file.is_file()), "")
