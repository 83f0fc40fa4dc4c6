"""logprobs-repeated: entries that come twice."""

from __future__ import annotations

from tests.rules.logprobs_lack_tokens import WORDS, legacy, responded, scored
from tests.rules_table import Row

PATH = ("breaking choices[0].logprobs",)
ONE, TWO = ("alpha beta gamma",), ("alpha beta", " gamma")
SONG = "".join(WORDS) * 2

CASES = (
    Row("S69: those of the deltas and of the message", scored(*WORDS), scored(*WORDS, *WORDS), PATH),
    Row("each chunk was joined twice", scored(*WORDS), scored(*(w for w in WORDS for _ in range(2))), PATH),
    Row("a legacy completion", legacy(*WORDS), legacy(*WORDS, *WORDS), PATH),
    Row("a response", responded(*WORDS), responded(*WORDS, *WORDS), ("breaking output[0].content[0].logprobs",)),
    Row("a text that says it twice", scored(*ONE, *ONE, text=SONG), scored(*WORDS, *WORDS, text=SONG)),
    Row("the same in other tokens", scored(*ONE, *TWO, text=SONG), scored(*WORDS, *WORDS, text=SONG)),
    Row("other tokens", scored(*WORDS), scored(*TWO, *TWO), PATH),
    Row("the golden shows it too", scored(*WORDS, *WORDS), scored(*WORDS, *WORDS)),
    Row("an end mark more", scored(*WORDS), scored(*WORDS, "<|im_end|>")),
)
