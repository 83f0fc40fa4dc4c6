"""A recorded request as a curl command. Pure.

The command is made to be pasted into a shell, and the cassette may come from anybody: every part is quoted, and
secrets are replaced by names of variables.
"""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from gate.model import Request, Route
from gate.redact.kinds import BAD_KEY, KEY_HEADERS, SECRET_NAME
from gate.redact.scrub import KEPT, Scrubber
from gate.wire import form

# curl sets these itself; a recorded Content-Length would be wrong as soon as somebody edits the body.
_OF_HTTP = frozenset({"host", "connection", "content-length", "transfer-encoding", "user-agent"})
# Header names that no shell and no terminal acts on: a part of RFC 9110's token (5.6.2).
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The form of gate.yaml, `${NAME}` or `${NAME:-default}`, where it is the whole value: then the variable can stand for
# it.
_WHOLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-[^}]*)?\}")
# The schemes of RFC 6750 and 7617, and two that gateways use; only the word before the credential is shown.
_SCHEME = re.compile(r"(?i)((?:bearer|basic|token|apikey) ).*")
# What scrubbing leaves of a header or parameter (`redact.scrub`).
_MASK = re.compile(r"\*+")
# `\x23` is `#`: inside `$'…'` it is the same character, but no `##[command]` for a runner.
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\", "#": "\\x23"}


def variables(route: Route) -> dict[str, str]:
    """Header or query parameter → the variable of gate.yaml that fills it; `route` is unresolved."""
    sent = {**{name.lower(): text for name, text in route.headers.items()}, **route.query}
    names = {name: whole[1] for name, text in sent.items() if (whole := _WHOLE.fullmatch(text))}
    if route.api_key_env and route.auth.kind != "none":
        name = route.auth.name if route.auth.kind == "query" else route.auth.name.lower()
        names[name or "authorization"] = route.api_key_env
    return names


def curl(request: Request, known: Mapping[str, str]) -> str:
    """The command that repeats a request. `known` maps a header or parameter to its variable; other variables are named
    after the header. It holds no secret; the suite's bad key is none."""
    # -N: streams are shown as they come. -g: curl would expand `[1-9]` and `{a,b}` in a URL that a stranger wrote.
    parts = ["curl", "-sS", "-N", "-g", "-X", _word(request.method), "--url", _url(request.url, known)]
    fields = form.parts(request.body, request.headers)
    for name, value in request.headers:
        # curl names the boundary of its own form
        parts += _header(name, value, known) if not fields or name.lower() != "content-type" else ()
    if fields:
        parts += [word for part in fields for word in _field(*part)]
    elif request.body is not None:  # raw: curl would read a file where the data starts with @
        parts += _body(request.body)
    return " ".join(parts)


def _header(name: str, value: str, known: Mapping[str, str]) -> Iterator[str]:
    low = name.lower()
    # A header name is not quoted inside of `"…$VAR"`: only names that no shell acts on get that far.
    if low in _OF_HTTP or not _NAME.fullmatch(name) or (low, value) == ("accept-encoding", "identity"):
        return
    yield "-H"
    if BAD_KEY in (value, value.rpartition(" ")[2]) or (KEPT.fullmatch(low) and not _MASK.fullmatch(value)):
        yield _word(f"{name}: {value}")
    else:
        yield f'"{name}: {_scheme(low, value)}${_variable(name, known)}"'
    if low == "accept-encoding":
        yield "--compressed"  # otherwise curl prints the encoded bytes


def _scheme(name: str, value: str) -> str:
    if name != "authorization" or _MASK.fullmatch(value):
        return ""
    scheme = _SCHEME.fullmatch(value)
    return scheme[1] if scheme else "Bearer "


def _variable(name: str, known: Mapping[str, str]) -> str:
    """The name of its variable; one from `known` is only taken where it is a valid name."""
    variable = known.get(name, known.get(name.lower()))
    if isinstance(variable, str) and _VARIABLE.fullmatch(variable):
        return variable
    made = re.sub(r"[^A-Za-z0-9]", "_", name).upper()
    # A variable of a shell may not start with a digit, as a header may.
    return "API_KEY" if name.lower() in KEY_HEADERS else made if _VARIABLE.fullmatch(made) else f"X_{made}"


def _url(url: str, known: Mapping[str, str]) -> str:
    head, mark, query = Scrubber().url(url).partition("?")
    pieces = [_parameter(pair, known) for pair in query.split("&")] if query else []
    if all(not variable for _, variable in pieces):
        return _word(head + mark + query)
    words = [_word(text) + (f'"${variable}"' if variable else "") for text, variable in pieces]
    return _word(head + mark) + "'&'".join(words)


def _parameter(pair: str, known: Mapping[str, str]) -> tuple[str, str]:
    """(literal text, the variable that follows it)."""
    name, equals, value = pair.partition("=")
    plain = unquote_plus(name)
    hidden = plain in known or SECRET_NAME.fullmatch(plain) or _MASK.fullmatch(value)
    return (name + equals, _variable(plain, known)) if value != BAD_KEY and hidden else (pair, "")


def _body(body: bytes) -> list[str]:
    # Process substitution gives curl a file of these bytes; it needs bash or zsh.
    if b"\0" in body:  # no argument of a command can hold it
        return ["--data-binary", "@<(printf '" + "".join(f"\\{byte:03o}" for byte in body) + "')"]
    return ["--data-raw", _word(body.decode("utf-8", "surrogateescape"))]


def _field(name: str, file: str, content: bytes) -> tuple[str, str]:
    if not file and b"\0" not in content:
        return "--form-string", _word(f"{name}={content.decode('utf-8', 'surrogateescape')}")
    # never a file of that name on the reader's disk: who made the cassette chose the name
    there = f"<(base64 -d <<<{base64.b64encode(content).decode()})"
    escaped = file.replace("\\", "\\\\")
    label = _word(f';filename="{escaped}";type={form.media_type(file)}') if file else ""
    return "-F", _word(f"{name}={'@' if file else '<'}") + there + label


def _word(text: str) -> str:
    """One word of a shell, on one line; unprintable characters and commands to CI runners (`##`) are escaped."""
    if text.isprintable() and "##" not in text:
        return shlex.quote(text)
    # ANSI-C quoting: a raw control character would be pasted as a key press.
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    errors = "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", errors))
