"""Bodies of multipart/form-data, in which clients send files: https://www.rfc-editor.org/rfc/rfc7578. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator

from gate.model import Headers, Json

Part = tuple[str, str, bytes]
"""A field of a form: its name, the name of its file ("": none), what it holds."""

# One for all forms, so that equal fields are equal bytes; random, so that no file has it.
_BOUNDARY = "swapgate-6f0b5d1c9a3e48d7"
CONTENT_TYPE = f"multipart/form-data; boundary={_BOUNDARY}"

_NAMED = re.compile(r'boundary="?([^";,]+)', re.IGNORECASE)
_FILE = re.compile(rb"[\s;]filename\*?=\"?([^\";\r\n]+)")
_FIELD = re.compile(rb'[\s;]name="([^"]*)"')
# What the APIs take as files: https://platform.openai.com/docs/api-reference/audio/createTranscription#file, images and
# batches. A table of our own, because that of a machine differs from the next one's.
MEDIA = {
    "flac": "audio/flac", "mp3": "audio/mpeg", "mp4": "audio/mp4", "mpeg": "audio/mpeg", "mpga": "audio/mpeg",
    "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav", "webm": "audio/webm", "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf",
    "jsonl": "application/jsonl",
}  # fmt: skip


# -- reading ------------------------------------------------------------------------------------


def delimiter(headers: Headers) -> bytes | None:
    """What stands in front of each field; None where the body is no form, b"" where its boundary is not named."""
    media = next((value for name, value in headers if name.lower() == "content-type"), "")
    if not media.lower().startswith("multipart/form-data"):
        return None
    boundary = _NAMED.search(media)
    return b"--" + boundary[1].encode("latin-1", "replace") if boundary else b""


def parts(body: bytes | None, headers: Headers) -> list[Part] | None:
    """The fields in their order; None where the body is no form."""
    mark = delimiter(headers)
    return None if mark is None else list(_parts(body or b"", mark))


def _parts(body: bytes, mark: bytes) -> Iterator[Part]:
    for part in body.split(mark)[1:-1] if mark else ():
        head, _, content = part.partition(b"\r\n\r\n")
        if name := _FIELD.search(head):
            file = _FILE.search(head)
            yield _text(name[1]), _text(file[1]) if file else "", content.removesuffix(b"\r\n")


def split(body: bytes, headers: Headers) -> tuple[bytes, list[tuple[bytes, str, bytes]]]:
    """What stands between the fields of a form, and these: their heads, names ("" of a file's), and contents with the
    line break after them, so that no byte is left out. A body that is no form is one content without a name."""
    mark = delimiter(headers)
    if not mark:
        return b"", [(b"", "", body)]
    return mark, [_headed(part) for part in body.split(mark)]


def _headed(part: bytes) -> tuple[bytes, str, bytes]:
    head, gap, content = part.partition(b"\r\n\r\n")
    name = _FIELD.search(head) if not _FILE.search(head) else None
    return head + gap, _text(name[1]) if name else "", content


def document(body: bytes | None, headers: Headers) -> dict[str, Json] | None:
    """The fields as the JSON that another endpoint would get: `name[]` is an item of a list, and in place of a file
    stand its size and digest. None where the body is no form."""
    fields = parts(body, headers)
    if fields is None:
        return None
    return gathered((name, told(content) if file else _value(_text(content))) for name, file, content in fields)


def gathered(fields: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    """Fields as members of one object: `name[]` is an item of the list `name`; of others that come twice the last."""
    found: dict[str, Json] = {}
    for field, value in fields:
        name = field.removesuffix("[]")
        if name != field and isinstance(found.setdefault(name, []), list):
            found[name].append(value)
        else:
            found[name] = value
    return found


def told(content: bytes) -> str:
    """A file in words: by what it holds, because SDKs name it as they like."""
    return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}"


def _value(text: str) -> Json:
    return {"true": True, "false": False}.get(text, text)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


# -- writing ------------------------------------------------------------------------------------


def fields(name: str, value: Json) -> Iterator[Part]:
    """A value that is no file as the fields that official SDKs make of it: `name[]` for each item of a list,
    `name[key]` for each member of an object."""
    if isinstance(value, list):
        for item in value:
            yield from fields(f"{name}[]", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from fields(f"{name}[{key}]", item)
    else:
        yield name, "", (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


def written(form: Iterable[Part]) -> bytes:
    """The body of these fields under CONTENT_TYPE: equal fields give equal bytes. ValueError where one holds the
    boundary."""
    mark = f"--{_BOUNDARY}".encode()
    body = b"".join(
        mark + b"\r\n" + _head(name, file) + content + b"\r\n" for name, file, content in _whole(form, mark)
    )
    return body + mark + b"--\r\n"


def _whole(form: Iterable[Part], mark: bytes) -> Iterator[Part]:
    for part in form:
        name, file, content = part
        if mark in content or mark.decode() in name + file:
            raise ValueError("a field holds the boundary of the form")
        yield part


def _head(name: str, file: str) -> bytes:
    head = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if file:
        head += f'; filename="{_escaped(file)}"\r\nContent-Type: {media_type(file)}'
    return f"{head}\r\n\r\n".encode("utf-8", "surrogatepass")


def _escaped(name: str) -> str:
    # https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def is_media(file: str) -> bool:
    """Whether a file is, by its name, one that an API takes."""
    return file.rpartition(".")[2].lower() in MEDIA


def media_type(file: str) -> str:
    """The media type of a file by its name."""
    return MEDIA.get(file.rpartition(".")[2].lower(), "application/octet-stream")
