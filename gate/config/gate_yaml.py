"""gate.yaml → Config. What a person wrote wrong is a ConfigError with file, line and fix; keys are never echoed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gate.config import urls
from gate.errors import ConfigError
from gate.model import (
    Auth,
    Budget,
    Config,
    Json,
    Limits,
    MinHits,
    Override,
    Own,
    Policy,
    Route,
    SamplePlan,
    Severity,
    Timeouts,
    Tolerance,
)
from gate.redact.kinds import CREDENTIAL_NAME, is_key, looks_random
from gate.store import yaml_file
from gate.store.yaml_file import Document, dotted
from gate.text.nearest import nearest
from gate.text.safe import line
from gate.wire.strict_yaml import Place

FILE = "gate.yaml"
SCHEMA = Path(__file__).with_name("schema.json")
# A role outside of this list is allowed, so a near miss is refused by `_check_roles`.
ROLES = ("chat", "embedding", "completion", "moderation", "image", "tts", "stt", "rerank")
"""The roles that built-in scenarios use; a team's own scenarios may use others."""

# "": a number without a unit is seconds.
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
# Decimal and binary units as IEC 80000-13 has them; `KB` is what many people write for kB.
_SIZES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
# The two forms of a POSIX shell that CI users know; no others, so that nothing is run or nested.
# Defaults up to 2,000 characters: without a bound a pull request's `${a:-${a:-…` takes hours.
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,99})(?::-([^}]{0,2000}))?\}")

_PIECE = re.compile(r"[/:@?&=.]")
_KEY = "holds what looks like a key itself"
_KEY_FIX = "write `api_key_env: NAME_OF_A_VARIABLE`, or ${NAME} elsewhere; then change that key"


def load(path: Path) -> Config:
    """Read gate.yaml; `${VAR}` stays as written until `resolve`. Raises ConfigError with file:line and a fix."""
    # Said before reading: "no such file" alone would not tell what to do.
    if not path.exists():
        fix = f"run `gate init`, or name the file with --config (looked in {path.parent.name or '.'})"
        raise ConfigError(f"there is no {path.name}", fix=fix)
    document = yaml_file.read(path)
    _refuse_keys(document)  # first, because the schema's errors may repeat a value
    yaml_file.validate(document, SCHEMA)
    return _config(document, path.resolve().parent)


def _config(document: Document, root: Path) -> Config:
    value: dict[str, Any] = document.value
    suite, left_out = _suite(value)
    return Config(
        root=str(root),
        golden=value.get("golden", "golden").rstrip("/") or "/",
        suite=suite,
        left_out=left_out,
        routes={name: _route(document, name, entry) for name, entry in value.get("routes", {}).items()},
        samples=SamplePlan(**value.get("samples", {})),
        sdk={name: text for name, text in value.get("sdk", {}).items() if name != "ours"},
        ours=_own(value.get("sdk", {}).get("ours")),
        policy=_policy(document, value.get("policy", {}), tuple(value.get("depends_on", ()))),
        limits=_limits(value.get("limits", {})),
        redact=tuple(_redact(document, value.get("redact", []))),
    )


def _own(entry: dict[str, list[str]] | None) -> Own | None:
    return Own(**{name: tuple(command) for name, command in entry.items()}) if entry else None


def _suite(value: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what the suite names, the scenarios that it leaves out); `{except: …}` alone is about the default."""
    entries = value.get("suite", ())
    named = tuple(entry for entry in entries if isinstance(entry, str))
    without = [name for entry in entries if isinstance(entry, dict) for name in entry["except"]]
    return named or ("standard",), tuple(dict.fromkeys(without))


# -- routes -------------------------------------------------------------------------------------


def _route(document: Document, name: str, entry: dict[str, Any]) -> Route:
    place = ("routes", name)
    if urls.PLACE.search(entry["base_url"]) and "start" not in entry:
        what = f"`{dotted((*place, 'base_url'))}` has a place that is filled in where a gateway is started"
        raise document.error((*place, "base_url"), what, "write `start: [command, …]` too, or the port itself")
    what, fix = url_problem(entry["base_url"])
    if what:
        raise document.error((*place, "base_url"), f"`{dotted((*place, 'base_url'))}` {what}", fix)
    _check_roles(document, (*place, "models"), entry.get("models", {}))
    return Route(
        name=name,
        base_url=entry["base_url"],
        api_key_env=entry.get("api_key_env"),
        models=entry.get("models", {}),
        headers=entry.get("headers", {}),
        query=entry.get("query", {}),
        auth=_auth(entry.get("auth", "bearer")),
        map=entry.get("map", {}),
        timeouts=Timeouts(**{key: seconds(text) for key, text in entry.get("timeouts", {}).items()}),
        max_concurrency=entry.get("max_concurrency", 8),
        prices=entry.get("prices", {}),
        upstream=entry.get("upstream", ""),
        start=tuple(entry.get("start", ())),
        ready=entry.get("ready", ""),
        listen=entry.get("listen", ""),
        faults=entry.get("faults", ""),
        strict=entry.get("strict", False),
        load=entry.get("load", 0),
    )


def _check_roles(document: Document, place: Place, models: Mapping[str, str]) -> None:
    # `embeddings` for `embedding` would quietly skip every embedding scenario as "not served".
    for role in models:
        near = nearest(role, ROLES)
        if role not in ROLES and near and (role.startswith(near) or near.startswith(role)):
            what = f"`{dotted(place)}` has the role `{role}`, which no built-in scenario uses"
            raise document.error((*place, role), what, f"did you mean `{near}`?")


def url_problem(url: str) -> tuple[str, str]:
    """As `urls.problem`; of a base_url with variables what its own text shows, and `resolve` looks at the whole."""
    # a variable's default is text of the file
    text = _VARIABLE.sub(lambda match: match[2] or "v", url)
    what, fix = urls.committed(text) if text != url else urls.problem(url)
    if not what and any(map(is_key, _PIECE.split(text))):  # some gateways have it in their path
        return _KEY, _KEY_FIX
    return what, fix


def _auth(value: Json) -> Auth:
    if isinstance(value, dict):
        # The schema allows exactly one key.
        kind, name = next(iter(value.items()))
        return Auth(kind, name)
    return Auth(value)


def _refuse_keys(document: Document) -> None:
    routes = document.value.get("routes") if isinstance(document.value, dict) else None
    for place, text in _texts(routes, ("routes",)):
        # Pasting the key itself is the usual slip here, and the file gets committed.
        random = place[-1] == "api_key_env" and looks_random(text)
        secret = place[-2:-1] in (("headers",), ("query",)) and CREDENTIAL_NAME.fullmatch(str(place[-1]))
        if is_key(text) or random or (secret and text and not _VARIABLE.search(text)):
            raise document.error(place, f"`{dotted(place)}` {_KEY}", _KEY_FIX)


def _texts(value: Json, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, (dict, list)):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in entries:
            yield from _texts(inner, (*place, key))


# -- variables ----------------------------------------------------------------------------------


def resolve(route: Route, environ: Mapping[str, str]) -> Route:
    """Fill `${VAR}` and `${VAR:-default}` in base_url, models, headers and query; an empty variable counts as unset.

    Raises ConfigError that names route, key and variable. Called only for the routes that a command uses.
    """

    def fill(texts: Mapping[str, str], key: str) -> dict[str, str]:
        return {name: _fill(text, f"routes.{route.name}.{key}.{name}", environ) for name, text in texts.items()}

    url = _fill(route.base_url, f"routes.{route.name}.base_url", environ)
    what, fix = urls.problem(url)
    if what:
        raise ConfigError(f"`routes.{route.name}.base_url` {what}", where=FILE, fix=fix)
    return replace(
        route,
        base_url=url,
        models=fill(route.models, "models"),
        headers=fill(route.headers, "headers"),
        query=fill(route.query, "query"),
    )


def variables(text: str) -> tuple[tuple[str, bool], ...]:
    """(variable, whether it has a default) for each `${VAR}` in a text of a route."""
    return tuple((match[1], match[2] is not None) for match in _VARIABLE.finditer(text))


def named_variables(config: Config) -> frozenset[str]:
    """Every variable that some route names, for its key or within a text: what a started command must not see."""
    keys = {route.api_key_env for route in config.routes.values() if route.api_key_env}
    texts = (
        text
        for route in config.routes.values()
        for text in (route.base_url, *route.models.values(), *route.headers.values(), *route.query.values())
    )
    return frozenset(keys | {name for text in texts for name, _ in variables(text)})


def _fill(text: str, key: str, environ: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        name, default = match.groups()
        value = environ.get(name) or default
        if value is None:  # CI systems hand out missing secrets as empty variables
            fix = f"export {name}, or write ${{{name}:-default}}"
            raise ConfigError(f"`{key}` needs the variable {name}, which is not set", where=FILE, fix=fix)
        return value

    # A variable that was pasted with a line break at its end keeps it.
    filled = _VARIABLE.sub(value_of, text).strip()
    # A line break in a header's value would start another header (RFC 9110, 5.5).
    if not filled.isprintable():
        raise ConfigError(f"`{key}` holds a line break or control character", where=FILE, fix="look at its variable")
    return filled


def api_key(route: Route, environ: Mapping[str, str]) -> str | None:
    """The key of a route from its variable, or None where it has none. Raises ConfigError without the value."""
    if route.api_key_env is None or route.auth.kind == "none":
        return None
    # secrets pasted into a CI often end with a line break, which no header can carry
    key, name = environ.get(route.api_key_env, "").strip(), route.api_key_env
    if not key:
        what = f"`routes.{route.name}.api_key_env` names {name}, which is not set"
        raise ConfigError(what, where=FILE, fix=f"export {name}, or write `auth: none` for a route without a key")
    # Pasted from a document, a key may hold a no-break space or a dash that is none.
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"the variable {name} holds characters that no header can carry", where=FILE)
    return key


# -- policy and limits --------------------------------------------------------------------------


def _policy(document: Document, value: dict[str, Any], depends_on: tuple[str, ...]) -> Policy:
    return Policy(
        fail_on=_severity(value.get("fail_on", "breaking")),
        tolerate=tuple(_tolerance(document, n, entry) for n, entry in enumerate(value.get("tolerate", ()))),
        overrides=tuple(_override(document, n, entry) for n, entry in enumerate(value.get("severity", ()))),
        budgets=tuple(_budget(document, figure, entry) for figure, entry in value.get("budgets", {}).items()),
        depends_on=depends_on,
        min_hits=tuple(
            MinHits(**entry, line=document.line(("policy", "min_hits", number)))
            for number, entry in enumerate(value.get("min_hits", ()))
        ),
        **_stale_after(value.get("stale_after", Policy().stale_after)),
        min_coverage=value.get("min_coverage"),
        rules_url=value.get("rules_url", ""),
        file=document.file,
    )


def _stale_after(value: int | dict[str, Any]) -> dict[str, Any]:
    if isinstance(value, int):
        return {"stale_after": value}
    return {"stale_after": value.get("days", Policy().stale_after), "stale_fails": value.get("enforce", False)}


def _severity(word: str) -> Severity | None:
    # `never` is the word of fail_on, `off` that of a severity: the schema keeps them apart.
    return None if word in {"never", "off"} else Severity[word.upper()]


def _tolerance(document: Document, number: int, entry: dict[str, str]) -> Tolerance:
    place: Place = ("policy", "tolerate", number)
    try:
        datetime.date.fromisoformat(entry["until"])
    except ValueError:
        what = f"`{dotted((*place, 'until'))}` is not a day of the calendar"
        raise document.error((*place, "until"), what, "write it like 2027-03-01") from None
    return Tolerance(**entry, line=document.line(place))


def _override(document: Document, number: int, entry: dict[str, str]) -> Override:
    line = document.line(("policy", "severity", number))
    return Override(**{**entry, "severity": _severity(entry["severity"])}, line=line)  # type: ignore[arg-type]


def _budget(document: Document, figure: str, entry: dict[str, Any]) -> Budget:
    most, place = entry.get("max"), document.line(("policy", "budgets", figure))
    return Budget(figure, entry.get("max_ratio"), None if most is None else seconds(most) * 1000, place)


def _limits(value: dict[str, Any]) -> Limits:
    read: dict[str, Callable[[Any], Any]] = {
        "max_body": size, "max_run": size, "max_requests": int, "max_retry_after": seconds,
    }  # fmt: skip
    return Limits(**{key: read[key](entry) for key, entry in value.items()})


def _redact(document: Document, patterns: list[str]) -> Iterator[str]:
    for number, pattern in enumerate(patterns):
        try:
            re.compile(pattern)
        # The other two come from patterns such as ten thousand brackets or `a{99999999999}`.
        except (re.error, RecursionError, OverflowError) as error:
            what = f"`redact[{number}]` is not a regular expression: {line(str(error), 60)}"
            raise document.error(("redact", number), what) from None
        if re.match(pattern, ""):  # it would put a mark between any two characters
            what = f"`redact[{number}]` matches the empty text, so it would match everywhere"
            raise document.error(("redact", number), what)
        yield pattern


def seconds(value: float | str) -> float:
    """A checked duration (`5s`, `250ms`, `2m`, or a number of seconds) in seconds."""
    if not isinstance(value, str):
        return float(value)
    unit = value.lstrip("0123456789.")
    return float(value.removesuffix(unit)) * _UNITS[unit]


def size(value: int | str) -> int:
    """A checked size (`8MiB`, or bytes) in bytes."""
    if not isinstance(value, str):
        return value
    unit = value.lstrip("0123456789 ")
    return int(value.removesuffix(unit)) * _SIZES[unit]
