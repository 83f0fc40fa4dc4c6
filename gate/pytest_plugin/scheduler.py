"""pytest-xdist: a share of goldens goes to one worker, whole."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

from gate.pytest_plugin.shares import share_of


class Shares(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """A share of goldens stays together; every other test is sent by itself, as `--dist load` does."""

    # `--dist loadgroup` would do the same, but what it writes into node ids is lost since pytest 9.2
    def _split_scope(self, nodeid: str) -> str:
        return f"share {share_of(nodeid, self.numnodes)}" if "/cassette.yaml::" in nodeid else nodeid
