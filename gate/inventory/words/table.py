"""A scan for a terminal: what each service calls, what its code takes for granted, and what gate.yaml could say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gate.inventory.assumptions import kinds
from gate.inventory.model import Call, Client, Package, Parameter, Scan, Service
from gate.text.plural import count
from gate.text.safe import line

_SHOWN_UNREAD = 10
_STREAMED = {"yes": "streamed", "no": "", "either": "streamed or not"}


def render(scan: Scan) -> str:
    """Lines for people, in the order of the source; every text of the source on one line."""
    blocks = [
        *(_service(service) for service in scan.services),
        _block("fragile:", _assumptions(scan)),
        _block("remarks:", (f"{one.id} {line(str(one.place))}  {line(one.message)}" for one in scan.remarks)),
        _block("for gate.yaml:", _draft(scan)),
        _block("not read:", _unread(scan.unread)),
        [_sum(scan)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _block(title: str, lines: Iterable[str]) -> list[str]:
    made = [f"  {text}" for text in lines]
    return [title, *made] if made else []


def _service(service: Service) -> list[str]:
    head = line(service.folder if service.folder != "." else "(the whole folder)")
    rows = [*_packages(service.packages), *_rows(service)]
    tests = sum(call.in_tests for call in service.calls)
    more = [f"  and {count(tests, 'call')} in tests"] if tests else []
    return [head, *rows, *more] if rows or more else []


def _packages(packages: Sequence[Package]) -> Iterator[str]:
    for one in packages:
        state = "locked" if one.locked else "pinned" if one.pinned else "not pinned"
        yield f"  {line(one.name)} {line(one.version)} ({state})"


def _rows(service: Service) -> Iterator[str]:
    # a framework's model is its own client, with the same settings
    models = {call.place for call in service.calls}
    found: list[Client | Call] = [*(one for one in service.clients if one.place not in models), *service.calls]
    made = [one for one in found if not one.in_tests]
    width = max((len(str(one.place)) for one in made), default=0)
    for one in sorted(made, key=lambda one: (one.place, isinstance(one, Call))):
        told = _call(one) if isinstance(one, Call) else _client(one)
        yield f"  {line(str(one.place)):<{width}}  {told}"


def _client(client: Client) -> str:
    settings = _settings(client)
    return f"client {line(client.name)}{': ' if settings else ''}{settings}"


def _call(call: Call) -> str:
    sdk = call.sdk.partition(":")[2] or "HTTP"
    words = [f"{call.endpoint} by {line(sdk)}", _STREAMED[call.streaming], _settings(call)]
    words += [f"model {line(call.model)}"] if call.model else []
    names = ", ".join(_parameter(one) for one in call.parameters if one.name not in ("model", "stream"))
    more = ", and what is computed" if call.more else ""
    return "; ".join(word for word in (*words, f"{names}{more}".removeprefix(", ")) if word)


def _settings(one: Client | Call) -> str:
    named = (("base_url", one.base_url), ("timeout", one.timeout), ("retries", one.retries))
    return ", ".join(f"{name} {line(value)}" for name, value in named if value)


def _parameter(one: Parameter) -> str:
    marks = [f"{one.only} only"] if one.only else []
    marks += [f"golden: {line(one.golden)}"] if one.golden else []
    return f"{line(one.name)} ({'; '.join(marks)})" if marks else line(one.name)


def _assumptions(scan: Scan) -> Iterator[str]:
    shown: set[str] = set()
    for one in scan.assumptions:
        yield f"{one.level}[{one.id}] {line(str(one.place))}  {line(one.message)}"
        if one.id not in shown:  # once is enough
            shown.add(one.id)
            kind = kinds()[one.id][0]
            yield f"    fix: {kind.fix} ({', '.join(kind.drifts)})"


def _draft(scan: Scan) -> Iterator[str]:
    for name, values in (("suite", scan.draft.suite), ("depends_on", scan.draft.depends_on)):
        if values:
            yield f"{name}: [{', '.join(map(_yaml, values))}]"
    if scan.draft.sdk:
        named = (f'node: "{one}"' if one.startswith("npm:") else f"python: {one}" for one in scan.draft.sdk)
        yield f"sdk: {{{', '.join(map(line, named))}}}"


def _yaml(path: str) -> str:
    return f'"{line(path)}"' if "[" in path else line(path)


def _unread(unread: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, reason in unread[:_SHOWN_UNREAD]:
        yield f"{line(name)}: {line(reason)}"
    if len(unread) > _SHOWN_UNREAD:
        yield f"… and {len(unread) - _SHOWN_UNREAD:,} more"


def _sum(scan: Scan) -> str:
    calls = [call for call in scan.calls if not call.in_tests]
    return (
        f"{count(len(calls), 'call')} of {count(len({call.endpoint for call in calls}), 'endpoint')} in "
        f"{count(scan.files, 'file')} ({count(scan.lines, 'line')}); "
        f"{count(len(scan.assumptions), 'fragile assumption')}, {count(len(scan.remarks), 'remark')}"
    )
