"""What an application saw of an exchange through an SDK, and what that SDK sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gate.model.words import Json

Outcome = Literal["returned", "raised", "waiting", "exited", "unusable"]
"""How a call ended for the application: it got a value or an exception, it still waited when its time was over, the
process ended, or the SDK could not be installed or imported."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The exception that an application caught: the names of its classes from the outermost (its own) to the root, and
    the attributes that applications read. `retryable` is whether it says that the call may be repeated, `quoted`
    whether it holds the message that the server sent; None where it, or the server, says nothing of the kind."""

    classes: tuple[str, ...]
    message: str = ""
    status: Json = field(default=None, hash=False)
    type: Json = field(default=None, hash=False)
    code: Json = field(default=None, hash=False)
    param: Json = field(default=None, hash=False)
    request_id: Json = field(default=None, hash=False)
    retryable: Json = field(default=None, hash=False)
    quoted: bool | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One request as the server received it. `at_ms` is the time since the first of the same call; `body` is the JSON
    that came, None without one. `ending` is what became of its connection: `complete` (the whole answer was taken),
    `left` (the client closed it before the end), `open` (it still stood when the call was over), or how the server
    ended it; `ended_ms` later. `retry_after` is the header of the answer, as it came. All are unknown behind a
    gateway."""

    method: str
    path: str
    headers: Mapping[str, str] = field(hash=False)
    body: Json = field(hash=False)
    at_ms: float
    ending: str = ""
    ended_ms: float | None = None
    retry_after: str = ""


Did = Literal["reads", "differs", "loses", "raises", "hangs"]
"""What became of an answer in a client, the worse the later: it reads what it read of the golden, something else, less
(`loses`), or the call ends in another exception, or not at all."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a client did with the candidate's answer that it did not do with the golden's. `what` names values that it
    differs in or lost, or the exception; `content`: the answer itself is lost, not a count beside it."""

    client: str
    did: Did
    what: str = ""
    content: bool = False

    @property
    def fails(self) -> bool:
        """Whether the application has no answer any more, or another one without a word of it."""
        return self.did in ("raises", "hangs") or (self.did == "loses" and self.content)

    def __str__(self) -> str:
        return f"{self.client} {'reads it' if self.did == 'reads' else f'{self.did} {self.what}'.strip()}"


APP = "app"
"""As `call`: a run of a team's own client, whose `values` are what it printed (`output`) and whether what happened to
it passes with the next attempt (`passes`)."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One call of an SDK's method. `call` is how it was made: `create`, `stream`, `raw`, `async`, `parse`, `helper`.

    `values` is what the application read, by the word for it (`text`, `tool_calls`, `usage`…); `events` counts the
    kinds of stream events; `headers` are those of the response that the SDK hands on; `unhandled` has the classes of
    exceptions that no application can catch; `outside` names hosts other than the replay server that the process
    wanted to reach. `first_ms` is the time from the call to the first token that the application saw; `cancelled`, that
    it left the stream before its end; `timeout_s`, how long its client says that it waits for an answer. `client` names
    the SDK where several read one exchange; it is empty where two versions of one are compared.
    """

    call: str
    outcome: Outcome
    values: Mapping[str, Json] = field(default_factory=dict, hash=False)
    events: Mapping[str, int] = field(default_factory=dict, hash=False)
    error: Raised | None = None
    headers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    unhandled: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    detail: str = ""
    client: str = ""
    first_ms: float | None = None
    cancelled: bool = False
    timeout_s: float | None = None
