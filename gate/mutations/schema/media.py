"""Images, sound and moderations: what stands in place of base64, of the format, of the categories, of the events."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_plain, in_stream
from gate.mutations.facts import COMPLETIONS, asked, seen, served
from gate.mutations.replies import replied
from gate.mutations.values import each, every, put

_IMAGES, _SPEECH, _MODERATIONS = "images", "audio.speech", "moderations"
# the shortest files that their signatures tell
_WAV = (
    b"RIFF\x24\x00\x00\x00WAVEfmt "
    + bytes((16, 0, 0, 0, 1, 0, 1, 0, 128, 187, 0, 0, 0, 119, 1, 0, 2, 0, 16, 0))
    + b"data"
)
_WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24)
_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64" + bytes(32)


def image_as_data_url(exchange: Exchange) -> Exchange | None:
    """A data URL under `b64_json`: decoders raise at its prefix."""
    return _image(exchange, lambda value: f"data:image/png;base64,{value}")


def image_as_webp(exchange: Exchange) -> Exchange | None:
    """WebP in place of PNG: it is stored under a wrong name, and old viewers refuse it."""
    return _image(exchange, lambda _: base64.b64encode(_WEBP).decode())


def another_image(exchange: Exchange) -> Exchange | None:
    """Another picture."""
    return _image(exchange, lambda value: value[:24] + "AAAA" + value[24:])


def _image(exchange: Exchange, value_of: Any) -> Exchange | None:
    def change(image: dict[str, Any]) -> bool:
        value = image.get("b64_json")
        return isinstance(value, str) and bool(value) and put(image, "b64_json", value_of(value))

    return in_plain(exchange, each(lambda doc: _objects(doc, "data"), change), _IMAGES)


def _objects(doc: Json, key: str) -> Iterator[dict[str, Any]]:
    return (item for item in members(doc, key) if isinstance(item, dict))


def image_events_renamed(exchange: Exchange) -> Exchange | None:
    """Events under the server's own names: SDKs pass over them."""

    def change(doc: Json) -> bool:
        kind = member(doc, "type")
        return isinstance(kind, str) and put(doc, "type", kind.replace("image_generation.", "image."))

    return in_stream(exchange, change, _IMAGES)


def image_events_grow(exchange: Exchange) -> Exchange | None:
    """A further field on each event."""
    return in_stream(exchange, lambda doc: put(doc, "x_seed", 7), _IMAGES)


def speech_as_wav(exchange: Exchange) -> Exchange | None:
    """WAV under the label of MP3: players refuse it."""
    return _spoken(exchange, _WAV)


def speech_with_tag(exchange: Exchange) -> Exchange | None:
    """MP3 that begins with a tag."""
    return _spoken(exchange, _MP3)


def _spoken(exchange: Exchange, body: bytes) -> Exchange | None:
    observation = seen(exchange)
    fits = served(exchange, _SPEECH) and observation.form == "text" and observation.framing.bad_utf8
    return replied(exchange, observation.status, body, observation.media_type) if fits else None


def moderation_in_per_cent(exchange: Exchange) -> Exchange | None:
    """Scores in per cent: a threshold of one's own blocks everything."""
    return _scored(exchange, lambda score: 100 * score + 1)


def moderation_with_other_scores(exchange: Exchange) -> Exchange | None:
    """Other scores of the same text."""
    return _scored(exchange, lambda score: score / 2)


def _scored(exchange: Exchange, value_of: Any) -> Exchange | None:
    def change(result: dict[str, Any]) -> bool:
        scores: dict[str, Any] = result.get("category_scores") or {}
        numbers = bool(scores) and all(type(score) in (int, float) for score in scores.values())
        return numbers and put(result, "category_scores", {name: value_of(score) for name, score in scores.items()})

    return in_plain(exchange, each(lambda doc: _objects(doc, "results"), change), _MODERATIONS)


def moderation_by_other_scheme(exchange: Exchange) -> Exchange | None:
    """A guard model's own categories: code that reads `hate` blocks nothing."""
    return _moderated(exchange, lambda names: {f"S{number}": value for number, value in enumerate(names.values(), 1)})


def moderation_with_more(exchange: Exchange) -> Exchange | None:
    """One category more."""
    return _moderated(exchange, lambda names: {**names, "illicit/new": next(iter(names.values()))})


def _moderated(exchange: Exchange, names_of: Any) -> Exchange | None:
    def change(result: dict[str, Any]) -> bool:
        found = [key for key in ("categories", "category_scores") if isinstance(result.get(key), dict) and result[key]]
        return every(found, lambda key: put(result, key, names_of(result[key])))

    return in_plain(exchange, each(lambda doc: _objects(doc, "results"), change), _MODERATIONS)


def prompts_dropped(exchange: Exchange) -> Exchange | None:
    """Of a list of prompts the first alone is answered: results go to the wrong ones."""

    def change(doc: Json) -> bool:
        return len(members(doc, "choices")) > 1 and put(doc, "choices", doc["choices"][:1])

    prompts = asked(exchange, "prompt")
    return in_plain(exchange, change, COMPLETIONS) if isinstance(prompts, list) else None


def echo_dropped(exchange: Exchange) -> Exchange | None:
    """The prompt is not in the answer, although the request says echo: offsets and scores are wrong."""
    return _continued(exchange, lambda text, prompt: text.removeprefix(prompt))


def echo_goes_on(exchange: Exchange) -> Exchange | None:
    """Another word after the prompt."""
    return _continued(exchange, lambda text, _: f"{text} so")


def _continued(exchange: Exchange, text_of: Any) -> Exchange | None:
    prompts = asked(exchange, "prompt")
    listed = prompts if isinstance(prompts, list) else [prompts]

    def change(choice: dict[str, Any]) -> bool:
        text = choice.get("text")
        own = next((p for p in listed if isinstance(p, str) and isinstance(text, str) and text.startswith(p)), None)
        return bool(own) and put(choice, "text", text_of(text, own))

    fits = asked(exchange, "echo") is True
    return in_plain(exchange, each(lambda doc: _objects(doc, "choices"), change), COMPLETIONS) if fits else None


MUTATIONS = (
    Row(
        drifts=("S60",),
        severity=Severity.BREAKING,
        summary="a data URL in place of base64",
        caught_by=("base64-broken",),
        apply=image_as_data_url,
        twin=another_image,
        exercised_by=("image",),
    ),
    Row(
        drifts=("T42",),
        severity=Severity.BREAKING,
        summary="an image in another format",
        caught_by=("media-format-changed",),
        apply=image_as_webp,
        twin=another_image,
        exercised_by=("image",),
    ),
    Row(
        drifts=("S66",),
        severity=Severity.RISKY,
        summary="scores of a moderation in per cent",
        caught_by=("moderation-scores-impossible",),
        apply=moderation_in_per_cent,
        twin=moderation_with_other_scores,
        exercised_by=("moderations",),
    ),
    Row(
        drifts=("ST40",),
        severity=Severity.BREAKING,
        summary="the events of an image under other names",
        caught_by=("event-type-missing",),
        apply=image_events_renamed,
        twin=image_events_grow,
        exercised_by=("image-stream",),
    ),
    Row(
        drifts=("T42",),
        severity=Severity.BREAKING,
        summary="WAV under the label of MP3",
        caught_by=("media-format-changed",),
        apply=speech_as_wav,
        twin=speech_with_tag,
        exercised_by=("audio-speech",),
    ),
    Row(
        drifts=("S61",),
        severity=Severity.RISKY,
        summary="moderation in other categories",
        caught_by=("moderation-categories-changed",),
        apply=moderation_by_other_scheme,
        twin=moderation_with_more,
        exercised_by=("moderations",),
    ),
    Row(
        drifts=("PA40",),
        severity=Severity.BREAKING,
        summary="the first prompt of a list alone is answered",
        caught_by=("results-count",),
        apply=prompts_dropped,
        twin=echo_goes_on,
        exercised_by=("completions-list",),
    ),
    Row(
        drifts=("PA41",),
        severity=Severity.BREAKING,
        summary="echo is ignored",
        caught_by=("echo-ignored",),
        apply=echo_dropped,
        twin=echo_goes_on,
        exercised_by=("completions-echo",),
    ),
)
