"""request-stream-changed: whether a stream or its usage is asked for is overwritten."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK

OFF, ON = {"include_usage": False}, {"include_usage": True}

CASES = (
    changed(
        "RQ10: an explicit false is overwritten (headroomlabs-ai/headroom 2026)",
        sent(stream_options=OFF),
        sent(stream_options=ON),
        "risky stream_options.include_usage",
    ),
    changed(
        "RQ10: usage is asked for (envoyproxy/ai-gateway 936)", ASK, sent(stream_options=ON), "risky stream_options"
    ),
    changed("RQ10: a stream is asked for as one answer", sent(stream=True), sent(stream=False), "risky stream"),
    changed("RQ10: and the reverse", ASK, sent(stream=True), "risky stream"),
    changed("RQ10: the options are lost", sent(stream_options=ON), ASK, "risky stream_options"),
    changed("RQ10, benign twin: absent and false are the same", ASK, sent(stream=False)),
    changed(
        "RQ10, benign twin: the options stay",
        sent(stream=True, stream_options=ON),
        sent(stream=True, stream_options=ON),
    ),
    upgraded("the old gateway did the same", ASK, sent(stream_options=ON), sent(stream_options=ON)),
)
