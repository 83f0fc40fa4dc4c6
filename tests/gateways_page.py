"""The tables of docs/gateways.md, made from the newest file of `make gateways`.

python -m tests.gateways_page          writes them
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.real.facts import LIMITED, TRACED
from tests.real.matrix import newest

PAGE = Path(__file__).parent.parent / "docs" / "gateways.md"
TABLES = re.compile(r"(<!-- (\w+): python -m tests.gateways_page -->\n).*?(?=<!-- end of \2 -->)", re.DOTALL)

Facts = Mapping[str, Any]
_REFUSED = {
    "chat@bare-tool": "a tool without `parameters`",
    "chat@later-parameters": "late parameters (`verbosity`, …)",
    "error-bad-key": "a wrong key",
    "error-malformed-json": "malformed JSON",
    "embed": "embeddings",
    "responses": "`/responses`",
    "responses-stream": "`/responses` as a stream",
}  # fmt: skip


# -- requests -----------------------------------------------------------------------------------


def _headers(facts: Facts) -> str:
    lost = [name for name in TRACED if name in facts["headers lost"]]
    return "arrive" if not lost else "all lost" if len(lost) == len(TRACED) else f"lost: {_listed(lost)}"


def _key(facts: Facts) -> str:
    found: Mapping[str, str] = facts["key"]
    ways = dict.fromkeys(found.values())
    if len(ways) == 1:
        return next(iter(ways))
    return ", ".join(f"{way} ({'/'.join(n for n, w in found.items() if w == way)})" for way in ways)


def _dropped(facts: Facts) -> str:
    paths = {re.sub(r"\[\d+\]", "[]", path) for gone in facts["dropped"].values() for path in gone}
    return _listed(sorted(paths)) or "–"


def _added(facts: Facts) -> str:
    plain, stream = (facts["added"].get(name, []) for name in ("chat", "chat-stream"))
    more = [f"`{name}` to streams" for name in stream if name not in plain and name != "stream"]
    return ", ".join([*([f"{len(plain)} ({_listed(plain, 2)})"] if plain else []), *more]) or "–"


def _roles(facts: Facts) -> str:
    return (
        "arrives"
        if facts["roles"][:1] == ["developer"]
        else f"becomes `{facts['roles'][0]}`"
        if facts["roles"]
        else "refused"
    )


def _include_usage(facts: Facts) -> str:
    return "arrives" if facts["include_usage false"] is False else f"becomes {facts['include_usage false']}".lower()


def _refused(facts: Facts) -> str:
    said = [f"{_REFUSED[name]} ({status})" for name, status in sorted(facts["refused"].items()) if name in _REFUSED]
    return ", ".join(said) or "–"


# -- failures and streams -----------------------------------------------------------------------


def _retries(facts: Facts) -> str:
    found = facts["failures"][LIMITED]
    return str(found["posts"]) if found["posts"] < 2 else f"{found['posts']} within {found['within_ms'] / 1000:.1f} s"


def _retry_after(facts: Facts) -> str:
    return "passed on" if facts["failures"][LIMITED]["retry-after"] else "lost"


def _failure(name: str) -> Callable[[Facts], str]:
    def words(facts: Facts) -> str:
        found = facts["failures"][name]
        return f"{found['status'] or 'closed'}, {found['error']}" if found["posts"] else "(breaker open)"

    return words


def _afterwards(facts: Facts) -> str:
    found = facts["afterwards"]
    return "answered" if found["posts"] else f"refused ({found['status']})"


def _stream(name: str) -> Callable[[Facts], str]:
    return lambda facts: became(facts["streams"][name])


def became(stream: Mapping[str, Any]) -> str:
    """What a client makes of a stream that was not whole upstream."""
    if stream["error"]:
        return f"an error event, status {stream['status']}"
    made_up = [f"`{word}`" for word in (*stream["finish"], *(["[DONE]"] if stream["done"] else []))]
    if made_up:
        return f"{' and '.join(made_up)} made up"
    return "a clean end" if stream["ending"] == "complete" else str(stream["ending"])


def _pace(facts: Facts) -> str:
    return "as they come" if facts["streams"]["chat-stream@falling-gaps"]["spread_ms"] > 100 else "all at the end"


Columns = Mapping[str, Callable[[Facts], str]]
_REQUESTS: Columns = {
    "idempotency key, organisation, project, trace, request ids": _headers,
    "query": lambda facts: "lost" if facts["query lost"] else "arrives",
    "key that arrives": _key,
    "dropped": _dropped,
    "added": _added,
    "`developer`": _roles,
    "`include_usage: false`": _include_usage,
    "body of a plain chat": lambda facts: facts["body"],
    "refused on its own": _refused,
}
_FAILURES: Columns = {
    "requests upstream for one 429": _retries,
    "`Retry-After: 1`": _retry_after,
    "429": _failure(LIMITED),
    "400": _failure("chat@status-400"),
    "500": _failure("chat@status-500"),
    "502 with HTML": _failure("chat@html-502"),
    "reset before any answer": _failure("chat@reset"),
    "a healthy request after all these": _afterwards,
}
_STREAMS: Columns = {
    "cut": _stream("chat-stream@cut-after-3"),
    "reset": _stream("chat-stream@reset-after-3"),
    "a clean end without finish": _stream("chat-stream@no-finish"),
    "chunks with gaps": _pace,
    "usage, where asked for": lambda facts: facts["usage chunk"],
    "the client leaves": lambda facts: facts["cancel"],
}


# -- tables -------------------------------------------------------------------------------------


def tables(found: Mapping[str, Any]) -> dict[str, str]:
    """Name of a table → Markdown."""
    ran = {name: one for name, one in found["gateways"].items() if "facts" in one}
    return {
        "versions": f"\nRun of {found['date']}: {_versions(found['gateways'])}.\n\n",
        "findings": _findings(ran),
        "requests": _table(ran, _REQUESTS),
        "failures": _table(ran, _FAILURES),
        "streams": _table(ran, _STREAMS),
        "upgrades": _upgrades(found["upgrades"]),
    }


def _versions(gateways: Mapping[str, Mapping[str, Any]]) -> str:
    said = [f"{name} {one.get('version', 'could not be installed')}" for name, one in gateways.items()]
    return ", ".join(said)


def _table(gateways: Mapping[str, Mapping[str, Any]], columns: Columns) -> str:
    """A row for each fact, a column for each group of gateways that answer all alike."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, one in gateways.items():
        groups.setdefault(tuple(words(one["facts"]) for words in columns.values()), []).append(name)
    rows = [[fact, *(cells[n] for cells in groups)] for n, fact in enumerate(columns)]
    return _markdown(["", *(", ".join(names) for names in groups.values())], rows)


def _findings(gateways: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [[name, *(str(_number(one, severity)) for severity in _SEVERITIES)] for name, one in gateways.items()]
    return _markdown(["", *_SEVERITIES], rows)


_SEVERITIES = ("breaking", "risky", "info")


def _number(one: Mapping[str, Any], severity: str) -> int:
    return sum(finding["severity"] == severity for finding in one["findings"])


def _upgrades(upgrades: Mapping[str, Mapping[str, Any]]) -> str:
    rows = []
    for one in upgrades.values():
        if "facts" in one:
            grave = [finding for finding in one["findings"] if finding["severity"] != "info"]
            moved = [_moved(one["facts"], words) for words in _MOVED.values()]
            rows.append([" → ".join(one["versions"]), *moved, _told(grave, "breaking"), _told(grave, "risky")])
    return _markdown(["LiteLLM", *_MOVED, "breaking", "risky"], rows)


def _moved(facts: Facts, words: Callable[[Facts], str]) -> str:
    old, new = words(facts["old"]), words(facts["new"])
    return old if old == new else f"{old} → {new}"


_MOVED: Columns = {
    "a cut stream": _stream("chat-stream@cut-after-3"),
    "requests upstream for one 429, 400": lambda facts: ", ".join(
        str(facts["failures"][name]["posts"]) for name in (LIMITED, "chat@status-400")
    ),
    "dropped": _dropped,
}


def _told(findings: Sequence[Mapping[str, Any]], severity: str) -> str:
    """`rule path` of the findings; a rule with many paths once."""
    rules: dict[str, list[str]] = {}
    for finding in findings:
        if finding["severity"] == severity:
            rules.setdefault(finding["rule"], []).append(finding["path"])
    return "<br>".join(f"[{rule}](rules/{rule}.md) {_listed(paths, 3)}" for rule, paths in rules.items()) or "–"


def _listed(words: Sequence[str], most: int = 6) -> str:
    more = [f"{len(words) - most} more"] if len(words) > most else []
    return ", ".join([*(f"`{word}`" for word in words[:most]), *more])


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in lines) + "\n\n"


def page(text: str, found: Mapping[str, Any]) -> str:
    """The page with its tables as of that file."""
    made = tables(found)
    return TABLES.sub(lambda place: place[1] + made[place[2]], text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8"), newest()), "utf-8")
