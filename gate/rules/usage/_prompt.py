"""The tokens of the same prompt on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Json, Pair
from gate.observe.answer import grammar
from gate.observe.request import FOR_CLIENT, asked, offers_only, words
from gate.observe.usage import PROMPT, tokens, usage
from gate.rules.usage._usage import CACHED, DETAILS, golden_counts

# Tokenizers: the row of Chinese text is 1.7 apart, the rows of English 1.25; half a prompt is gone at 2.
_FACTOR = 2
# Chat templates and the preambles of tools differ by hundreds of tokens: of 987 recorded pairs of one prompt 162 are
# more than twice apart, and five of them by more than this. Anthropic's preamble is 346 for one tool,
# https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview#pricing
_LEAST = 1000
# Without a template or tools (embeddings, completions) only the tokenizers differ; 512, the window of many embedding
# models, is then seen in a text of 1,025 tokens. The rows have 199 and 205.
_LEAST_BARE = 200


def far(pair: Pair, fewer: int, more: int) -> bool:
    """Whether two counts of one prompt are further apart than tokenizers and templates are."""
    # a conversation has a template: that of chat, and that of a response
    bare = not asked(pair.candidate, "messages") and not grammar(pair.candidate).answer_at
    least = _LEAST_BARE if bare else _LEAST
    return more > _FACTOR * fewer and more - fewer >= least


def cut(pair: Pair, count: int, usual: int) -> bool:
    """Whether a prompt counts far fewer tokens than it has words: 1.25 for a word are the fewest recorded."""
    # the server may drop turns where it is asked to: https://platform.openai.com/docs/api-reference/responses/create
    if asked(pair.candidate, "truncation") == "auto":
        return False
    return _FACTOR * (count + max(_cached(pair), default=0)) < min(usual, words(pair.candidate))


def prompts(comparison: Comparison) -> Iterator[tuple[Pair, list[int], int]]:
    """(pair, the golden's counts, the candidate's) of each request whose prompt is text alone."""
    for pair in comparison.answers:
        count = tokens(usage(pair.candidate), *PROMPT)
        usual = [number for counts in golden_counts(pair) if (number := tokens(counts, *PROMPT))]
        # what tools of the provider find goes into the prompt, and images and sound count as they like
        if count is not None and usual and offers_only(pair.candidate, FOR_CLIENT) and _is_text(pair):
            # a count without its cached part is usage-prompt-differs'
            # a part of the prompt, or beside it: where it is larger than what is counted, it can only be beside it
            beside = [number for number in _cached(pair) if number > count] if count < min(usual) else []
            # no prompt has 0 tokens: such a count says nothing of its length, and is usage-incomplete's
            if total := count + max(beside, default=0):
                yield pair, usual, total


def _cached(pair: Pair) -> list[int]:
    counts = usage(pair.candidate) or {}
    places = (*(counts.get(key) for key in DETAILS), counts)
    known = [tokens(place, "cached_tokens", *CACHED) for place in places if isinstance(place, dict)]
    return [number for number in known if number]


# https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages, and /responses/create; `video_url` is
# vLLM's: https://docs.vllm.ai/en/latest/features/multimodal_inputs.html
_MEDIA = frozenset({"image_url", "input_image", "input_audio", "file", "input_file", "video_url"})


def _is_text(pair: Pair) -> bool:
    turns = [*members(pair.candidate.request, "messages"), *members(pair.candidate.request, "input")]
    parts = [part for turn in turns for part in members(turn, "content")]
    # earlier turns and prompts that the server holds are not in the request:
    # https://platform.openai.com/docs/guides/conversation-state, /docs/api-reference/responses/create
    elsewhere = any(asked(pair.candidate, key) for key in ("previous_response_id", "conversation"))
    elsewhere = elsewhere or isinstance(asked(pair.candidate, "prompt"), dict)
    return not elsewhere and not any(_kind(part) in _MEDIA for part in (*parts, *turns))


def _kind(part: Json) -> Json:
    kind = member(part, "type")
    return kind if isinstance(kind, str) else None
