"""How fast a run may ask a route: after a 429 or an open breaker all its requests pause together, and are sent further
apart from then on.

A limit is told by its status, not by Retry-After: gateways drop or rename that header.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gate.model import Exchange, Limits, Response
from gate.run.failures import cooling, header
from gate.run.retries import retry_after

MAX_LIMITED = 6  # further attempts of one request; with the default limits their pauses add up to a minute
BUDGET = 5  # pauses of a run in all, as a multiple of max_retry_after
_FIRST = 1 / 60  # first pause that no header names, at most a second; doubles
_WIDEST = 1 / 10  # greatest distance between two requests
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
# OpenAI: https://developers.openai.com/api/docs/guides/rate-limits; IETF: draft-ietf-httpapi-ratelimit-headers
_RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens")
_EPOCH = 1e9  # a reset beyond it is a point of time


@dataclass
class Pace:
    """Shared by all requests to one route, also by those that confirm. Times in seconds of `now`."""

    limits: Limits
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    interval: float = 0.0  # between two requests
    waited: float = 0.0  # pauses so far
    met: bool = False  # a limit, at least once
    cooled: bool = False  # an open breaker or a cooldown, at least once
    exhausted: bool = False  # a further pause would have gone beyond the budget
    _open: float = 0.0  # when requests may go again
    _next: float = 0.0  # when the next one may

    async def turn(self) -> None:
        """Returns when a request may be sent."""
        while True:
            now = self.now()
            at = max(now, self._open, self._next)
            self._next = at + self.interval
            if at <= now:
                return
            await self.sleep(at - now)
            if self._open <= at:  # otherwise another 429 came meanwhile
                return

    def pause(self, exchange: Exchange, retries: int) -> float | None:
        """Seconds until the limited request may be sent again, kept by `turn`; None where its 429 is final."""
        self.met, self.cooled = True, self.cooled or cooling(exchange)
        wait = self._wait(exchange.response, retries)
        now = self.now()
        if wait is None or retries >= MAX_LIMITED:
            return None
        longer = max(0.0, now + wait - max(self._open, now))
        if self.waited + longer > BUDGET * self.limits.max_retry_after:
            self.exhausted = True
            return None
        # those in flight together are told of the same limit, so only the first of them slows the run down
        if self._open <= now:
            self.interval = min(max(2 * self.interval, self._first / 4), _WIDEST * self.limits.max_retry_after)
        self.waited += longer
        self._open = max(self._open, now + wait)
        self._next = max(self._next, self._open)
        return self._open - now

    @property
    def _first(self) -> float:
        return min(1.0, _FIRST * self.limits.max_retry_after)

    def _wait(self, response: Response | None, retries: int) -> float | None:
        """Seconds to pause; None where Retry-After asks for more than the limits allow."""
        longest, now = self.limits.max_retry_after, time.time()
        growing = min(self._first * (1 << retries), longest)
        asked = retry_after(response, now)
        if asked is not None and asked > longest:
            return None
        if asked is None:
            asked = reset_after(response, now)
        # the other headers name the time when the whole quota is back: too long a time is no reason to give up
        if asked is None or asked > longest:
            return growing
        return max(asked, growing) if retries else asked

    def note(self, route: str) -> tuple[str, ...]:
        """What a report says about the limit; nothing where none was met."""
        if not self.met:
            return ()
        much = f" until the pauses reached {BUDGET * self.limits.max_retry_after:g} s" if self.exhausted else ""
        why = "holds requests back (a breaker or a cooldown)" if self.cooled else "limits its rate (429)"
        return (f"route {route} {why}: requests were paused and sent further apart{much}",)


def reset_after(response: Response | None, now: float) -> float | None:
    """Seconds until a limit ends, by the headers that stand for Retry-After; `now` is seconds of the epoch."""
    milliseconds = _seconds(header(response, "retry-after-ms") or "")
    if milliseconds is not None:
        return milliseconds / 1000
    named = (_seconds(header(response, name) or "") for name in _RESETS)
    value = next((seconds for seconds in named if seconds is not None), None)
    return max(0.0, value - now) if value is not None and value > _EPOCH else value


def _seconds(value: str) -> float | None:
    """`2`, `1.5`, `250ms`, `6m0s`."""
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", value):
        return float(value)
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[smhd])", value)
    whole = "".join(number + unit for number, unit in parts) == value and parts
    return sum(float(number) * _UNIT[unit] for number, unit in parts) if whole else None
