"""The documentation as a generator of sites reads it: the pages of docs/, CONTRIBUTING and CHANGELOG in one folder, and every
link to another file of the repository as a link to GitHub. In the repository the pages are read as they are.

python -m tests.site_source FOLDER          lays it there; needs nothing but Python
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import cache
from os.path import normpath, relpath
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
SITE = ROOT / "docs" / "site"
REPOSITORY = "https://github.com/swapgate/swapgate"
_FENCE = re.compile(r"^(```+).*?^\1$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s#]+)(?=[)\s#])")
_HEAD = re.compile(r"\A(# .*\n\n)([^\n]+) · (\w+)\n")


@cache
def files() -> Mapping[str, str]:
    """Place in the repository → place in the site, of all that the site consists of."""
    docs = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*") if path.suffix in {".md", ".png"}]
    own = {place: place.removeprefix("docs/") for place in sorted(docs)}
    return {
        **own,
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
        "docs/site/style.css": "style.css",
    }


def outside_of_code(text: str, change: Callable[[str], str]) -> str:
    """The text with all but its fenced blocks changed."""
    parts, end = [], 0
    for block in _FENCE.finditer(text):
        parts += [change(text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, change(text[end:])])


def links(place: str) -> list[str]:
    """The files of the repository that a page leads to, as places in it."""
    words = _FENCE.sub("", (ROOT / place).read_text("utf-8"))
    return [_target(place, link) for link in _LINK.findall(words)]


def _target(place: str, link: str) -> str:
    return normpath((PurePosixPath(place).parent / link).as_posix())


def page(place: str) -> str:
    """A page as the site has it."""
    known = files()
    here = PurePosixPath(known[place]).parent

    def moved(link: str) -> str:
        target = _target(place, link)
        if target in known:
            return relpath(known[target], here)
        return f"{REPOSITORY}/{'tree' if (ROOT / target).is_dir() else 'blob'}/main/{target}"

    text = outside_of_code(
        (ROOT / place).read_text("utf-8"), lambda part: _LINK.sub(lambda found: moved(found[1]), part)
    )
    # the pages of rules are too many for the navigation, so that each leads back
    return _HEAD.sub(r"\1[Rules](../rules.md) · \2 · [\3](../rules.md#\3)\n", text) if here.name == "rules" else text


def main(target: Path) -> None:
    """Write everything that the generator reads."""
    shutil.rmtree(target, ignore_errors=True)
    for place, where in files().items():
        file = target / "pages" / where
        file.parent.mkdir(parents=True, exist_ok=True)
        if place.endswith(".md"):
            file.write_text(page(place), "utf-8")
        else:
            shutil.copyfile(ROOT / place, file)
    shutil.copyfile(SITE / "zensical.toml", target / "zensical.toml")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
