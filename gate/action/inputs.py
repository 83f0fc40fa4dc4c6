"""The inputs of action.yml: strings → `Inputs`, or every mistake at once. Pure.

GitHub enforces none of this: an empty `with:` value beats the default, `required` is not checked, and a misspelt
input is a warning that nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Literal

from gate.action.hosts import Host, host
from gate.errors import ConfigError
from gate.redact.kinds import is_key, looks_random
from gate.text.nearest import nearest
from gate.text.safe import line

Mode = Literal["check", "verify", "record", "merge", "sdk"]
LIVE = frozenset({"check", "record"})
"""Modes that send requests, and credentials with them."""
GUARDED = LIVE | {"sdk"}
"""Modes that a stranger's files may not steer where there are secrets: `sdk` runs packages that a lock file names."""

# As the schema of gate.yaml has it, so that a typing error is told before the engine is installed.
_ROUTE = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?")
_SCENARIO = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*")
# Names as POSIX has them; chosen: at most 100 characters.
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
# upload-artifact refuses `" : < > | * ? / \` and line breaks; this is the narrower set that every file system takes.
_ARTIFACT = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._ -]{0,199}")
# A commit, a branch or a tag; nothing that git could take for an option or a range.
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@{}^~-]{0,199}")
# Ids of suites and scenarios, and paths that no command takes for an option.
_SUITE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]{0,199}")
_SHARD = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Checked inputs, named as in action.yml. `shard` is empty for the whole suite."""

    mode: Mode
    config: str
    route: tuple[str, ...]
    api_key_env: tuple[str, ...]
    allowed_hosts: tuple[Host, ...]
    shard: str
    expect_shards: int | None
    reports: str
    fail_on: str
    on_missing_secret: str
    on_incomplete: str
    min_scenarios: int
    max_requests: int
    annotations: int
    comment: bool
    upload_artifact: bool
    artifact_name: str
    github_token: str
    only: tuple[str, ...]
    leave: tuple[str, ...]
    base: str
    since: str
    sdk: bool
    node: tuple[str, ...]
    working_directory: str
    base_url: str
    suite: tuple[str, ...]


def parse(texts: Mapping[str, str]) -> Inputs:
    """Check all inputs (names in any case). Raises one ConfigError that names every mistake; secrets are not echoed."""
    # GitHub ignores the case of an input's name.
    values = {name.lower(): value.strip() for name, value in texts.items()}
    mistakes = [_unknown(name) for name in values if name not in _READERS]
    checked: dict[str, Any] = {}
    for name, read in _READERS.items():
        try:
            checked[name.replace("-", "_")] = read(values.get(name, ""))
        except ValueError as error:
            mistakes.append(f"input `{name}` {error}")
    mistakes = mistakes or _misplaced(checked)
    if mistakes:
        raise ConfigError("\n".join(mistakes), fix="docs/action.md lists the inputs of this action")
    return _placed(Inputs(**checked))


def _placed(checked: Inputs) -> Inputs:
    """With paths from the root of the repository, and the host of `base-url` as the one that may get a key: a workflow
    that names the address has said so."""
    folder = PurePosixPath(checked.working_directory or ".")
    hosts = checked.allowed_hosts or ((host(checked.base_url),) if checked.base_url else ())
    config, reports = str(folder / checked.config), str(folder / checked.reports)
    base = str(folder / checked.base) if checked.base else ""
    return replace(checked, allowed_hosts=hosts, config=config, reports=reports, base=base)


def _unknown(name: str) -> str:
    near = nearest(name, _READERS)
    return f"there is no input `{line(name, 60)}`" + (f", did you mean `{near}`?" if near else "")


def _misplaced(checked: Mapping[str, Any]) -> list[str]:
    """Inputs that would have no effect in this mode: the workflow expects something that will not happen."""
    mode, mistakes = checked["mode"], []
    if checked["expect_shards"] is not None and mode != "merge":
        mistakes.append(f"input `expect-shards` belongs to `mode: merge`, not to `{mode}`")
    if checked["shard"] and mode != "check":
        mistakes.append(f"input `shard` belongs to `mode: check`, not to `{mode}`")
    if checked["base"] and mode not in ("check", "merge", "sdk"):
        mistakes.append(f"input `base` belongs to a mode that judges, not to `{mode}`")
    named = [name for name in ("only", "leave") if checked[name]] if mode != "record" else []
    mistakes += [f"input `{name}` belongs to `mode: record`, not to `{mode}`" for name in named]
    live = [name for name in ("base-url", "suite") if checked[name.replace("-", "_")] and mode not in LIVE]
    mistakes += [f"input `{name}` belongs to `mode: check` and `mode: record`, not to `{mode}`" for name in live]
    if checked["since"] and mode != "sdk":
        mistakes.append(f"input `since` belongs to `mode: sdk`, not to `{mode}`")
    if checked["sdk"] and mode != "check":
        mistakes.append(f"input `sdk` belongs to `mode: check`, not to `{mode}`")
    if checked["node"] and mode != "sdk" and not checked["sdk"]:
        mistakes.append(f"input `node` belongs to `mode: sdk` and to `sdk: true`, not to `{mode}`")
    if checked["api_key_env"] and mode == "sdk":
        mistakes.append("input `api-key-env` has no place in `mode: sdk`, which runs packages and needs no key")
    if len(checked["route"]) > 1 and mode != "merge":
        mistakes.append(f"input `route` names {len(checked['route'])} routes, and `mode: {mode}` takes one")
    return mistakes


# -- readers: a stripped string → a value, or ValueError that continues "input `x` …" ---------------


def _some(value: str) -> str:
    if not value:
        raise ValueError("is empty: give a value, or leave it out for its default")
    return value


def _one_of(*words: str, value: str) -> str:
    if _some(value) not in words:
        near = nearest(value, words)
        hint = f", did you mean `{near}`?" if near else ""
        raise ValueError(f"is {_shown(value)}, not one of {', '.join(words)}{hint}")
    return value


def _flag(value: str) -> bool:
    return _one_of("true", "false", value=value) == "true"


def _number(least: int, most: int, value: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", _some(value)) or not least <= int(value) <= most:
        raise ValueError(f"is {_shown(value)}, not a whole number from {least} to {most}")
    return int(value)


def _path(value: str) -> str:
    if not _some(value).isprintable() or value.startswith("-"):
        raise ValueError(f"is {_shown(value)}, which is not a file path")
    return value


def _folder(value: str) -> str:
    if value and (".." in _path(value).split("/") or value.startswith("/")):
        raise ValueError(f"is {_shown(value)}, which is not a folder below the root of the repository")
    return value


def _url(value: str) -> str:
    # never echoed: a URL may hold a key
    if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#@]*)?", value, re.ASCII):
        raise ValueError("is no http:// or https:// URL without user, query and fragment")
    if value:
        host(value)
    return value


def _suites(value: str) -> tuple[str, ...]:
    for name in (names := _words(value)):
        if not _SUITE.fullmatch(name):
            raise ValueError(f"holds {_shown(name)}, which is no suite, scenario, file or folder")
    return names


def _revision(value: str) -> str:
    if not _REVISION.fullmatch(value):
        raise ValueError(f"is {_shown(value)}, which is no revision of git")
    return value


def _shard(value: str) -> str:
    shard = _SHARD.fullmatch(_some(value))
    if not shard or int(shard[1]) > int(shard[2]):
        raise ValueError(f"is {_shown(value)}, not a shard such as 2/4")
    # The whole suite: then the report must not say that it is a part of one.
    return "" if value == "1/1" else value


def _artifact(value: str) -> str:
    if not _ARTIFACT.fullmatch(_some(value)):
        raise ValueError(f"is {_shown(value)}; use letters, digits, `.`, `_`, `-` and spaces")
    return value


def _routes(value: str) -> tuple[str, ...]:
    for name in (names := _words(value)):
        if not _ROUTE.fullmatch(name):
            raise ValueError(f"holds {_shown(name)}, which is not a route name")
    return names


def _scenarios(value: str) -> tuple[str, ...]:
    for name in (names := _words(value)):
        if not _SCENARIO.fullmatch(name):
            raise ValueError(f"holds {_shown(name)}, which is no id of a scenario")
    return names


def _variables(value: str) -> tuple[str, ...]:
    # never echoed: who pastes a key here must not find it in the log
    for name in (names := _words(value)):
        if is_key(name) or looks_random(name) or not _VARIABLE.fullmatch(name):
            raise ValueError("takes names of environment variables, never keys; if a key is there, change that key")
    return names


def _majors(value: str) -> tuple[str, ...]:
    for name in (names := _words(value)):
        if not re.fullmatch("[1-9][0-9]{0,2}", name):
            raise ValueError(f"holds {_shown(name)}, which is no major version of Node, such as 22")
    return names


def _hosts(value: str) -> tuple[Host, ...]:
    return tuple(host(word) for word in _words(value))


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,]+", value) if word)


def _shown(value: str) -> str:
    return f"`{line(value, 60)}`"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "mode": lambda value: _one_of("check", "verify", "record", "merge", "sdk", value=value),
    "config": _path,
    "route": _routes,
    "api-key-env": _variables,
    "allowed-hosts": _hosts,
    "shard": _shard,
    "expect-shards": lambda value: _number(1, 9999, value) if value else None,
    "reports": _path,
    "fail-on": lambda value: _one_of("config", "breaking", "risky", "never", value=value),
    "on-missing-secret": lambda value: _one_of("auto", "verify", "fail", value=value),
    "on-incomplete": lambda value: _one_of("fail", "pass", value=value),
    "min-scenarios": partial(_number, 0, 9999),
    # chosen: a bound on the bound; the largest suite with samples sends some hundred.
    "max-requests": partial(_number, 1, 100_000),
    "annotations": partial(_number, 0, 10),
    "comment": _flag,
    "upload-artifact": _flag,
    "artifact-name": _artifact,
    "github-token": str,
    "only": lambda value: _scenarios(value),
    "leave": lambda value: _scenarios(value),
    "base": lambda value: _path(value) if value else "",
    "since": lambda value: _revision(value) if value else "",
    "sdk": lambda value: _flag(value or "false"),
    "node": _majors,
    "working-directory": _folder,
    "base-url": _url,
    "suite": _suites,
}
NAMES = tuple(_READERS)
