"""What the action may do with a configuration that a pull request may have edited."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gate.action.goldens import committed
from gate.action.plan import Plan, plan
from gate.errors import ConfigError

ENVIRON = {
    "KEY": "sk-0123456789",
    "OTHER": "npm_0123456789",
    "URL": "https://api.example.com/v1",
    "EMPTY": "",
    "HOOK": "https://hooks.example.net/T0/secret",
}


def planned(tmp_path: Path, entry: str, **order: Any) -> Plan:
    (tmp_path / "gate.yaml").write_text(f"version: 1\nroutes:\n  candidate: {{{entry}}}\n", "utf-8")
    hosts = [{"name": name, "port": None, "scheme": "https"} for name in order.pop("hosts", ())]
    asked = {
        "config": str(tmp_path / "gate.yaml"),
        "route": "candidate",
        "keys": ["KEY"],
        "bound": True,
        "max_requests": 500,
    }
    return plan({**asked, "hosts": hosts, **order}, ENVIRON)


EVIL = "https://evil.example/v1"


@pytest.mark.parametrize(
    ("route", "order", "says"),
    [
        ("base_url: '${URL}', api_key_env: KEY", {}, "set `allowed-hosts`"),
        ("base_url: '${URL}', api_key_env: KEY", {"hosts": ["api.example.com"]}, ""),
        (
            "base_url: '${UNSET:-https://evil.example/v1}', api_key_env: KEY",
            {"hosts": ["api.example.com"]},
            "evil.example",
        ),
        (
            "base_url: '${EMPTY:-https://evil.example/v1}', api_key_env: KEY",
            {"hosts": ["api.example.com"]},
            "evil.example",
        ),
        (
            f"base_url: '{EVIL}', auth: none, models: {{chat: '${{KEY}}'}}",
            {"hosts": ["api.example.com"]},
            "evil.example",
        ),
        (f"base_url: '{EVIL}', auth: none, query: {{k: '${{KEY}}'}}", {"hosts": ["api.example.com"]}, "evil.example"),
        (f"base_url: '{EVIL}', auth: none, models: {{chat: '${{OTHER}}'}}", {}, "add OTHER to `api-key-env`"),
        (f"base_url: '{EVIL}/${{OTHER:-x}}', auth: none", {}, "add OTHER to `api-key-env`"),
        (f"base_url: '{EVIL}', api_key_env: OTHER", {"hosts": ["evil.example"]}, "add OTHER to `api-key-env`"),
        (f"base_url: '{EVIL}', auth: none", {}, ""),  # nothing goes there that is ours
        ("base_url: '${HOOK}', auth: none", {"hosts": ["api.example.com"]}, "hooks.example.net"),
        ("base_url: '${HOOK}', auth: none", {}, "set `allowed-hosts`"),
        (f"base_url: '{EVIL}', auth: none, models: {{chat: '${{HOOK}}'}}", {}, "add HOOK to `api-key-env`"),
        ("base_url: '${HOOK}', auth: none, models: {chat: '${HOOK}'}", {}, "add HOOK to `api-key-env`"),
        ("base_url: '${HOOK}', auth: none", {"bound": False}, ""),
        (f"base_url: '{EVIL}', api_key_env: KEY", {"bound": False}, ""),
        (f"base_url: '{EVIL}', api_key_env: KEY", {"bound": False, "hosts": ["api.example.com"]}, "evil.example"),
        ("base_url: 'http://api.example.com/v1', api_key_env: KEY", {"bound": False}, "only over https"),
        (f"base_url: '{EVIL}', api_key_env: OTHER", {"bound": False, "keys": []}, ""),
    ],
)
def test_where_secrets_go(tmp_path: Path, route: str, order: dict[str, Any], says: str) -> None:
    found = planned(tmp_path, route, **order)
    assert says in found.refusal
    assert bool(says) == bool(found.refusal)
    assert found.missing == ()


@pytest.mark.parametrize(
    ("route", "keys", "missing"),
    [
        ("base_url: '${UNSET}', api_key_env: KEY", [], ("UNSET",)),
        ("base_url: '${UNSET:-https://a.example}', api_key_env: EMPTY", [], ("EMPTY",)),
        (f"base_url: '{EVIL}', auth: none", ["NAMED"], ("NAMED",)),
        (f"base_url: '{EVIL}', api_key_env: NAMED, auth: none", [], ()),
        (f"base_url: '{EVIL}', headers: {{a: '${{ONE}}', b: '${{ONE}}${{TWO}}'}}", [], ("ONE", "TWO")),
    ],
)
def test_what_is_missing(tmp_path: Path, route: str, keys: list[str], missing: tuple[str, ...]) -> None:
    assert planned(tmp_path, route, keys=keys).missing == missing


def test_secrets_and_limits(tmp_path: Path) -> None:
    route = "base_url: '${URL}', api_key_env: KEY, headers: {a: '${OTHER}'}, models: {chat: '${EMPTY:-m}'}"
    found = planned(tmp_path, route, bound=False)
    assert (found.secret, found.max_requests) == (("KEY", "OTHER"), 500)
    assert (found.golden, found.saved) == (str(tmp_path / "golden"), str(tmp_path / ".gate" / "candidate"))
    assert planned(tmp_path, route, route="").secret == ()
    with pytest.raises(ConfigError, match="no route"):
        planned(tmp_path, route, route="candidat")


def test_the_smaller_limit_holds(tmp_path: Path) -> None:
    text = f"version: 1\nlimits: {{max_requests: 50}}\nroutes:\n  candidate: {{base_url: '{EVIL}', auth: none}}\n"
    (tmp_path / "gate.yaml").write_text(text, "utf-8")
    order = {"config": str(tmp_path / "gate.yaml"), "route": "candidate", "keys": [], "hosts": [], "bound": False}
    assert [plan({**order, "max_requests": most}, {}).max_requests for most in (500, 20)] == [50, 20]


def test_errors_are_data(tmp_path: Path) -> None:
    order = {
        "config": str(tmp_path / "none.yaml"),
        "route": "",
        "keys": [],
        "hosts": [],
        "bound": False,
        "max_requests": 1,
    }
    done = subprocess.run(
        [sys.executable, "-m", "gate.action.plan"], input=json.dumps(order).encode(), capture_output=True, check=True
    )
    assert "there is no none.yaml" in json.loads(done.stdout)["error"]


def test_no_git_no_commit(tmp_path: Path) -> None:
    (tmp_path / "golden").mkdir()
    assert committed(tmp_path / "golden", tmp_path / "to") is None
    assert committed(tmp_path / "absent", tmp_path / "to") is None


GATEWAY = "base_url: 'http://127.0.0.1:{port}/v1', upstream: golden, start: [my-gateway]"


@pytest.mark.parametrize(
    ("entry", "order", "says"),
    [
        (GATEWAY, {}, "this step holds KEY"),  # by `api-key-env`, whatever the route names
        (f"{GATEWAY}, headers: {{x: '${{OTHER}}'}}", {"keys": []}, "this step holds OTHER"),
        (GATEWAY, {"keys": []}, ""),
        (GATEWAY, {"keys": ["UNSET"]}, ""),  # a fork's: nothing is held, and nothing is missing
        (GATEWAY, {"bound": False}, ""),
        (f"{GATEWAY}, api_key_env: KEY", {"bound": False, "hosts": ["127.0.0.1"]}, ""),
        ("base_url: 'http://127.0.0.1:4000/v1', upstream: golden", {}, ""),  # it runs elsewhere: nothing is started
    ],
)
def test_nothing_is_started_beside_a_key_in_a_pull_request(
    tmp_path: Path, entry: str, order: dict[str, Any], says: str
) -> None:
    found = planned(tmp_path, entry, **order)
    assert (found.missing, bool(found.refusal)) == ((), bool(says))
    assert says in found.refusal
