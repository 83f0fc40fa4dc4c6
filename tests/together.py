"""Which modules of slow tests one worker runs, one after the other, where `make test-all` has two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from xdist.scheduler import LoadScopeScheduling

TOGETHER: Mapping[str, Sequence[str]] = {
    # drivers of several versions at once, whose patience is 8 s
    "sdk": ("tests/real/test_sdk_*.py", "tests/real/test_own_driver.py", "tests/action/test_sdk_mode.py"),
    # one llama.cpp keeps a core busy; its environment and its log have one place
    "engine": ("tests/real/test_real_gateway.py", "tests/real/test_proxy_engine.py"),
    # apt installs it where there is none
    "chromium": ("tests/browser/test_*.py",),
}
"""What is shared, and the modules that share it. Every other module shares nothing with the rest."""


def group(module: str) -> str:
    """What the module shares, or the module itself."""
    found = (name for name, patterns in TOGETHER.items() if any(fnmatchcase(module, one) for one in patterns))
    return next(found, module)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """A group at a time. Not `--dist loadgroup`: with pytest 9.2 its marks do nothing, and nothing says so."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.partition("::")[0])
