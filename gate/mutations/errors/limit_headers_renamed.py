"""Rate limits in another dialect of headers: limiters read nothing, or raise on the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import timed


def _apply(exchange: Exchange) -> Exchange | None:
    names = [name.lower() for name, _ in exchange.response.headers] if exchange.response else []
    resets = any(name.startswith("x-ratelimit-") and "reset" in name for name in names) and timed(exchange)
    return _changed(exchange, _foreign) if resets else None


def _foreign(name: str, _: str) -> tuple[str, str] | None:
    return ("X-RateLimit-Reset", "1741305600000") if "reset" in name else None


def _twin(exchange: Exchange) -> Exchange | None:
    """Other numbers (B30)."""
    return _changed(exchange, lambda name, value: (name, "7" if "remaining" in name and value.isdigit() else value))


_Renaming = Callable[[str, str], tuple[str, str] | None]


def _changed(exchange: Exchange, rename_to: _Renaming) -> Exchange | None:
    response = exchange.response
    if response is None or not any(name.lower().startswith("x-ratelimit-") for name, _ in response.headers):
        return None
    found = [
        rename_to(name.lower(), value) if name.lower().startswith("x-ratelimit-") else (name, value)
        for name, value in response.headers
    ]
    new = tuple(header for header in found if header is not None)
    return None if new == response.headers else replace(exchange, response=replace(response, headers=new))


MUTATION = Mutation(
    id="limit-headers-renamed",
    drifts=("ER17",),
    area="errors",
    severity=Severity.RISKY,
    summary="rate-limit headers of another dialect",
    apply=_apply,
    twin=_twin,
    exercised_by=("burst",),
)
