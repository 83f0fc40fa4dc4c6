"""Takes secrets and personal data out of an exchange before anything reaches the disk.

Headers keep their value only when they are on a list; URLs lose users and keys; bodies are searched text by text
(`gate.redact.strings`) for what looks like a secret (`gate.redact.kinds`). Numbers, ids and vectors stay as they
are, and a mask takes as many bytes as what it covers, so chunk sizes stay true. Scrubbing twice changes nothing.

A body that can't be read to its end (br, zstd, a broken archive) is not stored. Known limit: the `bytes` and
`top_logprobs` of log probabilities are numbers and alternatives, which are not put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, pairwise
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from gate.errors import ConfigError, SecretError
from gate.model import Chunk, Exchange, Headers, Hop
from gate.redact.checks import assigned, random
from gate.redact.kinds import NO_KEYS, PUBLIC_KEYS, SECRET_MEMBER, SECRET_NAME, WORD_MEMBER
from gate.redact.leaks import Depth, Detector, is_masked, masked
from gate.redact.packed import unpacked
from gate.redact.strings import Body, Leaf, leaves
from gate.wire import form
from gate.wire.encoding import codings

_BATCH = 20_000  # texts that are searched as one
_SPACE = re.compile(r"\s")
_ROUNDS = 4  # a mask can complete another match, which must go too
_AUTH = ("authorization", "proxy-authorization")
_URLS = ("location", "content-location", "referer", "operation-location")

# Values that say something about the contract or the route, and nothing about who asked.
KEPT = re.compile(
    r"accept(?:-.*)?|age|allow|alt-svc|apim-request-id|cache-control|cf-cache-status|cf-ray|connection|content-.*|date"
    r"|deprecation|etag|expect|expires|host|idempotency-key|keep-alive|last-modified|link|openai-beta|openai-model"
    r"|openai-processing-ms|openai-version|operation-location|pragma|range|ratelimit(?:-.*)?|referer|location"
    r"|request-id|retry-after(?:-ms)?|server|server-timing|strict-transport-security|sunset|te|traceparent|trailer"
    r"|transfer-encoding|upgrade|user-agent|vary|via|www-authenticate|x-accel-buffering|x-cache|x-content-type-options"
    r"|x-envoy-.*|x-gate-.*|x-litellm-(?:version|model-group|model-region|response-duration-ms|overhead-duration-ms)"
    r"|x-ms-region|x-ms-rai-invoked|x-powered-by|x-ratelimit-.*|x-request-id|x-should-retry|x-stainless-.*"
    r"|access-control-.*"
)
_OPAQUE_HEADER = re.compile(
    r".*request-id|cf-ray|etag|traceparent|idempotency-key|date|age|expires|last-modified|host|.*-ms|content-length"
    r"|x-ratelimit-.*|ratelimit.*|retry-after|user-agent|server|x-powered-by|alt-svc|openai-version|x-stainless-.*"
)
# What other recorders put in place of a key.
_PLACEHOLDER = re.compile(r"(?i).*(?:redact|filtered|mask|dummy|fake|placeholder|scrubbed|hidden|\*{3}).*|\W*")


_ROTATE = (
    "take it for known to everybody who can read the repository: revoke or rotate it where it was issued, record the"
    " scenario again (`gate record --mode all -s ID`), and if the file was committed, rewrite the history that has it"
    " (`git filter-repo --path FILE --invert-paths`) and tell those who have clones"
)


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be stored, and where; never its value."""

    place: str
    kind: str
    scenario: str = ""
    step: int = 0


@dataclass(frozen=True)
class Scrubber:
    """`secrets`: the key values of this run, also found URL-encoded or as base64; `patterns`: the team's own regexes.

    ConfigError when a pattern is not a regular expression.
    """

    secrets: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ConfigError(
                    f"the pattern {pattern!r} is not a regular expression: {error}",
                    where="gate.yaml: redact",
                    fix="correct the pattern",
                ) from error

    @cached_property
    def _detector(self) -> Detector:
        return Detector(tuple(self.secrets), tuple(self.patterns))

    def scrub(self, exchange: Exchange) -> Exchange:
        """The exchange without secrets: same types, same lengths, same chunk sizes.

        Only a compressed body that held a secret changes its length; its chunk sizes and Content-Length follow.
        """
        request, response = exchange.request, exchange.response
        clean = replace(
            exchange,
            request=replace(
                request,
                url=self.url(request.url),
                headers=self._headers(request.headers),
                body=None if request.body is None else self._body(request.body, request.headers),
            ),
            hops=tuple(Hop(hop.status, self.url(hop.location)) for hop in exchange.hops),
            detail=self.text(exchange.detail),
        )
        if response is None:
            return clean
        body = self._body(response.body, response.headers)
        scrubbed = replace(
            response,
            reason=self.text(response.reason),
            headers=_with_length(self._headers(response.headers), len(response.body), len(body)),
            body=body,
        )
        return replace(clean, response=scrubbed, chunks=_rescaled(exchange.chunks, len(response.body), len(body)))

    def text(self, text: str, depth: Depth = "words") -> str:
        """A text that is not JSON, with every match masked."""
        for _ in range(_ROUNDS):
            edits = {
                index: character
                for _, span in self._detector.find([text], depth)
                for index, character in masked(text, span.start, span.end)
            }
            if not edits:
                break
            text = "".join(edits.get(index, character) for index, character in enumerate(text))
        return text

    def url(self, url: str) -> str:
        """A URL, absolute or relative, without its user, and with `*` for keys in its query and path."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.text(url, "codes")
        query = "&".join(map(self._parameter, parts.query.split("&")))
        path = "/".join(map(self._segment, parts.path.split("/")))
        clean = parts._replace(
            netloc=parts.netloc.rpartition("@")[2], path=path, query=query, fragment=self._segment(parts.fragment)
        )
        # Python normalises some URLs; an untouched one stays byte for byte.
        return url if clean == parts else urlunsplit(clean)

    def _parameter(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if SECRET_NAME.fullmatch(unquote_plus(name)) and value not in PUBLIC_KEYS:
            return f"{name}{equals}{'*' * len(value)}"
        return f"{self._segment(name)}{equals}{self._segment(value)}"

    def _segment(self, piece: str) -> str:
        """Part of a URL; masked as a whole, because a mask inside `%40` would make another character of it."""
        hit = piece and any(True for _ in self._detector.find([piece, unquote_plus(piece)]))
        return "*" * len(piece) if hit else piece

    # -- headers --------------------------------------------------------------------------------

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        # The deliberate bad key shows a reader why the answer is a 401, in whatever header a route wants its key.
        if value in PUBLIC_KEYS:
            return value
        if name in _AUTH:
            return _authorization(value)
        if not KEPT.fullmatch(name):
            return "*" * len(value)
        return self.url(value) if name in _URLS else self.text(value, _depth(name))

    # -- bodies ---------------------------------------------------------------------------------

    def _body(self, body: bytes, headers: Headers) -> bytes:
        packed = unpacked(body, _codings(headers))
        if not packed.readable:
            return b"*" * len(body)
        mark, fields = form.split(packed.plain, headers)
        clean = mark.join(self._plain_body(head) + self._plain_body(content, name) for head, name, content in fields)
        # What was cut off in a compressed body becomes whole here; how the exchange ended stays in its facts.
        return body if clean == packed.plain else packed.with_text(clean)

    def _plain_body(self, body: bytes, name: str = "") -> bytes:
        """A body, or a part of one that is the value of a field."""
        text = body.decode("utf-8", "surrogateescape")
        for _ in range(_ROUNDS):
            source = Body(text)
            for leaf, start, end, _kind in self._hits(source, name):
                for index, character in masked(leaf.text, start, end):
                    leaf.put(index, character)
            if not source.edits:
                break
            text = source.edited()
        return text.encode("utf-8", "surrogateescape")

    def _hits(self, source: Body, name: str = "") -> Iterator[tuple[Leaf, int, int, str]]:
        """All that is to be masked in a body, as (text, start, end, kind)."""
        if _is_binary(source.text):
            whole = Leaf(source, 0, len(source.text), source.text, "loose", ("binary",))
            yield from self._search([whole], "prefixed")
            return
        texts = chain(leaves(source), _named(source, name))
        # A stream of 8 MiB has half a million, which take twenty times its bytes.
        while batch := list(islice(texts, _BATCH)):
            yield from self._search([leaf for leaf in batch if leaf.mode == "words"], "words")
            yield from self._search([leaf for leaf in batch if leaf.mode != "words"], "codes")
            for leaf in batch:
                if leaf.key and _is_value(leaf):
                    yield leaf, 0, len(leaf.text), "value of a secret's name"

    def _search(self, parts: list[Leaf], depth: Depth) -> Iterator[tuple[Leaf, int, int, str]]:
        # A stream repeats most of its texts in every chunk: each is searched once.
        places: dict[str, list[Leaf]] = {}
        for leaf in parts:
            places.setdefault(leaf.text, []).append(leaf)
        texts = list(places)
        for number, span in self._detector.find(texts, depth):
            for leaf in places[texts[number]]:
                yield leaf, span.start, span.end, span.kind

    # -- the check before writing ---------------------------------------------------------------

    def remains(self, exchange: Exchange) -> list[Leak]:
        """What looks like a secret in an exchange that should be clean, each place once."""
        request, response = exchange.request, exchange.response
        places = [*self._url_leaks("request uri", request.url)]
        places += self._header_leaks("request", request.headers)
        places += self._body_leaks("request", request.body or b"", request.headers)
        for hop in exchange.hops:
            places += self._url_leaks("redirect", hop.location)
        if response is not None:
            places += self._header_leaks("response", response.headers)
            places += self._body_leaks("response", response.body, response.headers)
        return [Leak(place, kind, exchange.scenario, exchange.step) for place, kind in dict.fromkeys(places)]

    def leaks(self, text: str) -> list[Leak]:
        """Keys of this run, and keys with a known prefix, in the text of a whole file. Places are lines."""
        return [
            Leak(f"line {text.count(chr(10), 0, span.start) + 1}", span.kind)
            for _, span in self._detector.find([text], "prefixed")
        ]

    def guard(self, exchanges: Iterable[Exchange], text: str = "", where: str = "", *, stored: bool = False) -> None:
        """Raise SecretError, naming the first places, if anything of this or of the file's text must not be stored.

        `stored`: it is on the disk already, and perhaps in the history of the repository.
        """
        leaks = [leak for exchange in exchanges for leak in self.remains(exchange)] + self.leaks(text)
        if not leaks:
            return
        scenario = f"scenario {leaks[0].scenario}, step {leaks[0].step}: " if leaks[0].scenario else ""
        places = "; ".join(f"{leak.kind} in {leak.place}" for leak in leaks[:3])
        more = f" and {len(leaks) - 3} more" if len(leaks) > 3 else ""
        raise SecretError(
            f"{scenario}{places}{more}: {'it is stored' if stored else 'nothing was written'}",
            where=where,
            fix=_ROTATE if stored else "add a pattern for it to `redact` in gate.yaml, or take it out of the scenario",
        )

    def _url_leaks(self, place: str, url: str) -> Iterator[tuple[str, str]]:
        if self.url(url) != url:
            yield place, "user or key in a URL"

    def _header_leaks(self, side: str, headers: Headers) -> Iterator[tuple[str, str]]:
        for name, value in headers:
            place = f"{side} header {self.text(name.lower(), 'codes')[:80]}"
            if SECRET_NAME.fullmatch(name) or name.lower() == "set-cookie":
                if self._header(name.lower(), value) != value and not _PLACEHOLDER.fullmatch(value):
                    yield place, "credential or account"
            elif name.lower() in _URLS:
                yield from self._url_leaks(place, value)
            else:
                yield from ((place, span.kind) for _, span in self._detector.find([value], _depth(name.lower())))

    def _body_leaks(self, side: str, body: bytes, headers: Headers) -> Iterator[tuple[str, str]]:
        packed = unpacked(body, _codings(headers))
        if not packed.readable:
            yield f"{side} body", "text that can't be unpacked"
            return
        for head, name, content in form.split(packed.plain, headers)[1]:
            for part, of in ((head, ""), (content, name)):
                for leaf, _, _, kind in self._hits(Body(part.decode("utf-8", "surrogateescape")), of):
                    place = ".".join(self.text(str(step)) for step in leaf.path)
                    yield f"{side} body {place[:200]}", kind


def without_secrets(text: str) -> str:
    """The words of an error, which may quote a route or a file. Addresses and numbers stay: they are the user's own."""
    return Scrubber().text(text, "codes")


def _depth(header: str) -> Depth:
    """How much to look for in a header: runs of digits mean nothing in ids and counts, and a host is the route's."""
    return "codes" if _OPAQUE_HEADER.fullmatch(header) else "words"


def _authorization(value: str) -> str:
    """The scheme stays, its credential goes; only the suite's own bad key may be read."""
    scheme, space, credential = value.partition(" ")
    if not space:
        return "*" * len(value)
    readable = credential in PUBLIC_KEYS or credential.lower() in NO_KEYS
    return value if readable else f"{scheme} {'*' * len(credential)}"


def _is_value(leaf: Leaf) -> bool:
    """Whether a member named like a secret holds one: not a description, a type's name, an empty text or a mask."""
    text = leaf.text
    if len(text) < 6 or text in PUBLIC_KEYS or _SPACE.search(text) or is_masked(text, 0, len(text)):
        return False
    if SECRET_MEMBER.fullmatch(leaf.key):
        return assigned(text)
    # a `token` of log probabilities may be anything
    if leaf.mode != "words" or "logprobs" in leaf.path or len(text) < 16:
        return False
    return bool(WORD_MEMBER.fullmatch(leaf.key)) and random(text)


def _named(source: Body, name: str) -> Iterator[Leaf]:
    """The value of a form's field as that of a member: `extra[api_key]` is `api_key`."""
    if name:
        text = source.text.removesuffix("\r\n")
        key = re.split(r"[\[\]]+", name.rstrip("[]"))[-1]
        yield Leaf(source, 0, len(text), text, "ids", ("form", name), key)


_UNDECODED = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, by `surrogateescape`


def _is_binary(text: str) -> bool:
    """Sound, images, packed data: most patterns match by chance there, so only prefixes and keys of this run count."""
    head = text[:4096]
    return "\0" in head or len(_UNDECODED.findall(head)) > len(head) // 20


# -- encodings ----------------------------------------------------------------------------------


def _codings(headers: Headers) -> list[str]:
    return codings(", ".join(value for name, value in headers if name.lower() == "content-encoding"))


def _with_length(headers: Headers, before: int, after: int) -> Headers:
    def length(name: str, value: str) -> str:
        return str(after) if name.lower() == "content-length" and value == str(before) else value

    return headers if before == after else tuple((name, length(name, value)) for name, value in headers)


def _rescaled(chunks: Sequence[Chunk], before: int, after: int) -> Sequence[Chunk]:
    """The same times over another number of bytes, so that the chunks still add up to the body."""
    if before == after or not before:
        return chunks
    ends, at = [0], 0
    for chunk in chunks:
        at += chunk.size
        ends.append(at * after // before)
    return tuple(Chunk(c.at_ms, end - start) for c, (start, end) in zip(chunks, pairwise(ends), strict=True))
