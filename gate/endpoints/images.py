"""Image generation: https://platform.openai.com/docs/api-reference/images, and its stream under images-streaming"""

from __future__ import annotations

from gate.endpoints import _fields, read_whole
from gate.endpoints._typed import classify, fold_images, grammar
from gate.model import Endpoint

_PARTIAL, _DONE = "image_generation.partial_image", "image_generation.completed"

ENDPOINT = Endpoint(
    name="images",
    path="images/generations",
    schema="images",
    read=read_whole,
    method="POST",
    classify=classify,
    fold=fold_images,
    whole=grammar(_DONE, _PARTIAL, several=True),
    content=frozenset({_PARTIAL}),
    ends=frozenset({_DONE}),
    texts={"data[].revised_prompt": "prompt"},
    media=("data[].b64_json",),
    media_events=("b64_json",),
    results="data",
    fields=_fields.IMAGE,
)
