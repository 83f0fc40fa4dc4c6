"""Without max_tokens the candidate stops at a default of its own (PA16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices
from gate.observe.usage import NEAR, limit, written
from gate.rules.params._limits import CUT, ended_by_limit, finishes

# The defaults that gateways and engines are known to put in; a number outside is length-without-limit's.
DEFAULTS = frozenset({
    16,  # https://platform.openai.com/docs/api-reference/completions/create#completions-create-max_tokens, and PA16
    20,  # `max_length` of https://huggingface.co/docs/transformers/main_classes/text_generation
    100,  # https://huggingface.co/docs/huggingface_hub/package_reference/inference_client (chat_completion)
    128,  # https://reference.langchain.com/python/langchain-ollama/chat_models/ChatOllama/num_predict
    200,  # GPT4All's: https://github.com/simonw/llm-gpt4all/issues/3
    256,  # https://reference.langchain.com/python/langchain-openai/llms/base/BaseOpenAI/max_tokens
    512,  # https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/SERVER.md
    1024,  # PA16
    2048, 4000,  # Koog's for Anthropic and for Bedrock: https://api.koog.ai
    4096,  # Theia's for Anthropic: https://eclipse-theia.github.io/theia/docs/next/
    # Round as people choose a limit, and seldom by accident: of 176 recorded answers of SURE tokens and more that ended
    # by themselves, without any limit, one has a number of this list (256), and none has one of these.
    500, 1000, 2000, 8000, 8192,
})  # fmt: skip
# Without finish `length`, a short answer may end at such a number by itself. Outside: the row of 16 tokens against 18;
# inside: PA16's 1,024 against 1,364. Of 833 recorded answers that ended by themselves, without any limit, one of the
# 163 with so many has such a number, of the others ten.
SURE = 256


def check(comparison: Comparison) -> Iterator[Drift]:
    """Exactly such a number of tokens, where every golden sample ends by itself, and later."""
    for pair in comparison.pairs:
        if stops_at_default(comparison.golden, pair.candidate):
            tokens = written(pair.candidate)
            lengths = sorted({length for golden in comparison.golden if (length := written(golden))})
            yield pair.drift(
                path=choices(pair.candidate)[0].finish_path,
                message=f"the answer stops after exactly {tokens} tokens, though the request sets no limit",
                golden=f"{lengths[0]} to {lengths[-1]} tokens" if lengths else "ended by itself",
                candidate=f"{tokens} tokens",
            )


def stops_at_default(golden: Samples, candidate: Observation) -> bool:
    """Whether the answer ends at a default limit that the golden route does not have."""
    answers = [sample for sample in golden if answered(sample)]
    tokens = written(candidate)
    if not answers or not answered(candidate) or limit(candidate) is not None or tokens not in DEFAULTS:
        return False
    # a golden answer without usage counts as 0 tokens, and then only finish can tell
    shortest = min(written(sample) or 0 for sample in answers)
    # where the golden route has a limit of its own, only a lower one is a drift
    if any(word in CUT for sample in answers for word in finishes(sample)):
        # a lowered default is a fraction of the other, whose count may be more than a float holds
        return all(map(ended_by_limit, (candidate, *answers))) and tokens / NEAR < shortest
    return ended_by_limit(candidate) or SURE <= tokens < shortest


RULE = Rule(
    id="default-limit-lowered",
    area="params",
    severity=Severity.BREAKING,
    summary="an answer without max_tokens is cut at the route's own default",
    who_breaks="long answers end mid-sentence, and only those",
    hint="set the token limit that the route honours in every request, or raise the gateway's default",
    check=check,
)
