"""tool-call-in-text: markup of chat templates, and JSON of calls, in the content."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, ASK_TOOL, ROLE, Row, call, chunk, completion, plain, stream

AUTO = {**ASK_TOOL, "tool_choice": "auto"}
CALLED = plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls"), ASK_TOOL)
FIRES = ("breaking choices[0].message.content",)


def said(text: str, request: object = ASK_TOOL, **message: object) -> Exchange:
    return plain(completion({"content": text, **message}), request)  # type: ignore[arg-type]


CASES = (
    Row(
        "TL18: Hermes markup (waybarrios/vllm-mlx 107)",
        CALLED,
        said('<tool_call>{"name": "get_weather", "arguments": {}}</tool_call>'),
        FIRES,
    ),
    Row("TL18: Mistral's", CALLED, said('[TOOL_CALLS][{"name": "get_weather"}]'), FIRES),
    Row("TL18: Llama's", CALLED, said("<|python_tag|>get_weather.call(city='Paris')"), FIRES),
    Row("TL18: Groq's (groq-chat-j-c63cb0530a)", CALLED, said('<function=get_weather>{"city": "Paris"}'), FIRES),
    Row("TL18: DeepSeek's", CALLED, said("<｜tool▁calls▁begin｜>function"), FIRES),
    Row(
        "TL18: fenced JSON of a call",
        CALLED,
        said('```json\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n```'),
        FIRES,
    ),
    Row("TL18: a call as Python writes it", CALLED, said("[get_weather(city='Paris')]"), FIRES),
    Row(
        "TL18: in a stream, where the golden answers in words",
        stream(ROLE, chunk({"content": "Paris?"}), chunk({}, "stop"), request=AUTO),
        stream(ROLE, chunk({"content": "<tool_"}), chunk({"content": "call>"}), chunk({}, "stop"), request=AUTO),
        FIRES,
    ),
    Row(
        "TL18: a remainder beside a call that was parsed",
        CALLED,
        plain(completion({"content": "</tool_call>", "tool_calls": [call()]}, "tool_calls"), ASK_TOOL),
        ("risky choices[0].message.content",),
    ),
    Row(
        "TL18, benign twin: prose that mentions a tool's name",
        said("Sunny.", AUTO),
        said("I could call get_weather(city), but I know: sunny.", AUTO),
    ),
    Row(
        "TL18, benign twin: JSON with a name that is not a tool's",
        said("Sunny.", AUTO),
        said('An entry: {"name": "Paris", "arguments": []}.', AUTO),
    ),
    Row("the arguments alone, without a name", CALLED, said('{"city": "Paris"}', AUTO), FIRES),
    Row("JSON that no tool takes", CALLED, said('{"city": "Paris", "celsius": 12}', AUTO)),
    Row("JSON without what the tool needs", CALLED, said("{}", AUTO)),
    Row(
        "JSON that was asked for",
        CALLED,
        said('{"city": "Paris"}', {**AUTO, "response_format": {"type": "json_object"}}),
    ),
    Row("JSON where the golden calls nothing", said("Sunny.", AUTO), said('{"city": "Paris"}', AUTO)),
    Row(
        "the arguments beside their call (youssofal/MTPLX 249)",
        CALLED,
        plain(completion({"content": 'Paris {"city": "Paris"}', "tool_calls": [call()]}, "tool_calls"), ASK_TOOL),
        ("risky choices[0].message.content",),
    ),
    Row(
        "a sentence says what is called",
        CALLED,
        plain(completion({"content": 'I ask for {"city": "Paris"}.', "tool_calls": [call()]}, "tool_calls"), ASK_TOOL),
    ),
    Row(
        "other JSON beside a call",
        CALLED,
        plain(completion({"content": 'I know {"city": "Rome"}.', "tool_calls": [call()]}, "tool_calls"), ASK_TOOL),
    ),
    Row(
        "empty arguments beside a call are anything",
        CALLED,
        plain(completion({"content": "f() {}", "tool_calls": [call("{}")]}, "tool_calls"), ASK_TOOL),
        (),
        ("breaking tool-arguments-against-schema choices[0].message.tool_calls[0].function.arguments.city",),
    ),
    Row("a program in tags", CALLED, said("<execute>get_weather(city='Paris')</execute>", AUTO), FIRES),
    Row("the golden writes markup too", said("<tool_call>", AUTO), said("<tool_call>{}", AUTO)),
    Row("a text about markup, without tools in the request", said("Hi", ASK), said("Write <tool_call> tags.", ASK)),
    Row("TL18: DeepSeek 3.2's", CALLED, said('<｜DSML｜function_calls><｜DSML｜invoke name="get_weather">'), FIRES),
    Row(
        "TL18, benign twin: JSON that names no tool of the request",
        said("Sunny.", AUTO),
        said('Send {"name": "turn_left", "arguments": {}} to the robot.', AUTO),
    ),
    *(
        Row(f"TL18: {name}'s own words", CALLED, said(text), FIRES)
        for name, text in (
            ("Anthropic", '<invoke name="weather">'),
            ("GLM", "get_weather <arg_key>city</arg_key>"),
            ("gpt-oss", "commentary to=functions.get_weather json"),
            ("InternLM", "<|action_start|><|plugin|>"),
            ("Phi", "functools[get_weather]"),
            ("Gemma", "```tool_code\nprint(1)\n```"),
            ("ReAct", "Thought: I need it.\nAction: get_weather\nAction Input: Paris"),
        )
    ),
)
