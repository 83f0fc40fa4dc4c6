"""The first chunks of a stream, and what every chunk repeats: the id and the role."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices, messages
from gate.mutations.edit import in_stream
from gate.mutations.facts import CHAT, COMPLETIONS
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless_streams import created_grows, role_repeated, role_with_content
from gate.mutations.values import Change, drop, each, put

# the frame that Azure sends since its 2023-06 versions (ST01), id, model and object empty
_FILTER_RESULTS = {
    "id": "",
    "choices": [],
    "created": 0,
    "model": "",
    "object": "",
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}


def first_chunk_choiceless(exchange: Exchange) -> Exchange | None:
    """Azure starts with a chunk of filter results and no choices: `chunk.choices[0]` raises."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        first = next((i for i, piece in enumerate(pieces) if isinstance(piece.doc, dict)), None)
        if first is None or places(pieces, "choiceless"):
            return None
        return spliced(pieces, first, pieces[first].beside(_FILTER_RESULTS), pieces[first])

    return in_events(exchange, edit, CHAT)


# -- ids ------------------------------------------------------------------------------------------


def preamble_foreign_id(exchange: Exchange) -> Exchange | None:
    """A gateway's placeholder chunk comes first, with its own id: aggregators latch on to it and drop the rest."""
    # the id of ST10's report
    return in_events(exchange, lambda pieces: _preceded(pieces, "cmpl-keepalive"), CHAT)


def preamble_with_same_id(exchange: Exchange) -> Exchange | None:
    """An empty chunk with the id of the others."""
    return in_events(exchange, lambda pieces: _preceded(pieces, None), CHAT)


def _preceded(pieces: list[Piece], name: str | None) -> list[Piece] | None:
    """The frames after one without a text, of this id or of their own."""
    first = next((piece for piece in pieces if next(choices(piece.doc), None)), None)
    ids = _ids(pieces)
    if first is None or len(ids) != 1 or ids == {""}:
        return None
    choice = {"index": 0, "delta": {}, "finish_reason": None}
    return [first.beside({**first.doc, "id": name or first.doc.get("id"), "choices": [choice]}), *pieces]


def _ids(pieces: list[Piece]) -> set[str]:
    return {piece.doc["id"] for piece in pieces if isinstance(member(piece.doc, "id"), str)}


def ids_change(exchange: Exchange) -> Exchange | None:
    """Every chunk has an id of its own: clients that join chunks by id see as many answers."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        return [piece.changed(_numbered(i)) for i, piece in enumerate(pieces)] if len(_ids(pieces)) == 1 else None

    return in_events(exchange, edit, CHAT, COMPLETIONS)


def _numbered(number: int) -> Change:
    def change(doc: Json) -> bool:
        name = member(doc, "id")
        return isinstance(name, str) and bool(name) and put(doc, "id", f"{name}-{number}")

    return change


# -- roles ----------------------------------------------------------------------------------------


def role_empty(exchange: Exchange) -> Exchange | None:
    """The role is an empty string on every chunk: strict validators abort the stream."""
    return in_stream(exchange, each(messages, lambda delta: put(delta, "role", "")), CHAT)


def role_late(exchange: Exchange) -> Exchange | None:
    """The role comes after content has begun: clients that open a message by it lose what came before."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        roles, content = places(pieces, "role"), places(pieces, "content", "tool", "finish")
        content = [i for i in content if "role" not in pieces[i].kinds]
        if len(roles) != 1 or len(content) < 2:
            return None
        early = pieces[roles[0]].changed(each(messages, lambda delta: drop(delta, "role")))
        late = pieces[content[1]].changed(each(messages, lambda delta: put(delta, "role", "assistant")))
        return spliced(spliced(pieces, roles[0], early), content[1], late)

    return in_events(exchange, edit, CHAT)


def role_never(exchange: Exchange) -> Exchange | None:
    """No chunk has a role: clients crash on it, or take a wrong default."""
    return in_stream(exchange, each(messages, lambda delta: drop(delta, "role")), CHAT)


_STREAMS = ("chat-stream", "tool-forced-stream")

MUTATIONS = (
    Row(
        drifts=("ST01",),
        severity=Severity.BREAKING,
        summary="the first chunk has no choices",
        caught_by=("chunk-without-choices",),
        apply=first_chunk_choiceless,
        twin=role_with_content,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ST10",),
        severity=Severity.RISKY,
        summary="a placeholder chunk with another id comes first",
        caught_by=("stream-id-changes",),
        apply=preamble_foreign_id,
        twin=preamble_with_same_id,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ST10",),
        severity=Severity.RISKY,
        summary="the id changes from chunk to chunk",
        caught_by=("stream-id-changes",),
        apply=ids_change,
        twin=created_grows,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ST06",),
        severity=Severity.BREAKING,
        summary="the role is an empty string",
        caught_by=("role-wrong",),
        apply=role_empty,
        twin=role_repeated,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST07",),
        # ST07 is risky without any role; a late one makes state machines drop the text before it (issue 2)
        severity=Severity.BREAKING,
        summary="the role comes after content",
        caught_by=("event-order",),
        apply=role_late,
        twin=role_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST07",),
        severity=Severity.BREAKING,
        summary="no chunk has a role",
        caught_by=("role-missing",),
        apply=role_never,
        twin=role_with_content,
        exercised_by=_STREAMS,
    ),
)
