"""The `markdown` and `comment` formats, read by a real Markdown parser: bounds, order, and nothing of a remote acts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gate.model import Finding, Json, Report, ScenarioResult, Severity, Status
from gate.reports.comment import render as comment
from gate.reports.markdown import render
from gate.text.markdown import cell, code, fenced, folded, inside, prose
from tests.report_samples import (
    CRASHED,
    DRIFTING,
    HOSTILE,
    INCOMPLETE,
    NASTY,
    PASSING,
    REPORTS,
    TOLERATED,
    finding,
    many,
    result,
)

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
OURS = re.compile(r"<details(?: open)?><summary>(?:[^<>]|<code>[^<>]*</code>)*</summary>\s*|</details>\s*")
ACTS = re.compile(r"@|#\d|GH-\d|://|www\.")
INLINE = {"text", "softbreak", "code_inline", "strong_open", "strong_close", "em_open", "em_close"}


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def acts(text: str) -> list[str]:
    """Whatever in the Markdown would do more than be read: HTML, links, images, mentions, references, addresses."""
    found = []
    for token in tokens(text):
        if token.type == "html_block" and not OURS.fullmatch(token.content):
            found.append(token.content)
        if token.type == "html_block" and ACTS.search(re.sub("<code>.*?</code>", "", token.content)):
            found.append(token.content)
        if token.type == "text" and ACTS.search(token.content):
            found.append(token.content)
        if token.type in {"html_inline", "link_open", "image", "s_open"}:
            found.append(f"{token.type} {token.content}")
    return found


def test_the_parser_of_this_test_sees_what_acts() -> None:
    bad = "@you #12 <b>x</b> [a](b) ![a](b) www.evil.test\n\n<script>x</script>\n"
    assert len(acts(bad)) == 7
    assert len(acts("<details><summary>@you</summary>\n")) == 1


@pytest.mark.parametrize("report", [*REPORTS.values(), HOSTILE], ids=[*REPORTS, "hostile"])
def test_nothing_acts(report: Report) -> None:
    for text in (render(report), comment(report)):
        assert acts(text) == []
        assert "<!--" not in text


MORE_NASTY = {
    "backticks": "`" * 500 + " ![x](http://evil.test) @everyone",
    "fence": "```\n````\n# heading\n```",
    "closing": "</code></summary></details><img src=x>",
    "row": "a | b | c \\| d\\",
    "reference": "GH-12 a/b#3 jane@evil.test WWW.evil.test http://evil.test",
    "block": "# heading\n- item\n> quote\n    code\n---\n<div>",
    "entity": "&lt;b&gt; &#64;everyone",
    "space": "   ",
    "comment": "<!<!---- swapgate:sticky -->",
}


@pytest.mark.parametrize("text", [*NASTY.values(), *MORE_NASTY.values()], ids=[*NASTY, *MORE_NASTY])
def test_one_hostile_text_in_every_place(text: str) -> None:
    hostile = replace(finding(scenario=text, path=text, endpoint=text), message=text, candidate=text, hint=text)
    report = replace(
        PASSING,
        reason=text,
        findings=(hostile,),
        notes=(text,),
        scenarios=(ScenarioResult(text, text, "incomplete", 1, text, {text: 1.0}, (text,)),),
        candidate={"route": text},
    )
    rendered = render(report)
    assert acts(rendered) == []
    headings = [token.content for before, token in pairs(rendered) if before == "heading_open"]
    assert [words.split(":")[0] for words in headings] == ["swapgate", "Notes"]
    assert sum(token.type == "td_open" for token in tokens(rendered)) == 5


def pairs(text: str) -> Iterator[tuple[str, Token]]:
    found = PARSER.parse(text)
    yield from ((before.type, after) for before, after in pairwise(found))


# -- what a person reads ------------------------------------------------------------------------


def test_verdict_why_and_what_fails_come_first_then_the_table_and_where_and_when_last() -> None:
    lines = render(DRIFTING).split("\n")
    assert lines[0] == "## swapgate: ❌ drift on candidate"
    assert lines[2] == "**3 breaking findings in 2 of 4 scenarios; first field-missing in chat**"
    assert lines[4].startswith("<details open><summary>❌ chat, tool-forced: a field that every")
    table = lines.index("|---|---|---|---|---|")
    assert lines[table + 1 : table + 5] == [
        "| chat | chat.completions | ❌ drift | field-missing | first token 310 · total 1904 ms |",
        "| tool-forced | chat.completions | ❌ drift | field-missing, finish-reason-changed | first token 310 · total 1904 ms |",
        "| chat-stream | chat.completions | ✅ pass | risky: usage-chunk-missing | first token 310 · total 1904 ms |",
        "| embeddings | embeddings | ✅ pass |  | first token 310 · total 1904 ms |",
    ]
    rest = [
        line.removeprefix("<details><summary>") for line in lines[table:] if line.startswith(("#", "- ", "<details"))
    ]
    assert [re.split("[:,<]", line)[0] for line in rest] == [
        *("Does not fail the build (fail_on", "⚠️ chat-stream", "where and when"),
        *("- golden", "- candidate", "### Notes", "- golden recorded 400 days ago"),
    ]


@pytest.mark.parametrize(
    ("candidate", "title"),
    [
        ({"route": "blue"}, "## swapgate: ✅ pass on blue"),
        ({"routes": {"blue": {"host": "x"}, "green": {}}}, "## swapgate: ✅ pass on blue, green"),
        ({"route": "@blue"}, "## swapgate: ✅ pass on `@blue`"),
        ({"route": 3}, "## swapgate: ✅ pass"),
        ({}, "## swapgate: ✅ pass"),
    ],
)
def test_the_title_names_the_route(candidate: dict[str, Json], title: str) -> None:
    assert render(replace(PASSING, candidate=candidate)).split("\n")[0] == title


def row(report: Report) -> list[str]:
    """The cells of the only row of a table."""
    (line,) = [line for line in render(report).split("\n") if line.startswith("| chat ")]
    return line.removeprefix("| ").removesuffix(" |").split(" | ")


MANY = tuple(finding(f"rule-{n}", scenario="chat") for n in range(7))
INFO = finding("field-added", severity=Severity.INFO, scenario="chat")
INFO_B = replace(INFO, scenario="b")


@pytest.mark.parametrize(
    ("findings", "fail_on", "cell"),
    [
        ((), Severity.BREAKING, ""),
        ((MANY[0], MANY[0]), Severity.BREAKING, "rule-0"),
        ((MANY[0], INFO), None, "breaking: rule-0; info: field-added"),
        (MANY, Severity.BREAKING, "rule-0, rule-1, rule-2, rule-3, rule-4, 2 more"),
        ((replace(MANY[0], outcome="tolerated"),), Severity.BREAKING, "tolerated: rule-0"),
        ((replace(MANY[0], outcome="off"),), Severity.BREAKING, ""),
        ((replace(MANY[0], rule="a|b"),), Severity.BREAKING, "`a\\|b`"),
    ],
)
def test_a_row_names_the_rules_that_found_something(
    findings: tuple[Finding, ...], fail_on: Severity | None, cell: str
) -> None:
    report = replace(PASSING, scenarios=(result("chat"),), findings=findings, fail_on=fail_on)
    assert row(report)[3] == cell


@pytest.mark.parametrize(
    ("latency", "cell"),
    [
        (
            {"gap_p50": 1.2, "total_p50": 31.0, "ttft_p50": 13.4, "ttft_p95": 20.0},
            "first token 13 · gap 1 · total 31 ms",
        ),
        ({"total_p50": 61_000.0, "ttft_p50": 900.0}, "first token 0.9 · total 61.0 s"),
        ({"total_p95": 3.0}, ""),
    ],
)
def test_latency_is_read_at_a_glance(latency: dict[str, float], cell: str) -> None:
    assert row(replace(PASSING, scenarios=(replace(result("chat"), latency=latency),)))[4] == cell


def test_findings_are_grouped_by_cause_and_folded_unless_they_fail_the_build() -> None:
    text = render(DRIFTING)
    assert (text.count("<details open>"), text.count("<details>"), text.count("</details>")) == (2, 4, 6)
    text = render(many(100))
    assert (text.count("<details open><summary>❌"), text.count("<details><summary>❌")) == (10, 90)
    assert "`gate explain ID --from gate.json` shows the bytes of a finding" in text
    assert "gate explain" not in render(PASSING)


NEVER = replace(
    finding(scenario="tool-forced-stream"), message="finish_reason never comes", rule="finish-reason-missing"
)
OTHERS = tuple(replace(NEVER, scenario=f"s{n}", rule="field-missing", message="a field is gone") for n in range(4))


@pytest.mark.parametrize(
    ("findings", "summary"),
    [
        ((NEVER,), "❌ tool-forced-stream: finish_reason never comes (finish-reason-missing, 3/3)"),
        ((replace(NEVER, outcome="tolerated"),), "➖ tool-forced-stream: finish_reason never comes (finish-reason-missing, 3/3)"),
        ((replace(NEVER, severity=Severity.RISKY),), "⚠️ tool-forced-stream: finish_reason never comes (finish-reason-missing, 3/3)"),
        ((replace(INFO, message="is new", path="x", samples=0),), "ℹ️ chat: is new: x (field-added)"),
        (OTHERS[:2], "❌ s0, s1: <code>a field is gone: choices[0].finish_reason</code> (field-missing, 6/6)"),
        (OTHERS, "❌ 4 scenarios: <code>a field is gone: choices[0].finish_reason</code> (field-missing, 12/12)"),
    ],
)  # fmt: skip
def test_a_folded_finding_says_what_broke(findings: tuple[Finding, ...], summary: str) -> None:
    assert f"<summary>{summary}</summary>" in render(replace(PASSING, findings=findings))


EXPLAIN = (
    "gate explain ID --from gate.json shows the bytes of a finding, golden and candidate side by side, "
    "and the page of its rule."
)


@pytest.mark.parametrize(
    ("report", "lines"),
    [
        (PASSING, ["## swapgate: ✅ pass on candidate", "4 scenarios kept the golden's contract",
                   "4 scenarios: 4 pass; where and when"]),
        (DRIFTING, ["## swapgate: ❌ drift on candidate",
                    "3 breaking findings in 2 of 4 scenarios; first field-missing in chat",
                    "❌ chat, tool-forced: a field that every golden sample has is missing: object (field-missing, 6/6)",
                    '  [- golden]    "chat.completion"     golden/chat/cassette.yaml:41',
                    "  [+ candidate] absent",
                    "  who breaks: clients that tell answers apart by `object`",
                    "  if the change is meant: gate refresh --only chat --only tool-forced --write",
                    "  if it can wait: gate tolerate 5708aba22f08 --from gate.json --all-scenarios --reason '…'",
                    "❌ tool-forced: finish_reason has a value that no golden sample shows (finish-reason-changed, 3/3)",
                    '  [- golden]    "tool_calls"     golden/tool-forced/cassette.yaml:41',
                    '  [+ candidate] "stop"           frame 7, byte 1834',
                    '  who breaks: loops that wait for finish_reason == "tool_calls" never run the tool',
                    "  fix: map the provider's own reasons to the API's words in the gateway",
                    "  if the change is meant: gate refresh --only tool-forced --write",
                    "  if it can wait: gate tolerate bc4b42ff962a --from gate.json --reason '…'",
                    "Does not fail the build (fail_on: breaking): 1 finding",
                    "4 scenarios: 2 drift, 2 pass; where and when",
                    EXPLAIN]),
        (INCOMPLETE, ["## swapgate: ⚠️ incomplete on candidate",
                      "1 of 3 scenarios could not be judged: connection refused on all 3 attempts",
                      "4 scenarios: 1 incomplete, 2 pass, 1 skipped; where and when"]),
        (TOLERATED, ["## swapgate: ✅ pass on candidate",
                     "4 scenarios kept the golden's contract (1 tolerated, 1 switched off)",
                     "Tolerated by policy: 1 finding",
                     "Switched off by policy: 1, listed in the json report",
                     "4 scenarios: 4 pass; where and when", EXPLAIN]),
    ],
)  # fmt: skip
def test_a_comment_says_what_broke_who_breaks_and_what_to_do(report: Report, lines: list[str]) -> None:
    assert visible(comment(report)) == lines


def test_the_summary_is_no_longer_than_the_comment_and_shows_the_table_where_nothing_else_says_it() -> None:
    summary, short = visible(render(DRIFTING)), visible(comment(DRIFTING))
    assert summary[:15] == short[:15]
    assert summary[15:] == [
        *("4 scenarios: 2 drift, 2 pass", "Does not fail the build (fail_on: breaking): 1 finding"),
        "where and when, 1 note, 1 stream",
    ]
    for report in (PASSING, INCOMPLETE, TOLERATED):
        assert "| tool-forced | chat.completions |" in "\n".join(visible(render(report)))


DECIDED = replace(finding(), policy="breaking by policy.severity")


@pytest.mark.parametrize(
    ("found", "fail_on", "rules_url", "line"),
    [
        (finding(), Severity.BREAKING, "", ""),
        (finding(), None, "", "policy: default; id bc4b42ff962a"),
        (finding(), Severity.BREAKING, "https://x.test/{rule}", "https://x.test/finish-reason-changed"),
        (DECIDED, Severity.BREAKING, "", "policy: breaking by policy.severity; id bc4b42ff962a"),
        (finding("drift-missed"), Severity.BREAKING, "", f"policy: default; id {finding('drift-missed').fingerprint}"),
    ],
)
def test_an_id_that_a_command_has_and_a_decision_that_nobody_made_need_no_line(
    found: Finding, fail_on: Severity | None, rules_url: str, line: str
) -> None:
    text = render(replace(PASSING, findings=(found,), fail_on=fail_on, rules_url=rules_url))
    kept = [text.strip() for text in text.split("\n") if text.startswith(("  policy:", "  https:"))]
    assert kept == ([line] if line else [])


def visible(text: str) -> list[str]:
    """The lines that a reader sees before anything is opened."""
    while text != (inner := re.sub(r"(?s)<details>(<summary>[^\n]*)(?:(?!<details).)*?</details>", r"\1", text)):
        text = inner
    lines = (
        re.sub(r"</?(details|summary|code)[^>]*>|\*\*|`(?=gate explain)|(?<=gate.json)`", "", line)
        for line in text.split("\n")
    )
    return [html.unescape(line) for line in lines if line and not line.startswith("```")]


def test_what_was_not_judged_says_why() -> None:
    text = render(INCOMPLETE)
    assert "| ⚠️ incomplete | connection refused on all 3 attempts |" in text
    assert "| ➖ skipped | the baseline does not serve it |" in text
    assert 'KeyError: "a"' in render(CRASHED)
    down = tuple(replace(result(name), status="incomplete", reason="refused") for name in "abc")
    rows = [line for line in render(replace(PASSING, scenarios=down)).split("\n") if "incomplete |" in line]
    assert [row.split(" | ")[0::3] for row in rows] == [["| 3 scenarios", "refused"]]
    # a finding of one of them is seen
    rows = [line for line in render(replace(PASSING, scenarios=down, findings=(INFO_B,))).split("\n") if "| ⚠️" in line]
    assert [row.split(" | ")[0::3] for row in rows] == [
        ["| 2 scenarios", "refused"],
        ["| b", "info: field-added; refused"],
    ]


def test_tolerated_findings_stay_visible() -> None:
    assert "<summary>Tolerated by policy: 1 finding</summary>" in render(TOLERATED)
    assert "| tolerated: usage-chunk-missing |" in render(TOLERATED)
    assert "Switched off by policy: 1" in render(TOLERATED)


USAGE_IN_B = finding("usage-missing", "usage", scenario="b/chat")


def test_several_routes_are_a_matrix() -> None:
    cells: tuple[tuple[str, str, Status, str], ...] = (
        ("a", "chat", "pass", ""),
        ("a", "embed", "incomplete", "refused | by @all"),
        ("b", "chat", "drift", ""),
    )
    scenarios = tuple(
        replace(result(f"{route}/{name}"), route=route, status=status, reason=reason)
        for route, name, status, reason in cells
    )
    found = (finding(scenario="b/chat"), USAGE_IN_B, replace(USAGE_IN_B, outcome="tolerated"))
    text = render(replace(PASSING, scenarios=scenarios, findings=found))
    assert "| scenario | `a` | `b` |\n|---|---|---|\n" in text
    assert "| `chat` | ✅ pass | ❌ drift 2 |\n| `embed` | ⚠️ incomplete |  |\n" in text
    assert "incomplete  a/embed  refused | by @all" in text
    assert acts(text) == []


# -- bounds -------------------------------------------------------------------------------------


@pytest.mark.untraced
@pytest.mark.parametrize("number", [10, 1000, 5_000])
def test_bounds_hold_and_what_is_left_out_is_counted(number: int) -> None:
    report = many(number)
    summary, short = render(report), comment(report)
    assert len(summary.encode()) <= 900 * 1024
    assert len(short) <= 65_000
    for text in (summary, short):
        shown = len(re.findall("<summary>❌", text)) + sum(map(int, re.findall(r"(\d+) more details", text)))
        assert shown == number
        assert acts(text) == []


def test_the_whole_table_is_there_however_much_fails() -> None:
    text = comment(many(1000))
    rows = [line for line in text.split("\n") if line.startswith("| scenario-")]
    assert len(rows) == 100
    assert text.index("<details open>") < text.index(rows[0])
    assert "did not fit here; the json report has them all.*\n" in text


def test_everything_hostile_at_once_stays_within_the_comment() -> None:
    huge = "`|@<!--" * 100_000
    scenarios = tuple(ScenarioResult(f"{n}{huge}", huge, "incomplete", 1, huge, {}, (huge,)) for n in range(300))
    report = replace(HOSTILE, scenarios=scenarios, notes=(huge,) * 300, reason=huge, golden={"route": huge})
    assert len(comment(report)) <= 65_000
    assert acts(comment(report)) == []


# -- the pieces ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (code("a"), "`a`"),
        (code("a`b``c"), "```a`b``c```"),
        (code("`a"), "`` `a ``"),
        (code(" a "), "`  a  `"),
        (code(""), ""),
        (code("<!-- x"), "`<! -- x`"),
        (cell("a|b"), "`a\\|b`"),
        (prose("a route's 2 calls, (50%)."), "a route's 2 calls, (50%)."),
        (prose("ask @you"), "`ask @you`"),
        (prose("see GH-1"), "`see GH-1`"),
        (prose("a_b"), "a_b"),
        (prose("__a__"), "`__a__`"),
        (prose("see http://x"), "`see http://x`"),
        (fenced(["a", "```"]), "````text\na\n```\n````"),
        (inside("it's a, b (3/3)"), "it&#x27;s a, b (3/3)"),
        (inside("<b> & c"), "<code>&lt;b&gt; &amp; c</code>"),
        (inside("ask @you"), "<code>ask @you</code>"),
        (folded("a", ["x"]), "<details><summary>a</summary>\n\nx\n\n</details>"),
    ],
)
def test_pieces(made: str, wanted: str) -> None:
    assert made == wanted


@pytest.mark.parametrize("number", [1, 8, 9, 80, 81, 255, 256, 1000])
def test_runs_of_backticks_never_grow_beyond_what_cmark_reads(number: int) -> None:
    """Behind more than 80 backticks cmark reads no code span, and what follows is markup."""
    for made in (code("`" * number), fenced(["`" * number])):
        assert max(map(len, re.findall("`+", made))) <= 9
        assert not acts(made)
