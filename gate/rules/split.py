"""Ids of rules that were split, and the rules that tell their drifts now.

A tolerance goes by id, so that one for a rule of many drifts would excuse what its reason does not speak of. Such an
entry in a policy is an error that names the successors.
"""

from __future__ import annotations

from collections.abc import Mapping

SPLIT: Mapping[str, tuple[str, ...]] = {
    "retry-after-missing": ("retry-after-absent", "retry-after-unreadable", "retry-after-hours"),
    "status-changed": (
        "success-lost",
        "success-status-changed",
        "status-transient",
        "client-error-changed",
        "client-error-as-server-error",
        "server-error-changed",
        "key-not-checked",
        "rejection-lost",
        "filter-rejection-lost",
        "error-moved-into-stream",
    ),
    "stream-text-damaged": (
        "deltas-cumulative",
        "deltas-repeated",
        "stream-restarted",
        "numbers-lost",
        "numbers-disordered",
    ),
    "tool-call-missing": (
        "tool-choice-ignored",
        "tool-choice-other",
        "tool-call-announced",
        "tool-call-form-changed",
        "tool-calls-in-object",
    ),
    "tool-name-changed": (
        "tool-name-missing",
        "tool-name-altered",
        "tool-name-invented",
        "tool-name-repeated",
        "tool-name-split",
        "tool-call-unasked",
    ),
    "value-not-allowed": (
        "created-not-seconds",
        "object-wrong",
        "role-wrong",
        "service-tier-unknown",
        "value-unknown",
        "value-empty",
        "list-empty",
    ),
}
