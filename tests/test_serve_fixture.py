"""The fixture `gate_server`, as a team's own tests use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio._backends._asyncio  # as in test_plugin: pytester forgets what a run inside this process imports
import httpcore
import pytest

import gate.pytest_plugin.serving
from gate.store.shipped import goldens

pytest_plugins = ["pytester"]
assert all((gate.pytest_plugin.serving, httpcore, anyio))

OWN = """
import httpx
import pytest

ASK = {"model": "any", "stream": True, "messages": [
    {"role": "user", "content": "What is the capital of France? Answer with one word."}]}

def test_replay(gate_server):
    answer = httpx.post(f"{gate_server.base_url}/chat/completions", json=ASK)
    assert answer.text.endswith("data: [DONE]\\n\\n")
    (exchange,) = gate_server.exchanges
    assert (exchange.scenario, exchange.request.method) == ("chat-stream", "POST")

@pytest.mark.gate_fault("cut-after-3")
def test_cut(gate_server):
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{gate_server.base_url}/chat/completions", json=ASK)

@pytest.mark.gate_fault("status-503*1", scenario="chat-stream")
@pytest.mark.gate_fault("status-429", endpoint="models")
def test_then_succeed(gate_server):
    url = f"{gate_server.base_url}/chat/completions"
    assert [httpx.post(url, json=ASK).status_code for _ in range(2)] == [503, 200]
    assert httpx.get(f"{gate_server.base_url}/models").status_code == 429

@pytest.mark.gate_fault("gzip-members", stream=True)
@pytest.mark.gate_serve(golden="golden", speed=1000)
def test_options(gate_server):
    assert httpx.post(f"{gate_server.base_url}/chat/completions", json=ASK).headers["content-encoding"] == "gzip"
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    for name in ("chat-stream", "models"):
        shutil.copytree(goldens() / name, pytester.path / "golden" / name)
    return partial(pytester.runpytest_inprocess, "-p", "no:cacheprovider", "--strict-markers")


def test_a_team_s_own_tests(pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]) -> None:
    pytester.makepyfile(test_own=OWN)
    run("test_own.py").assert_outcomes(passed=4)


def test_the_goldens_of_the_configuration(pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]) -> None:
    Path("golden").rename("recorded")
    Path("gate.yaml").write_text("version: 1\ngolden: recorded/\n", "utf-8")
    pytester.makepyfile(test_own=OWN.partition('@pytest.mark.gate_fault("gzip')[0])
    run("test_own.py").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ('gate_fault("cut-aftr-3")', "there is no fault `cut-aftr-3`"),
        ('gate_serve(golden="nowhere")', "no such file or folder"),
        ('gate_serve(golden="empty")', "no cassette in it"),
    ],
)
def test_mistakes(pytester: pytest.Pytester, run: Callable[..., pytest.RunResult], marker: str, words: str) -> None:
    Path("empty").mkdir()
    pytester.makepyfile(test_own=f"import pytest\n@pytest.mark.{marker}\ndef test_own(gate_server): pass")
    result = run("test_own.py")
    result.assert_outcomes(errors=1)
    assert words in result.stdout.str()


def test_a_fault_that_does_not_fit_fails_the_test(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    pytester.makepyfile(
        test_own="""
        import httpx, pytest
        @pytest.mark.gate_fault("cut-after-3", endpoint="models")
        def test_own(gate_server):
            assert "does not fit" in httpx.get(f"{gate_server.base_url}/models").text
        """
    )
    run("test_own.py").assert_outcomes(passed=1)
