"""An exchange in normal form: the only thing that rules see. And the endpoint that makes it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gate.model.traffic import Ending, Hop, Location
from gate.model.words import MISSING, Json, Severity


@dataclass(frozen=True, slots=True)
class Field:
    """One path of a shape: the JSON types seen there, how often, and in how many parents it could be.

    `empty` counts "" and [] and {}; null, empty and missing (`seen < parents`) stay three things.
    """

    types: frozenset[str]
    seen: int
    parents: int
    empty: int = 0

    @property
    def always(self) -> bool:
        return self.seen == self.parents


Shape = Mapping[str, Field]
"""Path with `[]` for every index, such as `choices[].delta.content`, to what was seen there."""


@dataclass(frozen=True, slots=True)
class Frame:
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
    spaced: bool = True  # a space after the first `data:`


@dataclass(frozen=True, slots=True)
class Framing:
    """How the stream was framed: line endings seen ("\\n", "\\r\\n", "\\r"), BOM, bytes that are no UTF-8."""

    line_ends: frozenset[str] = frozenset()
    bom: bool = False
    bad_utf8: tuple[int, ...] = ()  # byte offsets


Kinds = tuple[tuple[str, int | None], ...]
"""What an event does, such as `content`, each with the choice it belongs to (None: the whole stream)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One frame as its endpoint understands it.

    `doc` is the parsed JSON of the frame, MISSING where it has none or it does not parse. `kinds` are the
    endpoint's words for what it does, in order, each with the choice it belongs to (None: the whole stream).
    """

    frame: Frame
    doc: Json
    kinds: Kinds
    at_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where a client that folds a stream stumbles, such as `tool-index-missing`; `frame` is from 0."""

    code: str
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
    """One tool call of the final answer. Values are as they came: `arguments` is a JSON text when it is right."""

    path: str
    id: Json
    type: Json
    name: Json
    arguments: Json


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of an answer, whatever the endpoint calls it. `content` is as it came, `text` what it says."""

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
    """What a client ends up with, the same form for streamed and plain, chat and responses and embeddings.

    `final` is the endpoint's whole object (folded from the stream, or the body itself). `vectors` are embeddings
    as they came: lists of numbers or base64 text.
    """

    final: Json
    choices: tuple[Choice, ...] = ()
    usage: Json = MISSING
    model: Json = MISSING
    id: Json = MISSING
    vectors: tuple[Json, ...] = ()


Form = Literal["json", "stream", "text", "empty", "none"]
"""What the body is, whatever its label says; `none`: no response at all."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds. `gaps` are between events that carry tokens; empty where no times were taken."""

    first_byte: float | None = None
    first_token: float | None = None
    total: float | None = None
    gaps: tuple[float, ...] = ()
    spread: float | None = None  # between the first and the last token-bearing event


@dataclass(frozen=True, slots=True)
class Observation:
    """What one exchange showed. Header names are lower case. `body` is MISSING where it is no JSON.

    `shape` is that of the JSON body, or over all chunks of a stream; `final_shape` that of the final answer,
    which a stream and its non-streamed twin must share. `problems` are places where the fold did not work,
    `violations` those where the body, or a chunk of the stream, is not what the endpoint's schema allows.
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
    size: int = 0
    events: tuple[Event, ...] = ()
    kinds: frozenset[str] = frozenset()  # of all events
    framing: Framing = Framing()
    answer: Answer | None = None
    problems: tuple[Problem, ...] = ()
    violations: tuple[Violation, ...] = ()
    shape: Shape = field(default_factory=dict)
    final_shape: Shape = field(default_factory=dict)
    timing: Timing = Timing()
    hops: tuple[Hop, ...] = ()
    rejected: tuple[tuple[str, str | None], ...] = ()  # parameters that an earlier attempt had refused, and instead
    request_id: str = ""  # ours, from the request
    detail: str = ""
    encoding: str = ""  # Content-Encoding; `encoding_true` says whether the bytes really were encoded so
    encoding_true: bool = True
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    outage: bool = False
    location: Location = Location()
    place: str = ""  # method and last word of the path, where the endpoint is none that is known by name

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def error(self) -> Json:
        """The `error` member of a JSON object body, MISSING without one."""
        return self.body.get("error", MISSING) if isinstance(self.body, dict) else MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """All observations of one step of one scenario on one route, and those of its twin scenario there.

    Equal only to itself, so that what rules share of a pair of samples can be kept by identity.
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
    """A stream folded into the endpoint's final object, and where a client's accumulator would stumble."""

    final: Json
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One API operation: all that rules may know of it. Found by its file in `gate/endpoints/`.

    `path` is what follows base_url. `classify` names what an event does (`kinds`), in the order of a client's
    reading; `content` are the kinds that carry tokens, `ends` those of which every good stream has one.
    `lanes` follow the grammar apart for each choice; `whole` is the grammar of the stream itself.
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
    sentinel: str | None = None  # the one payload that is no JSON, such as [DONE]
    reasons: frozenset[str] = frozenset()  # the vocabulary of finish reasons
    answer_at: str = ""  # where the event that ends a stream holds the whole answer
    free: bool = False  # an answer need not be JSON: speech, subtitles, whatever an unknown endpoint sends
    typed: bool = False  # an object's `type` decides which keys it has, so that shapes are compared by type
