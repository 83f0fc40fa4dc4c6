"""Entries whose examples are the rows of the rule that answers them: `TL27: …`, and `TL27, benign twin: …`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from gate.model import Severity
from tests.catalogue import Case, breaking, risky, tolerable, twin
from tests.rules_table import Row

_RULES = {
    "TL27": "tool_delta_blank", "TL28": "tool_delta_bare", "TL29": "tool_arguments_null", "TL30": "tool_name_late",
    "TL31": "tool_calls_empty", "TL32": "tool_demands", "TL33": "tool_call_repeated", "TL34": "tool_id_reused",
    "TL35": "custom_tool_as_function", "TL36": "tool_id_repeated", "RS17": "response_usage_details", "RS18": "response_field_lost",
    "RS19": "reasoning_not_encrypted", "RS20": "hosted_call_missing", "RS21": "citations_lost",
    "RS22": "terminal_event_differs", "RS23": "state_not_kept", "RS24": "parameter_not_echoed",
    "RS25": "event_type_added", "RS26": "field_missing", "US13": "usage_part_exceeds", "US14": "usage_impossible",
    "US15": "usage_prompt_cut", "US16": "usage_prompt_padded", "S41": "key_twice", "S42": "delta_and_message",
    "S43": "field_type_changed", "S44": "field_missing", "S45": "filter_results_lost", "RS27": "hosted_call_failed", "T45": "sse_line_long", "ER31": "stream_error_code_changed",
    "ER32": "stream_error_reason_lost", "ER33": "stream_error_lost", "RS28": "include_ignored", "S64": "transcript_times_broken",
    "PA42": "echo_unasked", "S65": "entry_repeated", "S66": "moderation_scores_impossible", "S67": "values", "RS29": "values",
    "ER34": "retry_advice_changed", "ER35": "error_member_empty", "ER37": "overflow_words_lost", "RS30": "citation_places_broken", "RS31": "approval_skipped", "S71": "image_address_broken",
    "S72": "rerank", "S73": "rerank", "S74": "rerank",
}  # fmt: skip
_WEIGHTS = {Severity.BREAKING: breaking, Severity.RISKY: risky, Severity.INFO: tolerable}


def _cases() -> Iterator[Case]:
    for drift, name in _RULES.items():
        rows: tuple[Row, ...] = importlib.import_module(f"tests.rules.{name}").CASES
        for row in rows:
            if row.why.startswith(f"{drift}:"):
                weight = max(Severity[finding.split()[0].upper()] for finding in row.fires)
                yield _WEIGHTS[weight](drift, row.why, row.golden, row.candidate)
            elif row.why.startswith(f"{drift}, benign twin"):
                yield twin(drift, row.why, row.golden, row.candidate)


CASES = tuple(_cases())
