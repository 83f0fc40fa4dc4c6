"""What the action writes on a run's page in its own words."""

from __future__ import annotations

import pytest

from gate.action.words import below, lines_of, mistakes, page, run_url, whereabouts

RUN = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "7"}


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (page("x", "", "a\n", "b"), "## swapgate: x\n\na\n\nb\n"),
        (below("## x\n\nrest\n", "no `verify` ran"), "## x\n\nNo verify ran.\n\nrest\n"),
        (below("## x\n\nrest\n", ""), "## x\n\nrest\n"),
        (mistakes(["a\nb\n  fix: c"]), "- a\n- b\n\nFix: c."),
        (mistakes(["a\n  fix: did you mean b?", "c"]), "- a\n\nFix: did you mean b?\n\n- c"),
        (mistakes(["a\\nb <i>@you</i>"]), "- `a\\nb <i>@you</i>`"),
        (lines_of("chat\n  usage is gone\n1 of 5 contracts change\nwrote 5 scenarios\n  note  n\n"), "- wrote 5 scenarios\n- note  n"),
        (lines_of("no contract changes\nwrote 5 scenarios\n"), "- wrote 5 scenarios"),
        (lines_of("5 goldens verified: all is well\n"), "- 5 goldens verified: all is well"),
        (whereabouts(""), ""),
        (whereabouts("a b"), "\nThe full report is gate.html in the artifact `a b`.\n"),
        (whereabouts("", "https://x"), "\nThe log and the summary of [this run](https://x) say more.\n"),
        (run_url(RUN), "https://github.com/o/r/actions/runs/7"),
        (run_url({**RUN, "GITHUB_RUN_ID": "7) <b>"}), ""),
        (run_url({**RUN, "GITHUB_SERVER_URL": "javascript:x"}), ""),
        (run_url({}), ""),
    ],
)  # fmt: skip
def test_pieces(made: str, wanted: str) -> None:
    assert made == wanted
