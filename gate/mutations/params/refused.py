"""Requests that the golden's route took and this one refuses for one parameter, with OpenAI's error about it."""

from __future__ import annotations

from collections.abc import Callable

from gate.endpoints import member, members
from gate.model import Exchange, Severity
from gate.mutations import Operator, Row
from gate.mutations.facts import asked, seen, served
from gate.mutations.harmless import again
from gate.mutations.replies import replied
from gate.mutations.vectors import inputs, nearly_equal
from gate.observe.refusal import root
from gate.observe.request import mistaken


def refusing(fits: Callable[[Exchange], bool], parameter: str, message: str, status: int = 400) -> Operator:
    """The operator that answers a served request with an OpenAI error about one parameter."""
    error = {
        "message": message,
        "type": "invalid_request_error" if status < 500 else "server_error",
        "param": parameter,
        # PA01's code; EM08's 500 says nothing of the parameter
        "code": "unsupported_parameter" if status < 500 else None,
    }

    def apply(exchange: Exchange) -> Exchange | None:
        # a route that took a value that is wrong by the reference (error-wrong-type) owes nobody the same
        right = served(exchange) and mistaken(seen(exchange)) != root(parameter)
        return replied(exchange, status, {"error": error}) if right and fits(exchange) else None

    return apply


def sends(*parameters: str) -> Callable[[Exchange], bool]:
    """Whether a request has one of the parameters."""
    return lambda exchange: any(asked(exchange, parameter) is not None for parameter in parameters)


def sends_batch(exchange: Exchange) -> bool:
    """Whether a request has several texts to embed."""
    return len(inputs(exchange)) > 1


def sends_developer(exchange: Exchange) -> bool:
    """Whether a request has a message of the role developer."""
    messages = asked(exchange, "messages")
    return isinstance(messages, list) and any(member(message, "role") == "developer" for message in messages)


def sends_system(exchange: Exchange) -> bool:
    """Whether a request has a message of the role system beside others."""
    messages = asked(exchange, "messages")
    return isinstance(messages, list) and {"system", "user"} <= {str(member(message, "role")) for message in messages}


def sends_named_tool(exchange: Exchange) -> bool:
    """Whether a tool's name has more than letters."""
    tools = asked(exchange, "tools")
    names = [member(member(tool, "function"), "name") for tool in tools] if isinstance(tools, list) else []
    return any(isinstance(name, str) and not name.isalpha() for name in names)


def sends_calls(exchange: Exchange) -> bool:
    """Whether a request repeats tool calls of the model."""
    messages = asked(exchange, "messages")
    return isinstance(messages, list) and any(members(message, "tool_calls") for message in messages)


MUTATIONS = (
    # New models want max_completion_tokens: every client that sends max_tokens fails.
    Row(
        id="max-tokens-refused",
        drifts=("PA01",),
        severity=Severity.BREAKING,
        summary="max_tokens is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends("max_tokens"),
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
        ),
        twin=again,
        exercised_by=("chat",),
    ),
    # Reasoning models take no temperature but 1.
    Row(
        id="temperature-refused",
        drifts=("PA04",),
        severity=Severity.BREAKING,
        summary="temperature is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends("temperature"), "temperature", "Unsupported value: only the default (1) value is supported."
        ),
        twin=again,
        exercised_by=("chat",),
    ),
    # The route takes fewer stop sequences than the golden's, or none.
    Row(
        id="stop-refused",
        drifts=("PA14",),
        severity=Severity.RISKY,
        summary="stop is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("stop"), "stop", "'$.stop' is invalid. Please check the API reference."),
        twin=again,
        exercised_by=("stop",),
    ),
    # logprobs and top_logprobs are coupled differently, or not there at all.
    Row(
        id="logprobs-refused",
        drifts=("PA21", "S21"),
        severity=Severity.RISKY,
        summary="logprobs are refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("logprobs", "top_logprobs"), "top_logprobs", "Invalid top_logprobs and logprobs value"),
        twin=again,
        exercised_by=("logprobs",),
    ),
    # Strict backends know no stream_options: SDKs that always send it fail on every stream.
    Row(
        id="stream-options-refused",
        drifts=("PA03",),
        severity=Severity.BREAKING,
        summary="stream_options is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("stream_options"), "stream_options", "stream_options: Extra inputs are not permitted"),
        twin=again,
        exercised_by=("chat-stream-usage", "param-stream-options"),
    ),
    # The backend knows system, user, assistant and tool: agents that send `developer` fail every time.
    Row(
        id="developer-role-refused",
        drifts=("PA06",),
        severity=Severity.BREAKING,
        summary="the role developer is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends_developer, "messages[0].role", "developer is not one of ['system','assistant','user','tool']"
        ),
        twin=again,
        exercised_by=("history-developer",),
    ),
    # The route knows no structured output.
    Row(
        id="response-format-refused",
        drifts=("SO02",),
        severity=Severity.BREAKING,
        summary="response_format is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("response_format"), "response_format", "This response_format type is unavailable now"),
        twin=again,
        exercised_by=("json-schema", "json-object"),
    ),
    # The route takes some forms of tool_choice: the first request of an agent's session fails.
    Row(
        id="tool-choice-refused",
        drifts=("TL20",),
        severity=Severity.BREAKING,
        summary="tool_choice is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("tool_choice"), "tool_choice", "Invalid tool_choice type"),
        twin=again,
        exercised_by=("tool-forced", "tool-named", "responses-tool"),
    ),
    # A narrower dialect of JSON Schema: one unknown keyword, and every turn with tools fails.
    Row(
        id="tool-schema-refused",
        drifts=("TL24",),
        severity=Severity.BREAKING,
        summary="the schema of a tool is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("tools"), "tools[0]", "Unknown name 'additionalProperties' at 'tools[0].function'"),
        twin=again,
        exercised_by=("tool-forced", "tool-choose"),
    ),
    # The model behind the route does not know the flag: a fallback fails when it is needed.
    Row(
        id="parallel-tool-calls-refused",
        drifts=("PA05",),
        severity=Severity.BREAKING,
        summary="parallel_tool_calls is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends("parallel_tool_calls"), "parallel_tool_calls", "Unsupported parameter: 'parallel_tool_calls'"
        ),
        twin=again,
        exercised_by=("tool-parallel-off", "param-parallel-tool-calls"),
    ),
    # The route refuses the turn that it wrote itself: every tool loop dies on its second step.
    Row(
        id="turn-refused",
        drifts=("TL22", "PA08", "PA09", "PA10", "PA11", "PA18", "PA19"),
        severity=Severity.BREAKING,
        summary="the turn after a tool call is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends_calls, "messages[1]", "invalid message content type: <nil>"),
        twin=again,
        exercised_by=("tool-roundtrip", "tool-roundtrip-golden"),
    ),
    # The embedding model knows no dimensions: pipelines that always send it fail.
    Row(
        id="dimensions-refused",
        drifts=("EM04",),
        severity=Severity.BREAKING,
        summary="dimensions is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends("dimensions"), "dimensions", "This model does not support specifying dimensions."),
        twin=nearly_equal,
        exercised_by=("embed-dimensions",),
    ),
    # encoding_format is on no list of the gateway: all default calls of the SDKs fail.
    Row(
        id="encoding-format-refused",
        drifts=("EM05",),
        severity=Severity.BREAKING,
        summary="encoding_format is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends("encoding_format"), "encoding_format", "Setting 'encoding_format' is not supported by ollama"
        ),
        twin=nearly_equal,
        exercised_by=("embed", "embed-base64"),
    ),
    # A smaller batch limit: indexing fails, single texts pass.
    Row(
        id="batch-refused",
        drifts=("EM07", "EM09"),
        severity=Severity.BREAKING,
        summary="a batch of texts is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends_batch, "input", "batch size is invalid"),
        twin=nearly_equal,
        exercised_by=("embed-batch", "embed-sizes"),
    ),
    # A local backend fails on more than a few texts at once.
    Row(
        id="batch-crashes",
        drifts=("EM08",),
        severity=Severity.RISKY,
        summary="a batch of texts gets a 500",
        caught_by=("success-lost",),
        apply=refusing(sends_batch, "input", "llama_decode returned -1", 500),
        twin=nearly_equal,
        exercised_by=("embed-batch", "embed-sizes"),
    ),
    # The chat template of the model behind the route knows no system message, or raises for two turns of one role.
    Row(
        id="system-message-refused",
        drifts=("PA07",),
        severity=Severity.BREAKING,
        summary="the order of messages is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends_system, "messages", "Conversation roles must alternate user/assistant/user/assistant/..."),
        twin=again,
        exercised_by=("history",),
    ),
    # The parser of the route refuses names that its protocol does not have.
    Row(
        id="parameter-unknown",
        drifts=("PA17",),
        severity=Severity.RISKY,
        summary="an unknown parameter is refused",
        caught_by=("request-rejected",),
        apply=refusing(
            sends("logit_bias", "seed"), "seed", 'Invalid JSON payload: Unknown name "seed": Cannot find field.'
        ),
        twin=again,
        exercised_by=("param-seed", "param-logit-bias"),
    ),
    # OpenAI takes underscores and dashes in names of functions, and others fewer characters.
    Row(
        id="tool-name-refused",
        drifts=("PA20",),
        severity=Severity.RISKY,
        summary="the name of a tool is refused",
        caught_by=("request-rejected",),
        apply=refusing(sends_named_tool, "tools[0].function.name", "Invalid function name"),
        twin=again,
        exercised_by=("tool-forced", "tool-choose"),
    ),
)
