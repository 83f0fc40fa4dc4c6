"""Step + route + earlier replies → the exact bytes of a request. Pure: the same step gives the same bytes anywhere.

Placeholders in a body: `{$reply: N}` is the assistant message of step N as it came, `{$reply: N, path: …}` a value
inside it such as `tool_calls[0].id`, `{$golden: N}` the same from the stored golden, and
`{$repeat: {text: "word ", times: 9000}}` a long text; `model: {$model: ROLE}` is the route's name for a role. A body
with `{$file: …}` in it goes out as a form.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gate import endpoints
from gate.model import MISSING, Exchange, Json, Route, Scenario, Step
from gate.observe.exchange import observe
from gate.run.request import Prepared
from gate.suite.placeholders import file_in, is_form, role_in
from gate.suite.raw_model import with_model
from gate.wire import form
from gate.wire.paths import at

# Random, made once. Another one would change every request id, which goldens and logs refer to.
_NAMESPACE = uuid.UUID("b7a0b1f6-5f0c-4a55-9d0e-5f6d1c3e8a21")

Lookup = Callable[[int], Json]
"""Step number → its reply, MISSING where there is none."""


class UnfilledError(Exception):
    """A placeholder can't be filled, so the step can't be sent; the answer before it explains why."""


def reply(exchange: Exchange | None) -> Json:
    """What a client sends back: the message of the first choice of a chat, the whole answer of other endpoints."""
    answer = observe(exchange).answer if exchange else None
    if answer is None or not isinstance(answer.final, dict):
        return MISSING
    choices = answer.final.get("choices")
    # The Responses API takes its whole answer back; a chat takes the message of one choice.
    if not isinstance(choices, list):
        return answer.final
    return at(choices, "[0].message")


def fill(value: Json, replies: Lookup, goldens: Lookup) -> Json:
    """The body with every placeholder replaced. Placeholders in what is put in are not replaced.

    A list in place of one element of a list is spliced in (the output items of a Responses answer).
    Raises UnfilledError.
    """
    if isinstance(value, list):
        return [item for element in value for item in _elements(element, replies, goldens)]
    if not isinstance(value, dict):
        return value
    # What a route sent is not filled again: a hostile reply that holds `$repeat` would make a huge request.
    if "$reply" in value:
        return _found(value, "$reply", replies)
    if "$golden" in value:
        return _found(value, "$golden", goldens)
    if "$repeat" in value:
        return str(value["$repeat"]["text"]) * int(value["$repeat"]["times"])
    if "$file" in value:
        return value
    return {key: fill(item, replies, goldens) for key, item in value.items()}


def _elements(element: Json, replies: Lookup, goldens: Lookup) -> list[Json]:
    filled = fill(element, replies, goldens)
    many = isinstance(element, dict) and isinstance(filled, list) and ("$reply" in element or "$golden" in element)
    return filled if many else [filled]


def _found(placeholder: Mapping[str, Any], name: str, lookup: Lookup) -> Json:
    number, path = placeholder[name], placeholder.get("path", "")
    whole = lookup(number)
    value = at(whole, path)
    if value is MISSING:
        whose = "the golden's" if name == "$golden" else "its"
        raise UnfilledError(f"not sent: {whose} reply to step {number} has no {path or 'message'}")
    return value


def unserved(scenario: Scenario, route: Route) -> str:
    """Why a scenario can't be sent to a route: a model role without a name there; "" where it can."""
    for step in scenario.steps:
        # A body that names its model itself (the unknown model of the suite) needs no role.
        if step.model and step.model not in route.models and not _names_model(step):
            return f"route {route.name} names no model for the role '{step.model}'"
    return ""


def _names_model(step: Step) -> bool:
    return isinstance(step.body, dict) and "model" in step.body and role_in(step.body) is None


def mapped(body: Mapping[str, Json], names: Mapping[str, str | None]) -> dict[str, Json]:
    """The body with its top-level parameters renamed in place; those that map to None are left out."""
    # where the body has the new name already, that value is kept
    renamed = {key: names.get(key, key) for key in body}
    return {new: body[key] for key, new in renamed.items() if new is not None and (new == key or new not in body)}


def content(
    step: Step, route: Route, names: Mapping[str, str | None], replies: Lookup, goldens: Lookup
) -> bytes | None:
    """The exact bytes of a step's body. Raises UnfilledError."""
    model = route.models.get(step.model or "")
    if step.raw is not None:
        return (with_model(step.raw, model) if model else step.raw).encode("utf-8", "surrogatepass")
    if step.body is None:
        return None
    body = fill(step.body, replies, goldens)
    if isinstance(body, dict):
        # the only two differences between routes: the name of the model, and renamed parameters
        body = mapped(_named(body, model) if model else body, names)
    return _form(body) if is_form(step.body) else _json(body)


def _named(body: Mapping[str, Json], model: str) -> Mapping[str, Json]:
    """The body with the model's name, where it asks for it or in front."""
    if role_in(body) is not None:
        return {**body, "model": model}
    return body if "model" in body else {"model": model, **body}


def _json(body: Json) -> bytes:
    try:
        # Compact and in UTF-8, as the official SDKs send JSON.
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate in a reply is sent as an escape, as it came
        return json.dumps(body, separators=(",", ":")).encode()
    except (RecursionError, ValueError) as error:
        raise UnfilledError("not sent: the reply can't be written as JSON") from error


def _form(body: Mapping[str, Json]) -> bytes:
    try:
        return form.written(part for name, value in body.items() for part in _parts(name, value))
    except ValueError as error:  # of a reply that is sent back
        raise UnfilledError("not sent: the reply can't be written into a form") from error


def _parts(name: str, value: Json) -> Iterator[form.Part]:
    if isinstance(value, list):
        for item in value:
            yield from _parts(f"{name}[]", item)
    elif file := file_in(value):
        yield name, file[0], base64.b64decode(file[1])
    else:
        yield from form.fields(name, value)


def request_id(run_id: str, scenario: str, step: int, sample: int) -> str:
    """The x-request-id, the same for golden and candidate, so that the logs of both routes can be compared."""
    return str(uuid.uuid5(_NAMESPACE, f"{run_id}/{scenario}/{step}/{sample}"))


def prepared(scenario: Scenario, number: int, sample: int, body: bytes | None, run_id: str) -> Prepared:
    """One step, ready to send as its first attempt."""
    step = scenario.steps[number]
    return Prepared(
        method=step.method,
        path=endpoints.endpoint(step.endpoint).path if step.path is None else step.path,
        body=body,
        headers={"content-type": form.CONTENT_TYPE, **step.headers} if is_form(step.body) else step.headers,
        key=step.key,
        request_id=request_id(run_id, scenario.id, number, sample),
        scenario=scenario.id,
        step=number,
        sample=sample,
        cancel_after_chunks=step.cancel_after_chunks,
        give_up_after=step.give_up_after,
    )
