"""Runs of a team's own client, as `gate prove --app` keeps them."""

from __future__ import annotations

from typing import Any

from gate.model import APP, Exchange, Post, Raised
from gate.model.transcript import Outcome
from tests.rules_table import seen


def ran(*output: str, outcome: Outcome = "returned", passes: bool = False, **read: Any) -> Exchange:
    """A run that printed these lines."""
    return seen(APP, outcome=outcome, values={"output": list(output), "passes": passes}, **read)


def gave_up(status: int, said: str, passes: bool = False) -> Exchange:
    """A run that ended with an error of its own."""
    return ran(outcome="raised", passes=passes, error=Raised((f"exit status {status}",), said))


def asked(*bodies: Any, **headers: str) -> Exchange:
    """A run that sent these requests."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    posts = [Post("POST", "/v1/chat/completions", named, body, 10.0 * n) for n, body in enumerate(bodies)]
    return ran("12.4", posts=tuple(posts))
