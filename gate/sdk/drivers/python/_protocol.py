"""The driver's side of the protocol (docs/sdk.md): jobs come in as JSON lines, a transcript of each goes out.

It runs in the environment of the SDK, with the standard library alone. Whatever the SDK prints goes to standard error,
and every connection to another host than the job's is refused and told.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import gc
import http.server
import json
import os
import platform
import re
import ssl
import sys
import threading
import time
import warnings
import weakref
from importlib import metadata
from urllib.parse import urlsplit

PROTOCOL = 1
_RETRYABLE = ("is_retryable", "retryable", "should_retry")
_COLLECTED = 200  # calls; chosen: a call leaves tens of kilobytes
_HERE = (None, "127.0.0.1", "::1", "localhost")
_allowed = set()
_imported = {"outside": []}  # what an import does
_running = {}  # calls, by their identity: comparing two would read what they are filling
_call = contextvars.ContextVar("call", default=None)
_started_by = weakref.WeakKeyDictionary()  # the call of a thread that the SDK started in it
_writing = threading.Lock()


def serve(hello, perform, warm=None, at_once=1):
    """Answers jobs until standard input ends. `perform(job, seen)` makes the call and fills `seen`.

    `warm` is a job that is made once before: frameworks import half of themselves with the first call, which on a busy
    machine would count as time of the first golden. `at_once` is how many jobs it takes at a time.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    if warm:
        _warmed(warm, perform)
    _listen()
    _write(out, {"protocol": PROTOCOL, "hello": {**hello, "at_once": at_once}})
    for number, line in enumerate(sys.stdin, 1):
        if not number % _COLLECTED:
            gc.collect()
        job = json.loads(line)
        _allowed.add(urlsplit(job["base_url"]).port)
        if at_once == 1:
            _answer(out, job, perform)
        else:
            threading.Thread(target=_answer, args=(out, job, perform), daemon=True).start()


def _answer(out, job, perform):
    made = _performed(job, perform)
    with _writing:
        _write(out, made)


def _listen():
    """From now on, what the SDK warns of, and what it leaves to nobody, goes to the calls that it belongs to."""
    warnings.simplefilter("always")
    warnings.showwarning = _warned
    threading.excepthook = lambda args: _unhandled(args.exc_value, _started_by.get(args.thread))
    sys.unraisablehook = lambda args: _unhandled(args.exc_value)
    threading.Thread.start = _started(threading.Thread.start)
    asyncio.BaseEventLoop.default_exception_handler = _lost
    gc.freeze()  # what was imported stays, and need not be looked at


def _started(start):
    def noted(thread):
        if here := _call.get() or _started_by.get(threading.current_thread()):
            _started_by[thread] = here
        start(thread)

    return noted


def _concerned():
    """The call that runs here; where that is not known, all that are under way. A thread may serve several of them, but
    only one has started it, and what ends it is that one's."""
    here = _call.get()
    return [here] if here else list(_running.values()) or [_imported]


def _warned(message, category, filename, *_):
    """Not a client that nobody closed, which is the driver's doing; nor what pydantic says of a class, once in a
    process, with whichever call is the first to need it."""
    if not issubclass(category, ResourceWarning) and "pydantic" not in filename.split(os.sep):
        for call in _concerned():
            call.setdefault("warnings", []).append(_address(f"{category.__name__}: {message}"))


def _lost(_, context):
    """Not a stream that an exception of the application left open, which closes with the loop."""
    if "asyncgen" not in context:
        _unhandled(context.get("exception"))


def _unhandled(error, by=None):
    """An exception that no application can catch: of a thread, a task that nobody awaits, a destructor."""
    if isinstance(error, Exception):  # `sys.exit` in a thread ends that thread and no more
        for call in [by] if by else _concerned():
            call.setdefault("unhandled", []).append(_name(type(error)))


def versions(*names):
    """The versions of packages, of what carries their requests (openai 3 has another client than openai 2), and of
    what runs them."""
    wanted = {*names, "httpx", "httpx2", "httpcore", "h11", "aiohttp", "pydantic", "jiter"}
    found = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    return {name: found[name] for name in sorted(found) if name in wanted} | {"python": platform.python_version()}


def awaited(coroutine):
    """What a coroutine returns. All run in one loop, as in a server: clients that frameworks keep belong to theirs."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop()).result()


@functools.cache
def _loop():
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def count(seen, kind):
    """One more event of that kind."""
    seen["events"][kind] = seen["events"].get(kind, 0) + 1


def token(seen):
    """A piece of the answer came; the first one is timed."""
    seen.setdefault("first_ms", round((time.monotonic() - seen["began"]) * 1000, 1))


def left(seen, number, job):
    """Whether the application leaves the stream after so many events (from 0), as the job asks."""
    seen["cancelled"] = number + 1 == job.get("cancel_after")
    return seen["cancelled"]


def _warmed(job, perform):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        _allowed.add(server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made = {**job, "base_url": f"http://127.0.0.1:{server.server_port}/v1", "api_key": "sk-gate-0000"}
        with contextlib.suppress(Exception):
            contextvars.copy_context().run(_called, made, perform, _blank())
        server.shutdown()
        _allowed.discard(server.server_port)


class _Refusing(http.server.BaseHTTPRequestHandler):
    """Answers with an error that no client sends again."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(400)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Nothing."""


def _performed(job, perform):
    seen, told = _blank(), []
    seen["outside"] += _imported["outside"]
    ended = threading.Thread(target=_attempt, args=(job, perform, seen, told), daemon=True)
    _running[id(seen)] = seen
    ended.start()
    ended.join(job["timeout"])
    del _running[id(seen)]
    result = {"outcome": "waiting"} if ended.is_alive() else dict(told[0] if told else {"outcome": "exited"})
    taken = {**seen}
    total = time.monotonic() - taken.pop("began")
    for name in ("outside", "warnings", "unhandled"):
        taken[name] = sorted(set(taken.get(name, ())))
    return result | taken | {"id": job["id"], "total_ms": round(total * 1000, 1)}


def _blank():
    return {"values": {}, "events": {}, "headers": [], "outside": [], "began": time.monotonic()}


def _called(job, perform, seen):
    _call.set(seen)
    perform(job, seen)


def _attempt(job, perform, seen, told):
    try:
        _called(job, perform, seen)
        told.append({"outcome": "returned"})
    except BaseException as error:
        told.append({"outcome": "raised", "error": raised(error)})
        seen["headers"] = sorted({*seen["headers"], *_headers(error)})


def _address(text):
    """Without the addresses of objects, which differ in each process."""
    return re.sub(r"\b0x[0-9a-f]+", "0x…", text)


def raised(error):
    """An exception as applications look at it."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else {}
    inner = inner if isinstance(inner, dict) else {}
    read = {name: plain(getattr(error, name, None)) for name in ("type", "code", "param", "request_id")}
    read = {name: inner.get(name) if value is None else value for name, value in read.items()}
    return {
        "classes": [_name(cls) for cls in type(error).__mro__ if cls is not object],
        "message": str(error)[:300],
        "status": plain(getattr(error, "status_code", None)),
        "retryable": next((said for name in _RETRYABLE if isinstance(said := getattr(error, name, None), bool)), None),
        **read,
    }


def _headers(error):
    """Names of the headers that an exception hands on with its response."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    return {str(name).lower() for name in headers} if headers else set()


def _name(cls):
    module = cls.__module__.partition(".")[0]
    return cls.__name__ if module in ("builtins",) else f"{module}.{cls.__name__}"


def kind(value):
    """The name of its class, as `isinstance` asks for it: what a generic class was filled with is in brackets, and
    openai 2 writes `ParsedChatCompletion[~ResponseFormatT]` where 1 wrote `ParsedChatCompletion[NoneType]`."""
    return type(value).__name__.partition("[")[0]


def plain(value):
    """A value as JSON; anything else by the name of its type."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    dump = getattr(value, "model_dump", None)
    return plain(dump()) if callable(dump) else kind(value)


def dumped(value):
    """A model as it came: without the fields that only its class knows."""
    return plain(value.model_dump(exclude_unset=True)) if value is not None else None


def _guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        host, port, *_ = address if isinstance(address, tuple) else (address, "")  # or the path of a socket
        if not (host in ("127.0.0.1", "::1") and port in _allowed):
            _refuse(f"{host}:{port}".rstrip(":"))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and args[0] not in _HERE:
        _refuse(args[0].decode() if isinstance(args[0], bytes) else str(args[0]))
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"):
        _refuse(f"{event}: {args[0]}")


def _refuse(what):
    for call in _concerned():
        call["outside"].append(what[:200])
    raise ConnectionRefusedError(f"a driver reaches the replay server only, not {what[:200]}")


def _write(out, document):
    out.write(json.dumps(document, default=str) + "\n")
    out.flush()


platform.uname().processor  # noqa: B018 - it asks a program of the system once, and SDKs want to know it
# An import makes much that stays. Later, a collection would close connections that the SDK left open, now and then.
gc.disable()
# The replay server speaks plain HTTP; a client reads the machine's certificates all the same, which takes longer than
# most calls (25 ms).
ssl.SSLContext.load_verify_locations = ssl.SSLContext.set_default_verify_paths = lambda *_, **__: None
sys.addaudithook(_guard)
