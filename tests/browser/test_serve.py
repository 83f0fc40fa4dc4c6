"""`gate serve` in a real Chromium: its page, and the browser's own fetch over every golden."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser

from gate.replay import page
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from tests.browser.chromium import chromium
from tests.test_serve_clients import answers, call, sides, steps

pytestmark = pytest.mark.slow

FETCH = """
async ({base, calls}) => {
  const seen = [];
  for (const {path, method, key, body} of calls) {
    const bytes = body === null ? undefined : Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
    const headers = {authorization: `Bearer ${key}`, "content-type": "application/json"};
    const answer = await fetch(`${base}/${path}`, {method, headers, body: bytes});
    const got = new Uint8Array(await answer.arrayBuffer());
    seen.push([answer.status, btoa(Array.from(got, (byte) => String.fromCharCode(byte)).join(""))]);
  }
  return seen;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def base() -> Iterator[str]:
    service = Service(sides(), speed=0)
    with serving(Server(service)) as url:
        service.page = page.html(url, service.recordings.all)
        yield url


def test_the_page_needs_nothing_else_and_complains_of_nothing(browser: Browser, base: str) -> None:
    opened = browser.new_context().new_page()
    complaints: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(base.removesuffix("v1"))
    assert opened.locator("td", has_text="chat-stream-usage").count() == 1
    assert opened.locator("code", has_text="cut-after-{n}").count() >= 1
    assert (complaints, [url for url in requests if not url.startswith("data:")]) == ([], [base.removesuffix("v1")])


def test_fetch_from_another_origin(browser: Browser, base: str) -> None:
    calls = [call(name, step) for name, step in steps()]
    with serving(Server(Service(sides(), speed=0))) as elsewhere:
        opened = browser.new_context().new_page()
        opened.goto(f"{elsewhere}/models")  # another port is another origin: the browser asks before it sends a key
        seen = opened.evaluate(FETCH, {"base": base, "calls": calls})
        header = opened.evaluate("async (url) => (await fetch(url)).headers.get('content-type')", f"{base}/models")
    got = [(status, base64.b64decode(body)) for status, body in seen]
    assert [one for one, answer in zip(steps(), got, strict=True) if answer not in answers(*one)] == []
    assert header


def test_fetch_of_a_browser(browser: Browser, base: str) -> None:
    opened = browser.new_context().new_page()
    opened.goto(f"{base}/models")  # a document of the same origin
    calls = [call(name, step) for name, step in steps()]
    seen = opened.evaluate(FETCH, {"base": base, "calls": calls})
    got = [(status, base64.b64decode(body)) for status, body in seen]
    assert [one for one, answer in zip(steps(), got, strict=True) if answer not in answers(*one)] == []
