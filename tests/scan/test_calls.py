"""Call sites as people write them, and what is none."""

from __future__ import annotations

import pytest

from gate.inventory.model import Call
from tests.scan import answers


def calls(text: str, name: str = "app.py") -> list[Call]:
    return list(answers(text, name).calls.values())


def told(call: Call) -> str:
    """A call on one line: endpoint, SDK, streaming, model, parameters, and what else is set."""
    names = " ".join(f"{one.name}({one.only})" if one.only else one.name for one in call.parameters)
    more = " …" if call.more else ""
    rest = "".join(f" {k}={v}" for k in ("base_url", "timeout", "retries") if (v := getattr(call, k)))
    return f"{call.endpoint} {call.sdk} {call.streaming} {call.model or '-'}: {names}{more}{rest}".rstrip()


CLIENT = "import openai\nclient = openai.OpenAI()\n"
PYTHON = [
    (
        "client.chat.completions.create(model='gpt-4o', messages=m, temperature=0)",
        "chat.completions pypi:openai no gpt-4o: model messages temperature",
    ),
    (
        "client.chat.completions.create(model=M, messages=m, stream=True, timeout=30)",
        "chat.completions pypi:openai yes -: model messages stream timeout=30",
    ),
    (
        "client.chat.completions.create(model=M, messages=m, stream=wanted)",
        "chat.completions pypi:openai either -: model messages stream",
    ),
    ("client.chat.completions.create(**ask)", "chat.completions pypi:openai either -:  …"),
    (
        "ask = {'model': 'm', 'stream': False}\nask['stop'] = ['x']\nclient.chat.completions.create(**ask)",
        "chat.completions pypi:openai no m: model stream stop",
    ),
    (
        "ask = dict(model='m', seed=1)\nclient.chat.completions.create(messages=m, **ask)",
        "chat.completions pypi:openai no m: messages model seed",
    ),
    (
        "client.chat.completions.create(model='m', messages=m, extra_body={'guided_json': s, 'top_k': 1})",
        "chat.completions pypi:openai no m: model messages extra_body.guided_json(vLLM) extra_body.top_k",
    ),
    (
        "client.chat.completions.create(model='m', messages=m, extra_headers=h, n=2)",
        "chat.completions pypi:openai no m: model messages n",
    ),
    ("client.beta.chat.completions.parse(model='m', response_format=T)", "chat.completions pypi:openai no m: model response_format"),
    ("client.chat.completions.stream(model='m')", "chat.completions pypi:openai yes m: model"),
    ("client.chat.completions.with_raw_response.create(model='m')", "chat.completions pypi:openai no m: model"),
    ("client.with_options(max_retries=5).chat.completions.create(model='m')", "chat.completions pypi:openai no m: model"),
    ("client.responses.create(model='m', input='x', stream=True)", "responses pypi:openai yes m: model input stream"),
    ("client.embeddings.create(model='e', input=t, dimensions=8)", "embeddings pypi:openai no e: model input dimensions"),
    ("client.completions.create(model='m', prompt='x')", "completions pypi:openai no m: model prompt"),
    ("client.models.list()", "models pypi:openai no -:"),
    ("client.images.generate(prompt='x')", "images pypi:openai no -: prompt"),
    ("client.audio.speech.create(voice='a', input='x')", "audio.speech pypi:openai no -: voice input"),
    ("client.moderations.create(input='x')", "moderations pypi:openai no -: input"),
    ("create = client.chat.completions.create\ncreate(model='m')", "chat.completions pypi:openai no m: model"),
    ("openai.ChatCompletion.create(model='m', messages=m)", "chat.completions pypi:openai no m: model messages"),
    (
        "client.post('/chat/completions', body={'model': 'm', 'messages': x}, cast_to=object)",
        "chat.completions pypi:openai no m: model messages",
    ),
]  # fmt: skip
ELSEWHERE = [
    (
        "class A:\n    def __init__(self):\n        self.llm = AsyncOpenAI()\n    async def ask(self):\n        return await self.llm.chat.completions.create(model='m')",
        "from openai import AsyncOpenAI",
        "chat.completions pypi:openai no m: model",
    ),
    ("def ask(c: AsyncOpenAI):\n    c.models.list()", "from openai import AsyncOpenAI", "models pypi:openai no -:"),
    ("ask.chat.completions.create(model='m')", "", "chat.completions  no m: model"),
    ("groq.Groq().chat.completions.create(model='m')", "import groq", "chat.completions pypi:groq no m: model"),
    (
        "c = instructor.from_openai(OpenAI())\nc.chat.completions.create(model='m', response_model=T)",
        "import instructor\nfrom openai import OpenAI",
        "chat.completions pypi:openai no m: model",
    ),
    (
        "completion(model='gpt-4o', messages=m, num_retries=3, api_base='http://a/v1')",
        "from litellm import completion",
        "chat.completions pypi:litellm no gpt-4o: model messages base_url=http://a/v1 retries=3",
    ),
    ("litellm.completion(model='m')", "from aider.llm import litellm", "chat.completions pypi:litellm no m: model"),
    ("litellm.aembedding(model='e', input=x)", "import litellm", "embeddings pypi:litellm no e: model input"),
    (
        "ChatOpenAI(model_name='m', temperature=0, request_timeout=20, max_retries=1, model_kwargs={'seed': 1})",
        "from langchain_openai import ChatOpenAI",
        "chat.completions pypi:langchain-openai no m: model temperature seed timeout=20 retries=1",
    ),
    ("OpenAIEmbeddings(model='e')", "from langchain_openai import OpenAIEmbeddings", "embeddings pypi:langchain-openai no e: model"),
    ("Runner.run_streamed(agent, 'x')", "from agents import Runner", "responses pypi:openai-agents yes -:  …"),
    ("OpenAIChatModel('m')", "from pydantic_ai.models.openai import OpenAIChatModel", "chat.completions pypi:pydantic-ai no -:"),
    (
        "requests.post('https://api.openai.com/v1/chat/completions', json={'model': 'm', 'messages': []}, timeout=9)",
        "import requests",
        "chat.completions pypi:requests no m: model messages base_url=https://api.openai.com/v1 timeout=9",
    ),
    (
        "BASE = os.environ['B']\nhttpx.post(f'{BASE}/chat/completions', json={'model': 'm', 'stream': True})",
        "import httpx, os",
        "chat.completions pypi:httpx yes m: model stream",
    ),
    (
        "async def f(s):\n    s = aiohttp.ClientSession()\n    await s.post(BASE + '/embeddings', json=body)",
        "import aiohttp",
        "embeddings pypi:aiohttp either -:  …",
    ),
    (
        "def f(url):\n    body = {'model': 'm', 'messages': []}\n    httpx.post(url, content=json.dumps(body))",
        "import httpx, json",
        "chat.completions pypi:httpx no m: model messages",
    ),
    ("httpx.get('https://a.example/v1/models')", "import httpx", "models pypi:httpx no -:  base_url=https://a.example/v1"),
]  # fmt: skip
SCRIPTS = [
    (
        'import OpenAI from "openai";\nconst c = new OpenAI();\nconst r = await c.chat.completions.create({model: "m", messages, stream: true}, {timeout: 5, maxRetries: 2});',
        "chat.completions npm:openai yes m: model messages stream timeout=5 retries=2",
    ),
    (
        'import { OpenAI } from "openai";\nclass A { c = new OpenAI(); async f(o: X) { const p = {model: "m", ...o}; p.seed = 1; return this.c.chat.completions.create(p); } }',
        "chat.completions npm:openai either m: model seed …",
    ),
    (
        'const OpenAI = require("openai");\nnew OpenAI().embeddings.create({model: "e", input});',
        "embeddings npm:openai no e: model input",
    ),
    (
        'const { Configuration, OpenAIApi } = require("openai");\nconst api = new OpenAIApi(new Configuration({}));\napi.createChatCompletion({model: "m", messages});',
        "chat.completions npm:openai no m: model messages",
    ),
    (
        'import { streamText } from "ai";\nimport { openai } from "@ai-sdk/openai";\nstreamText({model: openai("gpt-4o"), prompt, tools});',
        "responses npm:ai yes gpt-4o: model prompt tools",
    ),
    (
        'import { generateText } from "ai";\nimport { openai } from "@ai-sdk/openai";\ngenerateText({model: openai.chat("m"), prompt, maxRetries: 0});',
        "chat.completions npm:ai no m: model prompt retries=0",
    ),
    (
        'import { ChatOpenAI } from "@langchain/openai";\nnew ChatOpenAI({modelName: "m", maxTokens: 5, configuration: {baseURL: "http://a/v1"}});',
        "chat.completions npm:@langchain/openai no m: model max_tokens base_url=http://a/v1",
    ),
    (
        'const r = await fetch(`${base}/v1/chat/completions`, {method: "POST", body: JSON.stringify({model: "m", messages})});',
        "chat.completions npm:fetch no m: model messages",
    ),
    (
        'import axios from "axios";\naxios.post("https://a.example/v1/embeddings", {model: "e", input}, {timeout: 3000});',
        "embeddings npm:axios no e: model input base_url=https://a.example/v1 timeout=3000",
    ),
    (
        'client.chat.completions.create({model, ...(t ? { temperature: t } : {}), ...(seed && { seed })});',
        "chat.completions  no -: model temperature seed",
    ),
    (
        'async function f(url: string) { return fetchWithRetry(url + "/chat/completions", {body: JSON.stringify(body)}); }',
        "chat.completions  either -:  …",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), PYTHON)
def test_methods_of_the_official_sdk(text: str, found: str) -> None:
    assert [told(call) for call in calls(CLIENT + text)] == [found]


@pytest.mark.parametrize(("text", "head", "found"), ELSEWHERE)
def test_other_sdks_and_plain_http(text: str, head: str, found: str) -> None:
    assert [told(call) for call in calls(f"{head}\n{text}")] == [found]


@pytest.mark.parametrize(("text", "found"), SCRIPTS)
def test_scripts(text: str, found: str) -> None:
    assert [told(call) for call in calls(text, "app.ts")] == [found]


NONE = [
    # routes of a server, and servers that a test plays
    ("@app.post('/v1/chat/completions')\nasync def chat(): ...", "app.py"),
    ("respx.post('https://api.openai.com/v1/chat/completions').mock()", "app.py"),
    ("import express from 'express';\napp.post('/v1/chat/completions', (q, r) => r.json({}));", "app.ts"),
    ("server.get('/v1/models', handler)", "app.js"),
    # other APIs with methods of the same names
    ("from google import genai\nclient = genai.Client()\nclient.models.list()\nclient.files.list()", "app.py"),
    ("import anthropic, openai\nclient = anthropic.Anthropic()\nclient.models.list()", "app.py"),
    ("from stripe import files\nfiles.list()  # openai", "app.py"),
    ("import openai\ndb.embeddings.create(x)", "app.py"),
    ("import httpx\nhttpx.post(url, json={'model': 'm', 'messages': [], 'system': 's'})  # /v1/", "app.py"),
    ("import httpx\nhttpx.post('https://a.example/v1/items', json={'model': 'm'})", "app.py"),
    ("import httpx\nhttpx.get('https://a.example/models')  # completions", "app.py"),
    # words only
    ("x = 'client.chat.completions.create(model=1)'", "app.py"),
    ("# client.chat.completions.create()", "app.py"),
    ("const x = 'https://api.openai.com/v1/chat/completions';", "app.js"),
]


@pytest.mark.parametrize(("text", "name"), NONE)
def test_what_is_no_call(text: str, name: str) -> None:
    assert calls(text, name) == []


def test_a_key_in_source_is_never_shown() -> None:
    key = "sk-" + "proj-Ab3dEf6hIj9kLmNoPqRsTuVw"
    made = answers(f"import openai\nopenai.OpenAI(base_url='https://u:pw@a/v1?key={key}', api_key='{key}')")
    assert key not in str(made.clients.made)


CLIENTS = [
    ("OpenAI(base_url='http://a/v1', timeout=20, max_retries=0)", "http://a/v1", "20", "0"),
    ("OpenAI(base_url=os.environ['BASE'])", "$BASE", "", ""),
    ("OpenAI(base_url=os.getenv('BASE') or 'http://b')", "$BASE or http://b", "", ""),
    ("OpenAI(base_url=settings.url)", "computed", "", ""),
    ("URL = 'http://a/v1'\nOpenAI(base_url=URL)", "http://a/v1", "", ""),
    ("OpenAI(timeout=httpx.Timeout(60, connect=5.0))", "", "httpx.Timeout(60, connect=5.0)", ""),
    ("args = {'base_url': 'http://a/v1', 'max_retries': 1}\nOpenAI(**args)", "http://a/v1", "", "1"),
    ("OpenAI()", "", "", ""),
]


@pytest.mark.parametrize(("text", "base_url", "timeout", "retries"), CLIENTS)
def test_clients_as_they_are_set_up(text: str, base_url: str, timeout: str, retries: str) -> None:
    (client,) = answers(f"import os, httpx\nfrom openai import OpenAI\n{text}").clients.made
    assert (client.base_url, client.timeout, client.retries) == (base_url, timeout, retries)


def test_settings_of_the_module_stand_for_a_client() -> None:
    (client,) = answers("import openai\nopenai.api_base = 'http://a/v1'").clients.made
    assert (client.name, client.base_url, client.place.line) == ("openai.api_base", "http://a/v1", 2)


def test_clients_of_scripts() -> None:
    text = (
        'import OpenAI from "openai";\nnew OpenAI({baseURL: process.env.BASE ?? "http://a", maxRetries: 3, ...rest});'
    )
    (client,) = answers(text, "a.mjs").clients.made
    assert (client.base_url, client.retries, client.more) == ("$BASE or http://a", "3", True)
