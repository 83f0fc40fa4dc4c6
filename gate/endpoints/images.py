"""Images, made, edited and varied, and their streams: https://platform.openai.com/docs/api-reference/images"""

from __future__ import annotations

from gate.endpoints import _fields, read_whole
from gate.endpoints._typed import classify, fold_images, grammar
from gate.model import Endpoint


def _drawing(name: str, path: str, event: str) -> Endpoint:
    """Generation and edits differ by their paths and the names of their events."""
    partial, done = f"{event}.partial_image", f"{event}.completed"
    return Endpoint(
        name=name,
        path=path,
        schema="images",
        chunk_schema="typed.event",
        read=read_whole,
        method="POST",
        classify=classify,
        fold=fold_images,
        whole=grammar(done, partial, several=True),
        content=frozenset({partial}),
        ends=frozenset({done}),
        texts={"data[].revised_prompt": "prompt"},
        media=("data[].b64_json",),
        media_events=("b64_json",),
        results="data",
        fields=_fields.IMAGE,
    )


ENDPOINT = (
    _drawing("images", "images/generations", "image_generation"),
    _drawing("images.edits", "images/edits", "image_edit"),
    _drawing("images.variations", "images/variations", "image_generation"),
)
