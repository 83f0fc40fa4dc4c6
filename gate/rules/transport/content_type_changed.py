"""The same body under another label: JSON as text/plain, a stream as JSON, an error as a stream (T14, S36, ER24)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity

# https://www.rfc-editor.org/rfc/rfc8259#section-11, https://html.spec.whatwg.org/multipage/server-sent-events.html
_RIGHT = {"json": "application/json", "stream": "text/event-stream"}
_CONTENT = {"json": " on a JSON body", "stream": " on an event stream"}


# Other names of the same types of sound: https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern
# and https://www.iana.org/assignments/media-types has audio/mpeg, audio/ogg, audio/flac, audio/aac; players take all.
_SAME = {
    "audio/mp3": "audio/mpeg", "audio/x-mp3": "audio/mpeg", "audio/wave": "audio/wav", "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav", "audio/opus": "audio/ogg", "audio/x-flac": "audio/flac", "audio/x-aac": "audio/aac",
    "audio/aacp": "audio/aac",
}  # fmt: skip


def check(comparison: Comparison) -> Iterator[Drift]:
    """Media types of answers in the same form, successes and failures apart; parameters such as charset don't count
    (B31)."""
    golden = comparison.golden
    for pair in comparison.pairs:
        observation = pair.candidate
        known = {_usual(g) for g in golden if g.ok == observation.ok and g.form == observation.form} - {""}
        label = observation.media_type[:80] or "absent"
        if _replaced(golden, observation):
            yield pair.drift(
                path="headers.content-type",
                message=_instead(golden[0].media_type),
                golden=golden[0].media_type or "text",
                candidate=label,
            )
        if known and _usual(observation) not in known and _evident(observation):
            yield pair.drift(
                path="headers.content-type",
                message=f"content-type is {label}{_content(observation)}",
                golden=" or ".join(sorted(known)),
                candidate=label,
                severity=_severity(observation, known),
            )


def _usual(observation: Observation) -> str:
    return _SAME.get(observation.media_type, observation.media_type)


def _replaced(golden: Samples, observation: Observation) -> bool:
    """JSON, and labelled so, where the golden sends subtitles or text (S36); unlabelled text may parse as JSON."""
    json = observation.ok and observation.form == "json" and observation.media_type.endswith("json")
    return json and all(g.ok and g.form == "text" for g in golden)


def _instead(media_type: str) -> str:
    if media_type and not media_type.startswith("text/"):
        return f"JSON comes in place of {media_type[:60]}"
    return "JSON comes in place of text: response_format is ignored"


def _content(observation: Observation) -> str:
    return _CONTENT.get(observation.form, "") if observation.ok else " on an error"


def _evident(observation: Observation) -> bool:
    # recorders of others drop headers: a missing one counts only in exchanges that swapgate timed itself
    return bool(observation.media_type) or observation.timing.total is not None


def _severity(observation: Observation, known: set[str]) -> Severity:
    # the candidate is right and the golden is not (T14 turned round): clients that coped go by the content
    if observation.media_type == _RIGHT.get(observation.form):
        return Severity.INFO
    if observation.form != "json" or _RIGHT["json"] not in known:
        return Severity.RISKY
    if observation.media_type.endswith("json"):
        return Severity.INFO
    # openai-python tests a success for this ending, and returns its body as a string otherwise; of a failure the status
    # is left to any client (ER24)
    return Severity.BREAKING if observation.ok else Severity.RISKY


RULE = Rule(
    id="content-type-changed",
    area="transport",
    # T14 is breaking by its doubled prefix (sse-not-json); openai-python parses a stream whatever its label says
    severity=Severity.RISKY,
    summary="content-type names another media type for the same kind of body",
    who_breaks="openai-python returns a plain string for a body not labelled JSON; EventSource refuses other labels",
    hint="let the gateway pass content-type on as the upstream sent it",
    check=check,
    needs=("headers",),
)
