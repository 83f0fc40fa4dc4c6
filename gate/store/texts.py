"""Texts of files that are made when they are asked for: those of a whole run do not fit into memory together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial


class Texts(Mapping[str, str]):
    """Path → text. Each access makes the text again."""

    def __init__(self) -> None:
        self._made: dict[str, Callable[[], str]] = {}

    def add(self, path: str, make: Callable[[], str]) -> None:
        """One more file."""
        self._made[path] = make

    def __getitem__(self, path: str) -> str:
        return self._made[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def with_texts(self, texts: Mapping[str, str], below: str = "") -> Texts:
        """These files, and others or other texts of the same; `below` is put before the paths of the others."""
        both = Texts()
        both._made = {**self._made, **{f"{below}{path}": partial(texts.__getitem__, path) for path in texts}}
        return both
