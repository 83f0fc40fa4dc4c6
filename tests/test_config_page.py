"""The example of docs/config.md at work: goldens are recorded with it, and a route is judged by it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gate.model import Exchange, Request
from tests.provider import Provider
from tests.recorded import check, inside, record

PAGE = Path(__file__).parent.parent.joinpath("docs/config.md").read_text("utf-8")
OWN = """\
id: refund-question
group: text
steps:
  - {endpoint: chat.completions, model: chat, body: {messages: [{role: user, content: "Where is order 1041?"}]}}
"""


class Azure(Provider):
    """Takes the key from the header that the example names, and wants the version in the query."""

    def answer(self, request: Request) -> Exchange | None:
        headers = dict(request.headers)
        assert "api-version=2024-10-21" in request.url
        assert headers["x-team"] == "search"
        # what the route's key is sent in; scenarios about keys send their own
        key = headers.get("api-key")
        bearer = (("authorization", f"Bearer {key}"),) if key and "authorization" not in headers else ()
        return super().answer(replace(request, headers=(*request.headers, *bearer)))


@pytest.mark.slow
def test_the_example_records_and_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```yaml\n(version: 1.*?)```", PAGE, re.DOTALL)
    at_hand = re.sub(r"base_url: \S+", "base_url: ${BASE}", example)
    assert at_hand.count("${BASE}") == 2
    # answers of milliseconds, on a machine that may be busy: the figures of its budgets are not what is tried
    at_hand = re.sub(r"max_ratio: \S+?(?=[,}])", "max_ratio: 1000", at_hand)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/refund-question.yaml").write_text(OWN, "utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key-0001")
    monkeypatch.setenv("CANDIDATE_API_KEY", "sk-test-key-0002")
    record(tmp_path, at_hand)
    inside(tmp_path, monkeypatch)
    code, report = check(Azure(seed=2))
    assert (code, report["verdict"]) == (0, "pass"), report["findings"]
    assert "refund-question" in {scenario["id"] for scenario in report["scenarios"]}
