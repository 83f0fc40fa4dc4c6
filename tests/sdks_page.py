"""The tables of docs/sdks.md, made from the newest file of `make sdks`.

python -m tests.sdks_page          writes them
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gate.sdk.versions import version_of
from gate.text.plural import count
from tests.real.sdk_matrix import newest

PAGE = Path(__file__).parent.parent / "docs" / "sdks.md"
TABLES = re.compile(r"(<!-- (\w+): python -m tests.sdks_page -->\n).*?(?=<!-- end of \2 -->)", re.DOTALL)

# Name of a table → the SDKs in it.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "openai_python": ("pypi:openai",),
    "openai_node": ("npm:openai",),
    "langchain": ("pypi:langchain-openai", "npm:@langchain/openai"),
    "ai": ("npm:ai",),
    "litellm": ("pypi:litellm",),
    "agents": ("pypi:openai-agents",),
}
_SEVERITIES = ("breaking", "risky", "info")
_SENT = re.compile(r"`([\w.\[\]]+)` is sent")
"""The place within what is sent; the path names the whole parameter."""
_MOST = 90  # characters of a value; chosen: a cell of a table is read at one look

Found = Mapping[str, Any]


def tables(found: Found) -> dict[str, str]:
    """Name of a table → Markdown."""
    return {
        "versions": _versions(found),
        "numbers": _numbers(found["upgrades"]),
        "same": _same(found["same"]),
        **{name: _changes(found["upgrades"], keys) for name, keys in FAMILIES.items()},
    }


def _versions(found: Found) -> str:
    runtimes = {_runtime(versions) for one in found["upgrades"].values() for versions in one["versions"]}
    seconds = [one["seconds"] for one in found["upgrades"].values()]
    return (
        f"\nRun of {found['date']} with swapgate {found['swapgate']}: {count(len(seconds), 'upgrade')}, each in "
        f"{min(seconds)} to {max(seconds)} s with most environments made before, on {', '.join(sorted(runtimes))}.\n\n"
    )


def _runtime(versions: Mapping[str, str]) -> str:
    name = "node" if "node" in versions else "python"
    return f"{name.capitalize()} {versions.get(name, '?')}"


def _numbers(upgrades: Mapping[str, Found]) -> str:
    rows = [
        [name, _transport(one), *(str(_number(one, severity)) for severity in _SEVERITIES), _scenarios(one)]
        for name, one in upgrades.items()
    ]
    return _markdown(["upgrade", "transport", *_SEVERITIES, "scenarios that differ"], rows)


def _transport(one: Found) -> str:
    """What carries the requests, before and after."""
    said = [_carrier(versions) for versions in one["versions"]]
    return said[0] if said[0] == said[1] else " → ".join(said)


def _carrier(versions: Mapping[str, str]) -> str:
    names = [name for name in ("httpx2", "httpx", "undici") if name in versions]
    return f"{names[0]} {versions[names[0]]}" if names else "–"


def _number(one: Found, severity: str) -> int:
    return sum(finding["severity"] == severity for finding in one["findings"])


def _scenarios(one: Found) -> str:
    told = {name for finding in one["findings"] if finding["severity"] != "info" for name in finding["scenarios"]}
    return f"{len(told)} of {sum(one['scenarios'].values())}"


def _same(runs: Mapping[str, Found]) -> str:
    rows = [
        [
            name,
            f"{one['told'].count(0)} of {len(one['told'])}",
            str(sum(one["scenarios"].values())),
            str(one["seconds"]),
        ]
        for name, one in runs.items()
    ]
    return _markdown(["version", "runs without a finding", "scenarios", "seconds each"], rows)


# -- what differs -------------------------------------------------------------------------------


def _changes(upgrades: Mapping[str, Found], keys: Sequence[str]) -> str:
    """Risky and breaking findings of some SDKs; upgrades that differ in nothing but Node are one."""
    alike: dict[tuple[str, str], list[str]] = {}
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for name, one in upgrades.items():
        versions, _, node = name.partition(" on Node ")
        if version_of(versions.partition(" → ")[0]).key in keys:
            made = list(_rows(one["findings"]))
            key = versions, repr(made)
            alike.setdefault(key, []).append(node)
            rows[key] = made
    lines: list[Sequence[str]] = []
    for key, nodes in alike.items():
        where = f" (Node {' and '.join(nodes)})" if nodes[0] else ""
        for number, row in enumerate(rows[key] or [["–", "–", "–"]]):
            lines.append([key[0] + where if number == 0 else "", *row])
    return _markdown(["upgrade", "severity, rule", "before → after", "where"], lines)


def _rows(findings: Iterable[Found]) -> Iterator[list[str]]:
    for one in findings:
        if one["severity"] != "info":
            rule = f"{one['severity']} [{one['rule']}](rules/{one['rule']}.md)"
            place = _SENT.match(one["message"])
            change = f"`{place[1] if place else one['path']}`: {' → '.join(map(_value, _apart(one['golden'], one['candidate'])))}"
            yield [rule, change, _listed(one["scenarios"])]


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two values without most of what both begin with, where that would hide in what they differ."""
    pairs = enumerate(zip(before, after, strict=False))
    alike = next((n for n, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(0, alike - _MOST // 3)
    cut = alike > _MOST // 2 and max(len(before), len(after)) > _MOST
    return (f"…{before[start:]}", f"…{after[start:]}") if cut else (before, after)


def _value(text: str) -> str:
    """A value as code; of a chain of classes the first."""
    first = text.partition(" < ")[0]
    short = first if len(first) <= _MOST else f"{first[:_MOST]}…"
    return f"`{short.replace('`', chr(39)).replace('|', '¦')}`" if short else "–"


def _listed(words: Sequence[str], most: int = 3) -> str:
    more = [f"{len(words) - most} more"] if len(words) > most else []
    return ", ".join([*(f"`{word}`" for word in words[:most]), *more])


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines) + "\n\n"


def page(text: str, found: Found) -> str:
    """The page with its tables as of that file."""
    made = tables(found)
    return TABLES.sub(lambda place: place[1] + made[place[2]], text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8"), newest()), "utf-8")
