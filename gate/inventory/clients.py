"""Clients: where they are made, and which one a call is made with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gate.inventory.model import Client, Place
from gate.inventory.parameters import Given, given
from gate.inventory.sdks import CLIENTS, FUNCTIONS, HTTP, package
from gate.inventory.source import Source, argument, assigned, attributes, dotted, nearest, spelled
from gate.inventory.syntax.node import NOTHING, Node
from gate.inventory.syntax.scopes import Found, Scope
from gate.inventory.values import shown, variable

BASE_URL = ("base_url", "baseURL", "api_base", "azure_endpoint", "openai_api_base", "endpoint", "configuration")
_KEY = ("api_key", "apiKey", "openai_api_key", "openAIApiKey")
TIMEOUT = ("timeout", "request_timeout", "timeoutMs")
RETRIES = ("max_retries", "maxRetries", "num_retries", "retries")
# openai-python before 1.0, and after it for the client of the module:
# https://github.com/openai/openai-python#module-level-client
_SETTINGS = {"openai.api_base": "base_url", "openai.base_url": "base_url", "litellm.api_base": "base_url"}
_SETTINGS |= {"openai.timeout": "timeout", "openai.max_retries": "retries", "litellm.num_retries": "retries"}
_SETTINGS |= {"litellm.request_timeout": "timeout"}
_MOST = 6  # steps from a name to the call that makes it; chosen


@dataclass(frozen=True)
class Clients:
    """The clients of one file."""

    source: Source
    _known: dict[tuple[int, str], str] = field(default_factory=dict)

    @cached_property
    def made(self) -> tuple[Client, ...]:
        """Every client that is made here, and every setting of a module that stands for one."""
        scopes = self.source.scopes
        calls = [(found, scope) for scope in scopes for found in scope.all("call")]
        made = [self._client(found, scope) for found, scope in calls if self.is_made(found.node)]
        settings = [self._setting(found.node, scope) for scope in scopes for found in scope.all("assign")]
        return (*made, *(one for one in settings if one))

    def is_made(self, call: Node) -> bool:
        """Whether a call makes a client, or a framework's model, which has one of its own."""
        name = dotted(call.parts[0], self.source)
        return name in CLIENTS or (name in FUNCTIONS and name[name.rfind(".") + 1 :][:1].isupper())

    def _client(self, found: Found, scope: Scope) -> Client:
        node, name = found.node, dotted(found.node.parts[0], self.source)
        known = given(node, scope)
        return Client(
            place=Place(self.source.path, node.line),
            sdk=package(name, self.source.ecosystem),
            name=name.replace(".default", "", 1),
            base_url=setting(known, BASE_URL, scope),
            timeout=setting(known, TIMEOUT, scope),
            retries=setting(known, RETRIES, scope),
            more=known.more,
            in_tests=self.source.in_tests,
            key_env=variable(setting(known, _KEY, scope)),
        )

    def _setting(self, node: Node, scope: Scope) -> Client | None:
        kind = _SETTINGS.get(dotted(node.parts[0], self.source))
        if not kind or self.source.ecosystem != "pypi":
            return None
        name, place = spelled(node.parts[0]), Place(self.source.path, node.line)
        made = Client(place, package(dotted(node.parts[0], self.source), "pypi"), name, in_tests=self.source.in_tests)
        set_to: dict[str, Any] = {kind: shown(node.parts[1], scope)}
        return replace(made, **set_to)

    # -- which client a name stands for --

    def behind(self, node: Node, scope: Scope, steps: int = _MOST) -> str:
        """The dotted name of the class that an expression is an instance of; empty where the file does not say."""
        if not steps or node.kind not in ("name", "member", "call", "logic", "choose", "index"):
            return ""
        if node.kind == "call":
            return self._made_by(node, scope, steps)
        if node.kind in ("logic", "choose"):
            return next((name for part in node.parts if (name := self.behind(part, scope, steps - 1))), "")
        key = (id(scope), spelled(node))
        if key not in self._known:
            self._known[key] = ""  # of itself, where two names stand for each other
            self._known[key] = self._named(node, scope, steps)
        return self._known[key]

    def _named(self, node: Node, scope: Scope, steps: int) -> str:
        values = assigned(node, scope) or self._attributes.get(spelled(node), ())
        found = (self.behind(value, scope, steps - 1) for value in nearest(values, node.line))
        return next(filter(None, found), "") or self._annotated(node, scope)

    def _made_by(self, node: Node, scope: Scope, steps: int) -> str:
        name = dotted(node.parts[0], self.source)
        if (name and name.rpartition(".")[2][:1].isupper()) or name in CLIENTS:
            return name
        # `instructor.from_openai(OpenAI())`, `wrap(client)`, `client.with_options(…)`
        inner = [*node.parts[1:2], *(node.parts[0].parts if node.parts[0].kind == "member" else ())]
        return next((found for part in inner if (found := self.behind(part, scope, steps - 1))), "")

    def _annotated(self, node: Node, scope: Scope) -> str:
        parameters = (around.parameters.get(node.word) for around in scope.outward())
        mark = next((parameter.mark for parameter in parameters if parameter), "")
        return next((name for word in re.findall(r"[\w.]+", mark) if (name := self._imported(word)) in CLIENTS), "")

    def _imported(self, word: str) -> str:
        first, dot, rest = word.partition(".")
        return f"{self.source.imports.get(first, '')}{dot}{rest}"

    @cached_property
    def _attributes(self) -> dict[str, list[Node]]:
        return attributes(self.source)

    @cached_property
    def sdks(self) -> tuple[str, ...]:
        """The SDKs that the file imports, HTTP clients apart."""
        found = {package(module, self.source.ecosystem) for module in self.source.modules}
        known = (name for name in found if name and name.partition(":")[2] not in HTTP)
        # what stands beside OpenAI's own is built on it
        return tuple(sorted(known, key=lambda name: (not name.endswith(":openai"), name)))


def setting(known: Given, names: Iterable[str], scope: Scope) -> str:
    """What one of some arguments is set to, in words; empty where none of them is given."""
    value = next((known.values[name] for name in names if name in known.values), NOTHING)
    if value.kind == "mapping":  # LangChain's `configuration: {baseURL: …}`
        value = argument(Node("call", 0, "", (NOTHING, value)), *names)
    return shown(value, scope)
