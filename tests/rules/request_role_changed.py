"""request-role-changed: a message has another role upstream."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded


def said(role: object) -> dict[str, object]:
    return sent(messages=[{"role": role, "content": "Be brief."}])


CASES = (
    changed("RQ08: LiteLLM sends system for developer", said("developer"), said("system"), "risky messages[0].role"),
    changed("RQ08: and the reverse", said("system"), said("developer"), "risky messages[0].role"),
    changed("RQ08: a system message of the user", said("system"), said("user"), "breaking messages[0].role"),
    changed("a role that has no hash", said("system"), said(["user"]), "breaking messages[0].role"),
    changed("RQ08, benign twin: the role stays", said("developer"), said("developer")),
    upgraded("the old gateway did the same", said("developer"), said("system"), said("system")),
)
