"""The first gate.yaml, which `gate init` writes. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence


def starter(
    base_url: str = "https://api.openai.com/v1",
    api_key_env: str | None = "OPENAI_API_KEY",
    chat: str = "gpt-4o-mini",
    embedding: str | None = "text-embedding-3-small",
    suite: str = "standard",
    depends_on: Sequence[str] = (),
    *,
    header: str = "",
    api_version: str = "",
) -> str:
    """A commented gate.yaml for `gate init`; `embedding=None` leaves that role out, `api_key_env=None` the key.

    `suite` names sets and scenarios, with commas; `depends_on` has paths that code was seen to read; `header` is what
    carries the key where that is not Authorization; `api_version` goes into the query.
    """
    roles = {"chat": chat} | ({"embedding": embedding} if embedding else {})
    models = "{" + ", ".join(f"{role}: {json.dumps(model)}" for role, model in roles.items()) + "}"
    quoted = {"base_url": json.dumps(base_url), "models": models, "suite": suite}
    quoted["access"] = _access(api_key_env, header, api_version)
    paths = "".join(f"  - {path}\n" for path in depends_on)
    quoted["depends_on"] = f"depends_on:              # as `gate scan` found them\n{paths}" if paths else _READS
    return _STARTER.format_map(quoted)


def _access(api_key_env: str | None, header: str, api_version: str) -> str:
    if not api_key_env:
        return "    auth: none             # or api_key_env: NAME, the name of a variable that holds a key"
    lines = [f"    api_key_env: {api_key_env}    # the name of a variable, never a key"]
    lines += [f"    auth: {{header: {header}}}"] if header else []
    lines += [f"    query: {{api-version: {json.dumps(api_version)}}}"] if api_version else []
    return "\n".join(lines)


_READS = """\
# depends_on:
#   - choices[].message.content
#   - usage.total_tokens
"""

_STARTER = """\
# What `gate record` and `gate check` do; every key is described in docs/config.md of swapgate.
version: 1
golden: golden/            # recorded from the baseline and committed
suite: [{suite}]   # minimal (5 calls), standard or full; and files or folders of your own

routes:
  baseline:                # what you use today
    base_url: {base_url}
{access}
    models: {models}
  candidate:               # what you want to use; set these variables in CI, or pass --base-url
    base_url: ${{CANDIDATE_BASE_URL}}
    api_key_env: CANDIDATE_API_KEY
    models: {models}
    # auth: {{header: api-key}}                       # bearer is the default; also {{query: NAME}} or none
    # map: {{max_tokens: max_completion_tokens}}      # only where the route names a parameter otherwise

samples: {{record: 3, check: 1, confirm: 2}}   # confirm: run again what drifted

# Paths that your code reads: drift there is always breaking.
{depends_on}
policy:
  fail_on: breaking        # or risky, or never
  # tolerate:
  #   - rule: usage-chunk-missing
  #     scenario: chat-stream-usage
  #     reason: billing reads the gateway's ledger
  #     until: 2027-03-01  # after this day it is enforced again
"""
