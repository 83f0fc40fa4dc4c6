"""Asks for the weather with a tool, as many applications do: it trusts every field that it reads.

`--careful` is the same one after a look at the report of `gate prove --app`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import openai

QUESTION = "What is the weather in Rome right now, in celsius?"
TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The current weather in one city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "the city, such as Paris"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
START: list[Any] = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "<tool_call>\n"}]


class Unanswered(Exception):
    """What came is no answer."""


def trusting(client: openai.OpenAI) -> None:
    """As written on the first day: a dropped connection begins the conversation anew."""
    try:
        asked(client)
    except openai.APIConnectionError:
        asked(client)


def asked(client: openai.OpenAI) -> None:
    """One conversation."""
    first = client.chat.completions.create(
        model="m", messages=START, tools=[TOOL], tool_choice="required", stop=["</tool_call>"]
    )
    call: Any = first.choices[0].message.tool_calls[0]  # type: ignore[index]
    result = weather(**json.loads(call.function.arguments))
    messages: list[Any] = [*START[:1], first.choices[0].message, told(call.id, result)]
    second = client.chat.completions.create(model="m", messages=messages, tools=[TOOL])
    print(second.choices[0].message.content)
    print(first.usage.total_tokens + second.usage.total_tokens > 0 and "counted")  # type: ignore[union-attr]


def careful(client: openai.OpenAI) -> None:
    """Every field is looked at before it is used, and what is missing is said."""
    try:
        first = client.chat.completions.create(
            model="m", messages=START, tools=[TOOL], tool_choice="required", stop=["</tool_call>"]
        )
        call = called(first)
        messages: list[Any] = [*START[:1], first.choices[0].message, told(call.id, weather(**arguments(call)))]
        second = client.chat.completions.create(model="m", messages=messages, tools=[TOOL])
        print(text(second))
    except (openai.OpenAIError, ValueError, Unanswered) as error:  # ValueError: the SDK does not wrap what is no JSON
        sys.exit(f"no answer: {error}")
    used = [answer.usage for answer in (first, second)]
    print("counted" if all(usage and usage.total_tokens for usage in used) else "not counted")


def called(answer: Any) -> Any:
    """The one call; Unanswered where there is none that can be run."""
    choices = getattr(answer, "choices", None) or []
    calls = (choices and choices[0].message and choices[0].message.tool_calls) or []
    if not calls or not calls[0].id or calls[0].function.name != "get_weather":
        raise Unanswered("the tool is not called")
    return calls[0]


def arguments(call: Any) -> dict[str, Any]:
    """The call's arguments; Unanswered where they are none of this tool."""
    try:
        given = json.loads(call.function.arguments)
    except (TypeError, ValueError):
        raise Unanswered("the arguments are no JSON") from None
    if not isinstance(given, dict) or not isinstance(given.get("city"), str):
        raise Unanswered("the arguments name no city")
    return {"city": given["city"]}


def text(answer: Any) -> str:
    """What was answered; Unanswered where there is nothing."""
    choices = getattr(answer, "choices", None) or []
    said = choices[0].message.content if choices and choices[0].message else None
    if not isinstance(said, str) or not said.strip():
        raise Unanswered("the answer is empty")
    return said


def weather(city: str) -> dict[str, float]:
    """The tool."""
    return {"celsius": 12.4} if city else {}


def told(call_id: str, result: object) -> Any:
    """The result of the tool as a message."""
    return {"role": "tool", "tool_call_id": call_id, "content": json.dumps(result)}


if __name__ == "__main__":
    with openai.OpenAI(timeout=1) as made:
        (careful if "--careful" in sys.argv else trusting)(made)
