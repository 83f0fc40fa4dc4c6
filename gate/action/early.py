"""What is refused before anything is installed. Standard library alone, so the configuration is a text here.

It refuses only what `gate.action.plan`, which reads the configuration as YAML, would refuse too; in doubt it is silent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from gate.action.event import Event
from gate.action.hosts import refusal
from gate.action.inputs import Inputs
from gate.errors import ConfigError

_BASE_URL = re.compile(r"""\bbase_url:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,#"']+))""")
# As `gate.config.gate_yaml` fills them.
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
# `\s` would take the line breaks as well, and a file of nothing else would be read once for each of them.
_COMMENT = re.compile(r"^[ \t]*#.*\n|(?<=[ \t])#.*", re.MULTILINE)
# What may take the key, or the whole of a route, from elsewhere: a merge key, no authentication, one that is an alias.
_DOUBT = re.compile(r"<<|\bnone\b|\bauth:\s*\*")

_MOST = 1 << 20  # bytes of a configuration; chosen
_LONGEST = 2000  # characters of a URL; chosen: `_VARIABLE` looks for an end from each beginning


def check(inputs: Inputs, route: str, event: Event, environ: Mapping[str, str]) -> None:
    """ConfigError for what is certain without the engine: who forgot a secret should not wait for an installation.
    `route` is that of a live mode, else empty."""
    path = Path(inputs.config)
    if not route or not path.is_file():
        return
    text = path.read_bytes()[:_MOST].decode("utf-8", "replace")
    if lost := missing(inputs, text, environ):
        no_secret(inputs, event, lost, lost)
    elif sentence := refused(inputs, route, event, text, environ):
        raise ConfigError(sentence)


def no_secret(inputs: Inputs, event: Event, lost: Sequence[str], secret: Collection[str]) -> None:
    """ConfigError, unless `verify` takes the place of the mode. `secret` are those that hold keys."""
    choice = inputs.on_missing_secret
    if choice == "fail" or (choice == "auto" and not event.without_secrets):
        named = " and ".join(f"the {'secret' if name in secret else 'variable'} {name}" for name in lost)
        it = "it" if len(lost) == 1 else "them"
        raise ConfigError(
            f"no value in the environment for {', '.join(lost)}",
            fix=f"create {named} in the repository settings, and pass {it} in `env:` of this step",
        )


def missing(inputs: Inputs, text: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables of `api-key-env` without a value; none where a route may be a gateway on goldens: that needs no key."""
    if "upstream" in text:
        return ()
    return tuple(name for name in inputs.api_key_env if not environ.get(name, "").strip())


def refused(inputs: Inputs, route: str, event: Event, text: str, environ: Mapping[str, str]) -> str:
    """Why the keys of this use must not go where its route is, as a sentence; empty where they may, or nobody knows."""
    block = _block(route, text)
    if _DOUBT.search(block):
        return ""
    held = any(environ.get(name) and re.search(rf"\b{re.escape(name)}\b", block) for name in inputs.api_key_env)
    url = inputs.base_url or _base_url(block, environ)
    return refusal(url, inputs.allowed_hosts, event.proposed) if held and url else ""


def _block(route: str, text: str) -> str:
    """The lines of a route without comments; empty where none begins with its name, or more than one."""
    block = rf"^([ ]+){re.escape(route)}:.*\n?(?:\1[ ]+.*\n?|[ ]*\n)*"
    found = list(re.finditer(block, _COMMENT.sub("", text), re.MULTILINE))
    return found[0][0] if len(found) == 1 else ""


def _base_url(block: str, environ: Mapping[str, str]) -> str:
    """The base_url in the lines of a route, its variables filled; empty in every form that needs YAML to be read."""
    found = _BASE_URL.findall(block)
    url = "".join(found[0]) if len(found) == 1 else ""
    if len(url) > _LONGEST:
        return ""
    if url.count("}") > url.count("{"):  # the end of `{base_url: …}`
        url = url[:-1]
    filled = _VARIABLE.sub(lambda one: environ.get(one[1]) or one[2] or "", url).strip().replace("{port}", "1")
    try:
        parts = urlsplit(filled)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return filled if known else ""
