"""A file as it came, and its values with their places, so that what is wrong in it is told with its line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gate.errors import CassetteError
from gate.model import MISSING, Json
from gate.text.safe import line
from gate.wire.paths import json_path
from gate.wire.strict_json import MAX_DEPTH, parse_json
from gate.wire.strict_yaml import Dialect, Place, Yaml11, parse, parse_lined

_FIX = "correct the file, or leave it out"
_BYTES = 64 * 1024 * 1024
_LINED = 4 * 1024 * 1024
_YAML = Dialect(Yaml11, CassetteError, _FIX, _BYTES, MAX_DEPTH, _BYTES, text_keys=False, recorded=True)
# Types as a person who looks at the file calls them.
_WORDS = {dict: "a mapping", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}


@dataclass(frozen=True)
class Source:
    """A file: its name as errors call it, and its bytes. `first` is the line (from 1) where they start."""

    file: str
    raw: bytes
    first: int = 1

    @cached_property
    def _parsed(self) -> tuple[Json, CassetteError | None]:
        raw = self.raw.removeprefix(b"\xef\xbb\xbf")
        try:
            json = raw.lstrip()[:1] in (b"{", b"[")
            return parse_json(raw, self.file) if json else parse(raw, self.file, _YAML), None
        except CassetteError as error:
            return MISSING, CassetteError(error.what, where=self._shifted(error.where), fix=error.fix)
        except RecursionError:
            return MISSING, CassetteError("nested too deeply", where=self.file, fix=_FIX)

    def _shifted(self, where: str) -> str:
        """The place of an error in the whole file, whose readers count from where these bytes start."""
        number = where.removeprefix(f"{self.file}:")
        if number.isdecimal():
            return f"{self.file}:{int(number) + self.first - 1}"
        return where if self.first == 1 else f"{self.file}:{self.first}"

    @property
    def document(self) -> Json:
        """The file as one JSON or YAML value; MISSING where it is neither."""
        return self._parsed[0]

    @property
    def problem(self) -> CassetteError | None:
        """Why there is no document."""
        return self._parsed[1]

    @cached_property
    def _lines(self) -> dict[Place, int]:
        # chosen: reading it again for the sake of a line may take a second.
        if len(self.raw) > _LINED:
            return {}
        try:
            # JSON is YAML, but for some rare forms, and only YAML's reader knows lines.
            return parse_lined(self.raw, self.file, _YAML)[1]
        except CassetteError:
            return {}

    def where(self, place: Place) -> str:
        """`file:line` of a value, or of the nearest around it whose line is known."""
        while place and place not in self._lines:
            place = place[:-1]
        number = self._lines.get(place, 1) + self.first - 1
        return f"{self.file}:{number}"

    def error(self, what: str, place: Place = ()) -> CassetteError:
        """An error at the line of a value."""
        return CassetteError(what, where=self.where(place), fix=_FIX)

    @property
    def root(self) -> Item:
        """The document as an item."""
        return Item(self, (), self.document)


@dataclass(frozen=True, slots=True)
class Item:
    """A value of a file and its place there."""

    source: Source
    place: Place
    value: Json

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def error(self, what: str) -> CassetteError:
        """An error at this value's line."""
        return self.source.error(what, self.place)

    def at(self, key: str | int) -> Item:
        """A member of what must be a mapping, null where it is absent; or an entry of a list. Raises CassetteError."""
        found = self.checked(dict).value.get(key) if isinstance(key, str) else self.value[key]
        return Item(self.source, (*self.place, key), found)

    def mapping(self, key: str) -> Item:
        """A member that must be a mapping. Raises CassetteError."""
        return self._member(key, dict)

    def items(self, key: str = "") -> list[Item]:
        """The entries of a member (of the value itself without `key`), which must be a list. Raises CassetteError."""
        found = self._member(key, list) if key else self.checked(list)
        return [found.at(number) for number in range(len(found.value))]

    def text(self, key: str, default: str | None = None) -> str:
        """A member that must be a text; `default` where it is absent or null. Raises CassetteError."""
        if default is not None and self.at(key).value is None:
            return default
        return str(self._member(key, str).value)

    def status(self, key: str) -> int:
        """A member that must be an HTTP status. Raises CassetteError."""
        value = self._member(key, int).value
        if isinstance(value, bool) or not 100 <= value <= 999:
            raise self.at(key).error(f"`{key}` must be a number from 100 to 999")
        return int(value)

    def _member(self, key: str, kind: type) -> Item:
        return self.checked(dict).at(key).checked(kind)

    def checked(self, kind: type) -> Item:
        """This value, which must be of a type. Raises CassetteError."""
        if not isinstance(self.value, kind):
            raise self.error(f"{self._name()} must be {_WORDS[kind]}, not {kind_of(self.value)}")
        return self

    def _name(self) -> str:
        return f"`{line(json_path(self.place), 80)}`" if self.place else "the file"


def kind_of(value: Json) -> str:
    """The type of a value in words."""
    # bool before int, and a dict of YAML knows its line
    return next((word for kind, word in _WORDS.items() if isinstance(value, kind)), "null")
