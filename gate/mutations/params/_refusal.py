"""A route that refuses a parameter which the golden's route took."""

from __future__ import annotations

from collections.abc import Callable

from gate.model import Exchange
from gate.mutations import Operator
from gate.mutations._edit import asked, replied, served


def refusing(fits: Callable[[Exchange], bool], parameter: str, message: str, status: int = 400) -> Operator:
    """The operator that answers a served request with an OpenAI error about one parameter."""
    body = {
        "error": {
            "message": message,
            "type": "invalid_request_error" if status < 500 else "server_error",
            "param": parameter,
            "code": "unsupported_parameter" if status < 500 else None,
        }
    }

    def apply(exchange: Exchange) -> Exchange | None:
        return replied(exchange, status, body) if served(exchange) and fits(exchange) else None

    return apply


def sends(*parameters: str) -> Callable[[Exchange], bool]:
    """Whether a request has one of the parameters."""
    return lambda exchange: any(asked(exchange, parameter) is not None for parameter in parameters)
