"""Inputs of the action: what is accepted, and every mistake as a sentence."""

from __future__ import annotations

import pytest

from gate.action.hosts import Host, host, refusal
from gate.action.inputs import NAMES, Inputs, parse
from gate.errors import ConfigError
from tests.action.runner import ACTION, DEFAULTS


def test_action_yml_and_its_reader_know_the_same_inputs() -> None:
    assert set(ACTION["inputs"]) == set(NAMES)
    assert {name.replace("-", "_") for name in NAMES} == set(Inputs.__slots__)


def test_the_defaults_are_right() -> None:
    found = parse(DEFAULTS)
    assert (found.mode, found.shard, found.expect_shards, found.comment, found.upload_artifact) == (
        "check",
        "",
        None,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"Mode": " verify "}, "mode", "verify"),
        ({"shard": "2/4"}, "shard", "2/4"),
        ({"mode": "merge", "expect-shards": "4"}, "expect_shards", 4),
        ({"mode": "merge", "route": "blue, green\nred"}, "route", ("blue", "green", "red")),
        ({"api-key-env": "A_KEY,OTHER_KEY"}, "api_key_env", ("A_KEY", "OTHER_KEY")),
        ({"allowed-hosts": "API.example.com gw:8443"}, "allowed_hosts", (Host("api.example.com"), Host("gw", 8443))),
        ({"allowed-hosts": "https://API.example.com/v1/"}, "allowed_hosts", (Host("api.example.com"),)),
        ({"allowed-hosts": "http://gw:4000/v1"}, "allowed_hosts", (Host("gw", 4000, "http"),)),
        ({"comment": "true"}, "comment", True),
        ({"mode": "sdk", "since": "origin/main~2"}, "since", "origin/main~2"),
        ({"base": ".gate/base.json"}, "base", ".gate/base.json"),
        ({"mode": "merge"}, "base", ""),
        ({"mode": "record", "leave": "chat tool-forced"}, "leave", ("chat", "tool-forced")),
        ({"mode": "record", "only": "chat"}, "only", ("chat",)),
        ({"mode": "sdk", "node": "20, 22"}, "node", ("20", "22")),
        ({"mode": "sdk"}, "node", ()),
        ({"sdk": "true", "node": "22"}, "node", ("22",)),
        ({"sdk": "true"}, "sdk", True),
        ({}, "sdk", False),
        ({"suite": "minimal, tests/scenarios chat"}, "suite", ("minimal", "tests/scenarios", "chat")),
        ({"working-directory": "services/search"}, "config", "services/search/gate.yaml"),
        ({"working-directory": "./services/search/", "config": "g.yaml"}, "config", "services/search/g.yaml"),
        ({"mode": "merge", "working-directory": "a"}, "reports", "a/gate-reports"),
        ({"base-url": "http://gw:4000/v1"}, "allowed_hosts", (Host("gw", 4000, "http"),)),
        ({"base-url": "http://gw:4000/v1", "allowed-hosts": "b"}, "allowed_hosts", (Host("b"),)),
        ({"config": "services/search/gate.yaml"}, "config", "services/search/gate.yaml"),
    ],
)
def test_right_inputs(given: dict[str, str], field: str, value: object) -> None:
    named = {name.lower(): text for name, text in given.items()}
    assert getattr(parse({**{k: v for k, v in DEFAULTS.items() if k not in named}, **given}), field) == value


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"mode": ""}, "input `mode` is empty"),
        ({"mode": "chek"}, "did you mean `check`?"),
        ({"fail_on": "risky"}, "there is no input `fail_on`, did you mean `fail-on`?"),
        ({"base_url": "x"}, "there is no input `base_url`, did you mean `base-url`?"),
        ({"base-url": "gw.example/v1"}, "input `base-url` is no http:// or https:// URL"),
        ({"base-url": "https://u:p@gw.example/v1"}, "input `base-url` is no http:// or https:// URL"),
        ({"base-url": "https://gw.example/v1?key=x"}, "input `base-url` is no http:// or https:// URL"),
        ({"mode": "verify", "base-url": "https://gw.example/v1"}, "input `base-url` belongs to `mode: check` and"),
        ({"mode": "merge", "suite": "minimal"}, "input `suite` belongs to `mode: check` and"),
        ({"suite": "minimal --route=x"}, "holds `--route=x`, which is no suite"),
        ({"working-directory": "../other"}, "not a folder below the root"),
        ({"working-directory": "/etc"}, "not a folder below the root"),
        ({"config": ""}, "input `config` is empty"),
        ({"base": "--fail-on"}, "input `base` is `--fail-on`, which is not a file path"),
        ({"mode": "record", "only": "--write"}, "input `only` holds `--write`, which is no id of a scenario"),
        ({"mode": "record", "leave": "a" * 81}, "which is no id of a scenario"),
        ({"leave": "chat"}, "input `leave` belongs to `mode: record`, not to `check`"),
        ({"mode": "verify", "base": "x"}, "input `base` belongs to a mode that judges, not to `verify`"),
        ({"mode": "sdk", "since": "--output=x"}, "input `since` is `--output=x`, which is no revision of git"),
        ({"mode": "sdk", "node": "22 --x"}, "input `node` holds `--x`, which is no major version of Node"),
        ({"node": "22"}, "input `node` belongs to `mode: sdk` and to `sdk: true`, not to `check`"),
        ({"mode": "record", "sdk": "true"}, "input `sdk` belongs to `mode: check`, not to `record`"),
        ({"sdk": "yes"}, "input `sdk` is `yes`, not one of true, false"),
        ({"since": "main"}, "input `since` belongs to `mode: sdk`, not to `check`"),
        ({"mode": "sdk", "api-key-env": "A_KEY"}, "input `api-key-env` has no place in `mode: sdk`"),
        ({"config": "-x"}, "not a file path"),
        ({"config": "a\nb"}, "not a file path"),
        ({"shard": "5/4"}, "not a shard"),
        ({"shard": "0/4"}, "not a shard"),
        ({"shard": ""}, "input `shard` is empty"),
        ({"shard": "2/4", "mode": "verify"}, "belongs to `mode: check`"),
        ({"expect-shards": "4"}, "belongs to `mode: merge`"),
        ({"expect-shards": "0", "mode": "merge"}, "whole number from 1"),
        ({"route": "blue green"}, "takes one"),
        ({"route": "Blue!"}, "not a route name"),
        ({"fail-on": "error"}, "not one of config, breaking, risky, never"),
        ({"on-missing-secret": "skip"}, "not one of auto, verify, fail"),
        ({"on-incomplete": "warn"}, "not one of fail, pass"),
        ({"min-scenarios": "-1"}, "whole number"),
        ({"max-requests": "1e3"}, "whole number"),
        ({"annotations": "11"}, "from 0 to 10"),
        ({"comment": "yes"}, "not one of true, false"),
        ({"upload-artifact": ""}, "input `upload-artifact` is empty"),
        ({"artifact-name": "a/b"}, "use letters"),
        ({"allowed-hosts": "*.example.com"}, "not a host"),
        ({"allowed-hosts": "api.example.com/v1"}, "not a host"),
        ({"allowed-hosts": "https://api.example.com@evil.example/v1"}, "not a host"),
        ({"allowed-hosts": "https://*.example.com/v1"}, "not a host"),
        ({"allowed-hosts": "https:///v1"}, "not a host"),
        ({"allowed-hosts": "host:99999"}, "not a host"),
        ({"api-key-env": "sk-proj-abcdef"}, "never keys"),
        ({"api-key-env": "abcdefghij0123456789klm"}, "never keys"),
    ],
)
def test_mistakes(given: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse({**DEFAULTS, **given})
    assert says in str(error.value)


def test_all_mistakes_come_at_once_and_no_key_is_echoed() -> None:
    with pytest.raises(ConfigError) as error:
        parse({**DEFAULTS, "mode": "x", "shard": "y", "api-key-env": "sk-secret-1", "github-token": "ghs_\x00"})
    assert all(f"`{name}`" in str(error.value) for name in ("mode", "shard", "api-key-env"))
    assert "sk-secret-1" not in str(error.value)


# -- hosts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "allowed", "bound", "says"),
    [
        ("https://api.example.com/v1", "", False, ""),
        ("https://api.example.com/v1", "", True, "set `allowed-hosts`"),
        ("https://api.example.com/v1", "api.example.com", True, ""),
        ("https://API.example.com:443/v1", "api.example.com", True, ""),
        ("https://api.example.com/v1", "https://api.example.com/v1", True, ""),
        ("https://evil.example/v1", "https://api.example.com/v1", True, "does not name"),
        ("http://api.example.com/v1", "https://api.example.com/v1", True, "does not name"),
        ("https://api.example.com:8443/v1", "api.example.com", True, "does not name"),
        ("https://api.example.com:8443/v1", "api.example.com:8443", True, ""),
        ("https://api.example.com.evil.example/v1", "api.example.com", True, "does not name"),
        ("https://evil.example/api.example.com", "api.example.com", False, "does not name"),
        ("https://evil.example#@api.example.com", "api.example.com", True, "does not name"),
        ("http://api.example.com/v1", "", False, "only over https"),
        ("http://api.example.com/v1", "api.example.com", True, "does not name"),
        ("http://gateway:8080/v1", "http://gateway:8080", True, ""),
        ("http://gateway:8081/v1", "http://gateway:8080", True, "does not name"),
        ("http://127.0.0.1:4000/v1", "", False, ""),
        ("http://127.0.0.1:4000/v1", "", True, "set `allowed-hosts`"),
        ("http://127.0.0.1:4000/v1", "127.0.0.1", True, ""),
        ("http://[::1]:4000/v1", "[::1]", True, ""),
        ("http://localhost:4000/v1", "localhost:4001", True, "does not name"),
        ("http://localhost.evil.example/v1", "", False, "only over https"),
    ],
)
def test_where_a_key_may_go(url: str, allowed: str, bound: bool, says: str) -> None:
    found = refusal(url, [host(word) for word in allowed.split()], bound)
    assert says in found
    assert bool(says) == bool(found)
