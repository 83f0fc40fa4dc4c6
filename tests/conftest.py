"""What holds for all tests: properties are judged by their outcome, never by the time that a busy machine needs."""

from __future__ import annotations

import contextlib
import gc
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.tracing import untraced

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

# A shell that starts us in the background ignores Ctrl-C, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rule", metavar="ID", help="of tests/test_rules.py only what is about this rule")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected lives to the end: looking through its million objects for garbage took a fifth of all CPU time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Of `--dist loadfile`, that modules which share what they install or start go to one worker too."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.together import Together

    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Sweeps and properties cost three times as much under coverage, and what chance reaches is no promise to reach it."""
    swept = item.get_closest_marker("untraced") or getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    with untraced() if swept else contextlib.nullcontext():
        return (yield)
