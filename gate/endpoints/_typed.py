"""Streams whose events have a `type` and belong to the whole answer: transcripts, speech, images."""

from __future__ import annotations

from typing import Any

from gate.endpoints import is_error
from gate.endpoints._fold import text_problems
from gate.model import Fold, Grammar, Json, Kinds, Problem, ProblemCode
from gate.wire.shape import show


def classify(doc: Json, name: str | None) -> Kinds:
    """The event's own type, or its SSE name."""
    if not isinstance(doc, dict):
        return (("invalid", None),)
    kind = doc.get("type") or name or "untyped"
    return (("error" if is_error(doc, name) or not isinstance(kind, str) else kind, None),)


def grammar(last: str, *before: str, several: bool = False) -> Grammar:
    """Any of some events, then the last one; `several`: for each of the things that were asked for. Gateways add [DONE]
    or not."""
    going = dict.fromkeys(before, "going")
    return {
        "start": {**going, last: "ended", "error": "ended"},
        "going": {**going, last: "ended", "error": "ended"},
        "ended": {"done": "ended", **({**going, last: "ended"} if several else {})},
    }


def fold_text(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, event) → the transcript of the last event, and where it differs from its deltas."""
    final: dict[str, Any] = {}
    pieces: list[str] = []
    problems: list[Problem] = []
    for frame, doc in docs:
        event = doc if isinstance(doc, dict) else {}
        if isinstance(event.get("delta"), str):
            pieces.append(event["delta"])
        elif isinstance(event.get("text"), str) and str(event.get("type")).endswith(".done"):
            final, joined = {key: value for key, value in event.items() if key != "type"}, "".join(pieces)
            # without deltas there is nothing to contradict
            if joined.strip() not in ("", event["text"].strip()):
                detail = f"{show(joined, 60)}, then {show(event['text'], 60)}"
                problems.append(Problem(ProblemCode.DONE_DIFFERS_FROM_DELTAS, "text", frame, detail))
    problems += text_problems(pieces, "text")
    return Fold(final or {"text": "".join(pieces)}, tuple(problems), {"text": tuple(pieces)})


def fold_images(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, event) → the images that are whole, as a plain answer lists them."""
    done = [doc for _, doc in docs if isinstance(doc, dict) and str(doc.get("type")).endswith(".completed")]
    return Fold({"data": [{k: doc[k] for k in ("b64_json", "url") if k in doc} for doc in done], **_usage(docs)})


def fold_speech(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, event) → the usage of the last event; the sound itself stays in its events."""
    found = (doc.get("audio") for _, doc in docs if isinstance(doc, dict))
    # zeros, which are silence in PCM, are alike by nature
    sounds = [sound for sound in found if isinstance(sound, str) and sound.strip("A=")]
    return Fold(_usage(docs), tuple(text_problems(sounds, "audio")))


def _usage(docs: tuple[tuple[int, Json], ...]) -> dict[str, Any]:
    found = [doc["usage"] for _, doc in docs if isinstance(doc, dict) and "usage" in doc]
    return {"usage": found[-1]} if found else {}
