"""sdk-timeout-changed: the timeout that a request names."""

from __future__ import annotations

from gate.model import Exchange
from gate.model.transcript import Post
from tests.rules_table import Row, post, seen


def waits(timeout: str) -> Exchange:
    """A call whose request names this read timeout."""
    return seen(posts=(post("/v1/chat/completions", {}, x_stainless_read_timeout=timeout),))


def client(timeout: float, sent: str = "600") -> Exchange:
    """A call of openai-node, whose client says how long it waits."""
    return seen(posts=(post("/v1/chat/completions", {}, x_stainless_timeout=sent),), timeout_s=timeout)


def gives_up(*after: float, ending: str = "left", cancelled: bool = False, timeout: str = "") -> Exchange:
    """A call to a silent server, whose requests are given up after so many seconds."""
    named = {"x-stainless-read-timeout": timeout} if timeout else {}
    posts = tuple(Post("POST", "/v1/chat/completions", named, {}, 0.0, ending, s * 1000) for s in after)
    return seen(posts=posts, cancelled=cancelled)


SILENT = seen(posts=(post("/v1/chat/completions", {}),))
CASES = (
    Row(
        "openai-python names the 600 s of its default; a minute is short",
        waits("600"),
        waits("60"),
        ("risky request.timeout",),
    ),
    Row("ten times as long, a worker is stuck", waits("600"), waits("6000"), ("risky request.timeout",)),
    Row("twin: LiteLLM writes the same as 600.0", waits("600"), waits("600.0")),
    Row("an SDK that does not say", waits("600"), SILENT),
    Row("it says so now", SILENT, waits("600")),
    Row(
        "the client of openai-node has 600 s as a property; a minute is short",
        client(600),
        client(60),
        ("risky request.timeout",),
    ),
    Row("and longer", client(600), client(3600), ("risky request.timeout",)),
    Row("twin: openai-node 7 has the same", client(600), client(600.0)),
    Row("it is a property now, and was in the header", waits("600"), client(600)),
    Row("twin: openai-node 4 sends it in milliseconds, and 5 in seconds", client(20, "20000"), client(20, "20")),
    Row("no number", waits("600"), waits("NOT_GIVEN")),
    Row("no request", seen(), seen()),
    Row(
        "the timeout that the application names counts twice",
        gives_up(0.8, 0.9, 0.8),
        gives_up(1.8, 1.8, 1.9),
        ("risky request.timeout",),
    ),
    Row("half of it", gives_up(1.8, 1.9), gives_up(0.8, 0.9), ("risky request.timeout",)),
    Row(
        "named alike, and waited for otherwise",
        gives_up(0.8, 0.8, timeout="0.8"),
        gives_up(1.6, 1.6, timeout="0.8"),
        ("risky request.timeout",),
    ),
    Row("half a second more", gives_up(0.5, 0.5), gives_up(1.0, 1.0), ("risky request.timeout",)),
    Row("less than that", gives_up(0.49, 0.49), gives_up(0.98, 0.98)),
    Row("less than twice as long", gives_up(0.8, 0.8), gives_up(1.59, 1.59)),
    Row("a busy machine is late once", gives_up(0.8, 0.8), gives_up(0.9, 2.0)),
    Row("one request is no measure", gives_up(0.8), gives_up(1.8)),
    Row("the server ended them", gives_up(0.8, 0.8, ending="cut"), gives_up(1.8, 1.8, ending="cut")),
    Row("the application left", gives_up(0.8, 0.8, cancelled=True), gives_up(1.8, 1.8, cancelled=True)),
    Row(
        "nothing is known of when",
        seen(posts=(Post("POST", "/v1/chat/completions", {}, {}, 0.0, "left"),) * 2),
        gives_up(1.8, 1.8),
    ),
)
