"""Rate limits in another dialect of headers: limiters read nothing, or raise on the format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation


def _apply(exchange: Exchange) -> Exchange | None:
    return _changed(exchange, lambda name, _: ("X-RateLimit-Reset", "1741305600000") if "reset" in name else None)


def _twin(exchange: Exchange) -> Exchange | None:
    """Other numbers (B30)."""
    return _changed(exchange, lambda name, value: (name, "7" if value.isdigit() else "7s"))


_Renaming = Callable[[str, str], tuple[str, str] | None]


def _changed(exchange: Exchange, rename_to: _Renaming) -> Exchange | None:
    response = exchange.response
    if response is None or not any(name.lower().startswith("x-ratelimit-") for name, _ in response.headers):
        return None
    found = [
        rename_to(name.lower(), value) if name.lower().startswith("x-ratelimit-") else (name, value)
        for name, value in response.headers
    ]
    return replace(exchange, response=replace(response, headers=tuple(h for h in found if h is not None)))


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
