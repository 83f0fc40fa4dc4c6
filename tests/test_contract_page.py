"""What a pull request says of changed contracts: tables that fit, whatever a remote calls its fields."""

from __future__ import annotations

import pytest

from gate.contract.difference import NEW, Change
from gate.reports.words.contract_page import page
from tests.report_samples import NASTY
from tests.test_markdown import acts

USAGE = Change("usage", "in the body", "none")
FIELD = Change("`choices[].x`", "-", "null|string, always")


def test_what_scenarios_share_is_one_table() -> None:
    assert (
        page({"chat": [USAGE, FIELD], "embed": [USAGE]}, 5, "golden")
        == """\
## The contract changes in 2 of 5 scenarios

<details open><summary>chat, embed: 1 change</summary>

| | golden | recorded now |
|---|---|---|
| `usage` | `in the body` | `none` |

To leave them: `git checkout origin/HEAD -- golden/chat golden/embed`

</details>

<details open><summary>chat: 1 change</summary>

| | golden | recorded now |
|---|---|---|
| `choices[].x` | `-` | `null\\|string, always` |

To leave it: `git checkout origin/HEAD -- golden/chat`

</details>

A scenario that is left keeps its golden. On another branch, recorded again:

```text
gate refresh --only SCENARIO --write    # adopt one
gate refresh --leave SCENARIO --write   # adopt all but one
```
"""
    )


def test_a_new_scenario_is_left_by_removing_it() -> None:
    text = page({"chat": [NEW], "embed": [USAGE]}, 2, "golden")
    assert "| `golden` | `-` | `recorded` |\n\nTo leave it: `git rm -r -- golden/chat`" in text
    assert "To leave it: `git checkout origin/HEAD -- golden/embed`" in text


def test_many_scenarios_are_named_below_the_title() -> None:
    text = page({f"s{number:02}": [USAGE] for number in range(45)}, 58, "golden")
    assert "<details open><summary>s00, s01, s02, s03 and 41 more: 1 change</summary>" in text
    assert "In `s00`, `s01`, " in text
    assert ", `s39`, …." in text
    assert "git checkout" not in text
    short = page({f"s{number}": [USAGE] for number in range(5)}, 5, "golden")
    assert "In `s0`, `s1`, `s2`, `s3`, `s4`." in short


def test_only_the_first_tables_are_open_and_long_ones_are_cut() -> None:
    rows = [Change(f"`f{number}`", "-", "string") for number in range(50)]
    text = page({f"s{n}": [Change("status", str(n), "200")] for n in range(5)} | {"many": rows}, 6, "golden")
    assert (text.count("<details open>"), text.count("<details>")) == (3, 3)
    assert "| 10 more | | |" in text


@pytest.mark.parametrize("length", [30, 5000])
def test_a_pull_request_takes_it(length: int) -> None:
    changes = {f"s{n}": [Change(f"`{'x' * length}{n}`", "a|" * length, "-")] for n in range(2000)}
    text = page(changes, 2000, "golden")
    assert 10_000 < len(text) < 56_000  # GitHub takes 65,536
    assert " did not fit here: see `gate contract diff`.\n" in text


def test_names_of_fields_do_nothing() -> None:
    for text in NASTY.values():
        body = page({text[:300]: [Change(f"`{text}`", text, text)]}, 1, text)
        assert acts(body) == []
        assert "\x1b" not in body
        assert len(body) < 56_000
