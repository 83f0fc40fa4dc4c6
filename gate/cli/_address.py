"""`HOST:PORT`: where a server of ours is reached from elsewhere."""

from __future__ import annotations

from gate.errors import ConfigError
from gate.text.safe import line


def listening_at(text: str | None, port: int = 0, where: str = "--listen") -> tuple[int, str]:
    """(port, host); this machine alone, at `port`, where nothing is named. Raises ConfigError, about `where`."""
    if text is None:
        return port, "127.0.0.1"
    host, _, number = text.rpartition(":")
    if not host or not number.isdecimal() or int(number) > 65535:
        raise ConfigError(f"`{line(text)}` is no HOST:PORT", where=where, fix="for example 0.0.0.0:8080")
    return int(number), host.strip("[]")
