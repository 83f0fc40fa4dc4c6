"""An exchange in normal form, which is all that rules see, and the description of an endpoint that it is made with."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gate.model.traffic import Ending, Hop, Location
from gate.model.transcript import Transcript
from gate.model.words import MISSING, Absent, Json, Severity


@dataclass(frozen=True, slots=True)
class Field:
    """One path of a shape: the JSON types seen there, how often, and how many parent objects could have it.

    `empty` counts "" and [] and {}. null is a type, missing is `seen < parents`.
    """

    types: frozenset[str]
    seen: int
    parents: int
    # `x-noise` in an endpoint's schema treats empty like null and absent.
    empty: int = 0

    @property
    def always(self) -> bool:
        """Whether every parent object had the field."""
        return self.seen == self.parents


Shape = Mapping[str, Field]
"""Path with `[]` for every index, such as `choices[].delta.content`, to what was seen there."""


# A tuple: one is made for each event of each stream, in a quarter of the time that a frozen dataclass takes.
class Frame(NamedTuple):
    """One SSE frame, lossless: the bytes `start:end` of the body, its fields, comments and oddities.

    `data` is None without a data line. `terminated` is False for a last frame without its blank line.
    """

    number: int
    start: int
    end: int
    event: str | None
    data: str | None
    data_lines: int = 0
    id: str | None = None
    retry: str | None = None
    comments: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # lines whose field name SSE does not know, bare JSON among them
    terminated: bool = True
    # T01: parsers that compare with `data: ` find no frame without it.
    spaced: bool = True  # a space after the first `data:`


@dataclass(frozen=True, slots=True)
class Framing:
    """How the stream was framed: line endings seen ("\\n", "\\r\\n", "\\r"), BOM, bytes that are not UTF-8."""

    line_ends: frozenset[str] = frozenset()
    # The SSE specification has decoders drop one BOM at the start:
    # https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
    bom: bool = False
    bad_utf8: tuple[int, ...] = ()  # byte offsets


Kinds = tuple[tuple[str, int | None], ...]
"""What an event does, such as `content`, each with the choice it belongs to (None: the whole stream)."""


class Event(NamedTuple):
    """One frame as its endpoint understands it.

    `doc` is the parsed JSON of the frame, MISSING where it has none or it does not parse. `kinds` are the
    endpoint's words for what it does, in order, each with the choice it belongs to (None: the whole stream).
    """

    frame: Frame
    doc: Json
    kinds: Kinds
    at_ms: float | None = None


Pieces = Mapping[str, tuple[str, ...]]
"""Path of a text in the final answer to the deltas that it came in, in order, empty ones included."""


class ProblemCode(enum.StrEnum):
    """What is wrong with a stream that clients fold into one object; endpoints detect it, rules report it."""

    TOOL_INDEX_MISSING = "tool-index-missing"
    TOOL_INDEX_GAP = "tool-index-gap"
    TOOL_INDEX_SHARED = "tool-index-shared"
    TOOL_INDEX_ORDER = "tool-index-order"
    TOOL_ID_MISSING = "tool-id-missing"
    TOOL_ID_CHANGED = "tool-id-changed"
    TOOL_TYPE_MISSING = "tool-type-missing"
    TOOL_TYPE_ODD = "tool-type-odd"
    TOOL_ID_REPEATED = "tool-id-repeated"
    TOOL_ID_BLANK = "tool-id-blank"
    TOOL_NAME_BLANK = "tool-name-blank"
    TOOL_NAME_LATE = "tool-name-late"
    TOOL_FUNCTION_BARE = "tool-function-bare"
    TOOL_ARGUMENTS_NULL = "tool-arguments-null"
    TOOL_NAME_REPEATED = "tool-name-repeated"
    TOOL_NAME_SPLIT = "tool-name-split"
    TEXT_CUMULATIVE = "text-cumulative"
    TEXT_REPEATED = "text-repeated"
    TEXT_RESTARTED = "text-restarted"
    FINISH_CHANGED = "finish-changed"
    ID_CHANGED = "id-changed"
    CREATED_CHANGED = "created-changed"
    MODEL_CHANGED = "model-changed"
    DONE_DIFFERS_FROM_DELTAS = "done-differs-from-deltas"
    OPENED_WHOLE = "opened-whole"
    ITEM_CHANGED = "item-changed"
    ITEM_INDEX_SHARED = "item-index-shared"
    COMPLETED_WITHOUT_ITEMS = "completed-without-items"


@dataclass(frozen=True, slots=True)
class Problem:
    """A place of a stream where a client's fold fails or loses content; `frame` is from 0."""

    code: ProblemCode
    path: str
    frame: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the endpoint's JSON Schema forbids; `keyword` is JSON Schema's own (required, type, enum…)."""

    path: str
    keyword: str
    severity: Severity
    detail: str
    value: Json = MISSING
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool call of the final answer. Values are as they came; a correct `arguments` is a JSON text.

    For a custom tool (type `custom`) `arguments` is the free text of its `input`.
    """

    path: str
    id: Json
    type: Json
    name: Json
    arguments: Json


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of an answer, whatever the endpoint calls it. `content` is as it came, `text` its text alone."""

    path: str
    index: int
    role: Json = MISSING
    content: Json = MISSING
    content_path: str = "content"
    text: str = ""
    reasoning: str = ""
    refusal: Json = MISSING
    finish: Json = MISSING
    finish_path: str = ""
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a client gets, in one form for streamed and plain bodies of all endpoints.

    `final` is the endpoint's whole object (folded from the stream, or the body itself). `vectors` are embeddings
    as they came: lists of numbers or base64 text.
    """

    final: Json
    choices: tuple[Choice, ...] = ()
    usage: Json = MISSING
    model: Json = MISSING
    id: Json = MISSING
    vectors: tuple[Json, ...] = ()


TextKind = Literal["answer", "reasoning", "refusal", "arguments", "input", "code", "transcript", "prompt"]
"""What a text that a model writes is for; `input` is that of a custom tool, `prompt` one that it rewrote."""

KeySent = Literal["own", "bad", "none"]
"""What a request has in the headers for keys; `bad` is the one that the suite makes up (error-bad-key), `own` also what
is not known."""

Form = Literal["json", "stream", "text", "empty", "none"]
"""What the body is, whatever its Content-Type says; `none`: no response at all."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds. `gaps` are between events that carry tokens; empty where no times were recorded."""

    first_byte: float | None = None
    first_token: float | None = None
    total: float | None = None
    gaps: tuple[float, ...] = ()
    spread: float | None = None  # between the first and the last token-bearing event
    connect: float | None = None  # None on a connection that was there already


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it stood on the wire. Header names are lower case. `endpoint` is the name of its API operation,
    `body` is MISSING where it is not JSON, and `raw` the bytes as text."""

    method: str
    path: str
    endpoint: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json = MISSING
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that reached the upstream while a client's was in flight, and what it was answered. `at_ms` counts from
    the client's request. `fault` is what was done to the answer, `unmatched` says that nobody recorded one."""

    sent: Sent
    answer: Observation
    at_ms: float
    fault: str = ""
    unmatched: str = ""

    @property
    def end_ms(self) -> float:
        """When the upstream was done with it, after the client's request."""
        return self.at_ms + (self.answer.timing.total or 0.0)


@dataclass(frozen=True, slots=True)
class Passage:
    """How a client's request passed a gateway: as it was sent, and every call that the upstream got meanwhile."""

    sent: Sent
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What one exchange showed. Header names are lower case. `body` is MISSING where it is not JSON.

    `shape` is that of the JSON body, or over all chunks of a stream; `final_shape` that of the final answer,
    which a stream and its non-streamed twin must share. `problems` come from folding the stream, `violations` from
    the endpoint's JSON Schema, for the body or for a chunk of the stream.
    """

    endpoint: str
    request: Json
    status: int
    form: Form
    media_type: str
    headers: Mapping[str, str]
    ending: Ending
    body: Json = MISSING
    text: str = ""
    head: bytes = b""  # the first bytes of the decoded body, which tell the format of sound and images
    size: int = 0
    events: tuple[Event, ...] = ()
    kinds: frozenset[str] = frozenset()  # of all events
    framing: Framing = Framing()
    answer: Answer | None = None
    problems: tuple[Problem, ...] = ()
    pieces: Pieces = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    shape: Shape = field(default_factory=dict)
    final_shape: Shape = field(default_factory=dict)
    timing: Timing = Timing()
    hops: tuple[Hop, ...] = ()
    # PA01: newer models take max_completion_tokens only; a run learns the name, and the rule reports it once.
    rejected: tuple[tuple[str, str | None], ...] = ()  # (parameter refused on an earlier attempt, its replacement)
    request_id: str = ""  # x-request-id of the request
    detail: str = ""
    encoding: str = ""  # Content-Encoding; `encoding_true`: the bytes really are encoded that way
    encoding_true: bool = True
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    outage: bool = False
    absent: tuple[Absent, ...] = ()
    location: Location = Location()
    place: str = ""  # method and last word of the path, for endpoints without a module of their own
    transcripts: tuple[Transcript, ...] = ()  # what an SDK made of it, one for each way of calling
    passage: Passage | None = None  # through a gateway whose upstream was seen as well
    key: KeySent = "own"

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx; the body may hold an error all the same (ER06)."""
        return 200 <= self.status < 300

    @property
    def error(self) -> Json:
        """The `error` member of a JSON object body, MISSING without one."""
        return self.body.get("error", MISSING) if isinstance(self.body, dict) else MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """All observations of one step of one scenario on one route, and those of its twin scenario there.

    Equal only to itself, so that results for a pair of samples can be cached by identity.
    """

    observations: tuple[Observation, ...]
    twin: tuple[Observation, ...] = ()

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    def __getitem__(self, index: int) -> Observation:
        return self.observations[index]


Grammar = Mapping[str, Mapping[str, str]]
"""State → kind of event → next state. The first state is `start`; a kind without an entry breaks the order."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A stream folded into the endpoint's final object, and the problems that a client's fold would have."""

    final: Json
    problems: tuple[Problem, ...] = ()
    pieces: Pieces = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One API operation: all that rules may know of it. Found by its file in `gate/endpoints/`.

    `path` is what follows base_url. `classify` maps a chunk and its SSE event name to kinds, in the order in which a
    client reads it; `content` are the kinds that carry tokens, `ends` those of which every complete stream has one.
    `lanes` is the grammar of each choice, `whole` that of the stream itself. `fold` takes (frame number, chunk).
    """

    name: str
    path: str
    schema: str | None
    read: Callable[[Json], Answer]
    method: str = "POST"
    chunk_schema: str | None = None
    classify: Callable[[Json, str | None], Kinds] | None = None
    fold: Callable[[tuple[tuple[int, Json], ...]], Fold] | None = None
    lanes: Grammar = field(default_factory=dict)
    whole: Grammar = field(default_factory=dict)
    content: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    sentinel: str | None = None  # the one payload that is not JSON, such as [DONE]
    reasons: frozenset[str] = frozenset()  # the vocabulary of finish reasons
    vocabulary: str = ""  # a pattern of the kinds of events that the API has or may get
    answer_at: str = ""  # where the event that ends a stream holds the whole answer
    free: bool = False  # an answer need not be JSON: speech, subtitles, whatever an unknown endpoint sends
    # What the model writes in the final answer: paths such as `choices[].message.content`, and what each is.
    texts: Mapping[str, TextKind] = field(default_factory=dict)
    media: tuple[str, ...] = ()  # paths of base64 in the final answer, and its keys in the events of a stream
    media_events: tuple[str, ...] = ()
    results: str = ""  # the list with one entry for each thing that was asked for
    # What a request may hold, by path with `[]` for every index, and the value that stands for its absence (MISSING:
    # there is none). Empty: not known.
    fields: Mapping[str, Json] = field(default_factory=dict)
    typed: bool = False  # an object's `type` decides which keys it has, so that shapes are compared by type
