"""What is wrong with a base_url by its text. Pure; the words don't repeat the URL, which may hold a key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

PLACE = re.compile(r"\{port\}")
"""Filled in where a gateway is started."""

_SHAPE = "write it like https://api.openai.com/v1"
# Azure's versions are dates: https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
_VERSION = re.compile(r"[A-Za-z0-9.-]{1,40}")
_AZURE = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
_DEPLOYMENT = re.compile(r"/openai/deployments/[^/]+/?")


def problem(url: str) -> tuple[str, str]:
    """(what is wrong, what to do); ("", "") where nothing is."""
    try:
        parts = urlsplit(PLACE.sub("1", url))  # the port of a gateway that is not started yet
        port = parts.port
    except ValueError:
        return "is not a valid URL", _SHAPE
    # Port 0 asks a system for any port; nothing can listen there.
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "must be an http:// or https:// URL with a host", _SHAPE
    if parts.username is not None or parts.password is not None:
        return "must not hold a user or password", _SHAPE
    if parts.query:
        return "must not hold a query: use `query:`", _query_fix(parts.query)
    return ("must not hold a fragment", "leave out what begins with #") if parts.fragment else ("", "")


def committed(text: str) -> tuple[str, str]:
    """What no file may hold in a base_url whose variables, here as they are filled with words, are not known yet: as in
    `problem`. A password beside a variable is as public as one in a whole URL."""
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
    except ValueError:
        return "is not a valid URL", _SHAPE
    if "@" in parts.netloc:
        return "must not hold a user or password", _SHAPE
    return ("must not hold a query: use `query:`", _query_fix(parts.query)) if parts.query else ("", "")


def _query_fix(query: str) -> str:
    version = dict(parse_qsl(query)).get("api-version", "")
    if _VERSION.fullmatch(version):
        return f"write `query: {{api-version: {version}}}` beside base_url, and take it out of the URL"
    return "write `query: {NAME: value}` beside base_url, with ${VARIABLE} for a key, and take it out of the URL"


def host(url: str) -> str:
    """The host, in small letters; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def shown(url: str) -> str:
    """The URL without what may hold a key, to be told before anything is known of it: no user, password or query."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # `user:a/b@host` has a port that is none
    except ValueError:
        return "a URL that is not valid"
    if not parts.netloc and "@" in url:
        return "a URL without a scheme"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def azure(url: str) -> bool:
    """Whether the URL is on a host of Azure, which has paths, versions and a header for keys of its own."""
    return host(url).endswith(_AZURE)


def azure_problem(url: str, query: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong with the URL of an Azure host, as in `problem`: without a path, or a version, all there is 404."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    if not azure(url):
        return "", ""
    if parts.path.rstrip("/") in ("", "/openai", "/v1"):
        dated = "or /openai/deployments/NAME with `query: {api-version: …}` and `auth: {header: api-key}`"
        return "is an Azure host without the path of its API", f"use {host}/openai/v1, {dated}"
    if _DEPLOYMENT.fullmatch(parts.path) and "api-version" not in query:
        versioned = "write `query: {api-version: 2024-10-21}` beside it, or the version that your code names"
        return "is a deployment on Azure without `api-version`", f"{versioned}; {host}/openai/v1 needs none"
    return "", ""
