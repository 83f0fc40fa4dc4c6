"""The baseline of `gate init`: by options, environment and code, by the route's own list, and by a person's answers."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

import click

from gate.action.hosts import loopback
from gate.config import urls
from gate.config.gate_yaml import url_problem, variables
from gate.errors import ConfigError, GateError
from gate.inventory.model import Scan
from gate.inventory.today import OPENAI, Today, today
from gate.model import Auth, Route
from gate.run.models import listed
from gate.run.preflight import check_base_url
from gate.text.safe import line

NONE = "-"
"""The answer for no key and no model."""
# Words in the names of models that are no chat models, of the lists that providers and engines give.
_OTHER = re.compile(r"embed|whisper|tts|dall-e|image|moderation|rerank|guard|transcribe|realtime|audio|bge-|e5-")
_EMBEDDING = re.compile(r"embed|bge-|e5-")
_GUESS = "gpt-4o-mini"
_SHOWN = 5  # names of models; chosen: one line


@dataclass(frozen=True, slots=True)
class Given:
    """The options; None where one is not given."""

    base_url: str | None
    key_env: str | None
    chat: str | None
    embedding: str | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What gate.yaml says of the baseline."""

    base_url: str
    key_env: str
    chat: str
    embedding: str
    header: str
    api_version: str


def baseline(given: Given, found: Scan) -> Baseline:
    """The baseline; says where each guess comes from. On a terminal, what no option says is asked."""
    asking = _asking()
    guess = today(found, os.environ, given.base_url or "")
    asked = asking and given.base_url is None
    if asked:
        answer = _typed("base_url of the route that you use today", line(urls.shown(guess.base_url)))
        guess = guess if answer in ("", guess.base_url) else today(found, os.environ, answer)
    url, version = _parted(guess.base_url)
    _check(url, version)  # before anything is asked there, or repeated
    if guess.why and not asked:
        click.echo(f"baseline: {line(urls.shown(url))}, by {guess.why}")
    named = _key_named(given, guess, asking)
    guess = replace(guess, base_url=url, key_env=guess.key_env if named is None else named)
    header = "api-key" if urls.azure(url) else ""
    if given.chat is None:
        guess = _with_models(replace(guess, paired=guess.paired or named is not None), header, version, asked=asking)
    return Baseline(
        url,
        guess.key_env,
        _answer(given.chat, "chat model", guess.chat or _GUESS, asking),
        _answer(given.embedding, "embedding model (- for none)", guess.embedding or NONE, asking),
        header,
        version,
    )


def _asking() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _answer(option: str | None, question: str, default: str, asking: bool) -> str:
    """The option, the answer, or what was guessed; NONE is the empty text."""
    if option is None:
        option = click.prompt(question, default=default) if asking else default
    return "" if option == NONE else option


def _typed(question: str, default: str) -> str:
    """What a person typed, which is empty where the default is taken: unlike this, what is typed is meant."""
    return str(click.prompt(f"{question} [{default}]", default="", show_default=False))


def _key_named(given: Given, guess: Today, asking: bool) -> str | None:
    """The variable of the key as an option or a person names it, empty for no key; None where nobody does."""
    named = given.key_env
    if named is None and asking:
        named = _typed("variable that holds its key (- for none)", guess.key_env or NONE) or None
    elif named is None and guess.by_code and not guess.key_env and not loopback(urls.host(guess.base_url)):
        click.echo("note: gate.yaml names no key, for the code does not say which: --key-env NAME names its variable")
    return "" if named == NONE else named


def _check(url: str, version: str) -> None:
    """ConfigError for a base_url that can't work; one with variables is known only where they are set."""
    what, fix = url_problem(url)
    if what:
        raise ConfigError(f"the base_url {what}", where="gate init", fix=fix)
    if variables(url):
        return
    try:
        check_base_url(Route("baseline", url, query={"api-version": version} if version else {}))
    except ConfigError as error:
        raise ConfigError(error.what, where="gate init", fix=error.fix) from None


def _parted(url: str) -> tuple[str, str]:
    """(base_url, api-version): as one, which is how Azure's portal shows them, no client could use them."""
    base, _, rest = url.partition("?")
    query = dict(parse_qsl(rest))
    return (base, query["api-version"]) if query.keys() == {"api-version"} else (url, "")


def _with_models(guess: Today, header: str, version: str, *, asked: bool) -> Today:
    """With names of the route's own list, where no code names a model; a route that is down costs seconds."""
    if guess.base_url == OPENAI or guess.chat or variables(guess.base_url):
        return guess
    if guess.by_code and not asked:  # nobody named this host
        click.echo(f"note: no code names a chat model, and {_GUESS} is a guess: look at `models` in gate.yaml")
        return guess
    auth = Auth("header", header) if header else Auth()
    sent = guess.key_env if guess.paired and _private(guess.base_url) else ""
    route = Route("baseline", guess.base_url, sent or None, auth=auth if sent else Auth("none"))
    names = _listed(replace(route, query={"api-version": version} if version else {}))
    chats = [name for name in names if not _OTHER.search(name.lower())]
    if not chats:
        how = "now" if sent or not guess.key_env else f"without {guess.key_env}, which was not sent"
        what = f"note: {line(guess.base_url)} lists no models {how}, and {_GUESS} is a guess"
        click.echo(f"{what}: look at `models` in gate.yaml")
        return guess
    shown = ", ".join(line(name, 60) for name in chats[:_SHOWN])
    more = f" and {len(chats) - _SHOWN} more" if len(chats) > _SHOWN else ""
    click.echo(f"it lists {shown}{more}: gate.yaml has the first" if len(chats) > 1 else f"it lists the model {shown}")
    embedding = next((name for name in names if _EMBEDDING.search(name.lower())), "")
    return replace(guess, chat=chats[0], embedding=guess.embedding or embedding)


def _private(url: str) -> bool:
    """Whether a key that is sent there stays unread on its way."""
    return urlsplit(url).scheme == "https" or loopback(urls.host(url))


def _listed(route: Route) -> tuple[str, ...]:
    key = os.environ.get(route.api_key_env, "").strip() if route.api_key_env else None
    if key == "":  # without its key it would only refuse
        return ()
    try:
        return asyncio.run(listed(route, key))
    except GateError:  # `gate record` says what is wrong, and `init` only writes a file
        return ()
