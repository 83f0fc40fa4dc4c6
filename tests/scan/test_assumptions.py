"""What code takes for granted: rows that are told, and their harmless twins, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gate.inventory.assumptions import assumptions, kinds
from tests.scan import answers

HEAD = {
    ".py": "import json, re\nfrom openai import OpenAI\nc = OpenAI()\n",
    ".ts": 'import OpenAI from "openai";\nconst c = new OpenAI();\n',
}

PLAIN = "r = c.chat.completions.create(model='m', messages=m)\n"
STREAM = "s = c.chat.completions.create(model='m', messages=m, stream=True)\n"
TS_PLAIN = 'const r = await c.chat.completions.create({model: "m", messages});\n'
TS_STREAM = 'const s = await c.chat.completions.create({model: "m", messages, stream: true});\n'

# assumption, the line that is told (counted below the head) and its level
FIRES: list[tuple[str, str, str, int, str]] = [
    ("choices-unchecked", ".py", STREAM + "for chunk in s:\n    print(chunk.choices[0].delta.content or '')", 3, "warning"),
    ("choices-unchecked", ".py", STREAM + "for n, chunk in enumerate(s):\n    d = chunk.choices[0].delta", 3, "warning"),
    ("choices-unchecked", ".py", "def f(chunk):\n    return chunk.choices[0].delta.content", 2, "warning"),
    ("choices-unchecked", ".py", "def f(chunk):\n    if chunk.choices[0].delta.content:\n        return 1", 2, "warning"),
    ("choices-unchecked", ".py", PLAIN + "return_ = r.choices[0].message.content", 2, "note"),
    ("choices-unchecked", ".py", "import requests\nr = requests.post('https://a/v1/chat/completions', json=b).json()\nx = r['choices'][0]['message']", 3, "note"),
    ("choices-unchecked", ".py", "try:\n    x = r.choices[0].message\nexcept openai.APIError:\n    x = None", 2, "note"),
    ("choices-unchecked", ".ts", TS_STREAM + "for await (const chunk of s) out += chunk.choices[0].delta.content;", 2, "warning"),
    ("choices-unchecked", ".ts", TS_STREAM + "for await (const x of s) { out += x.choices[0]!.delta?.content ?? ''; }", 2, "warning"),
    ("choices-unchecked", ".ts", TS_PLAIN + "const text = r.choices[0].message.content;", 2, "note"),
    ("usage-required", ".py", PLAIN + "total = r.usage.total_tokens", 2, "note"),
    ("usage-required", ".py", STREAM + "for chunk in s:\n    n += chunk.usage.completion_tokens", 3, "warning"),
    ("usage-required", ".py", "def cost(response):\n    return response['usage']['prompt_tokens'] * 2", 2, "note"),
    ("usage-required", ".py", PLAIN + "u = r.usage\nlog(u.prompt_tokens, u.completion_tokens)", 3, "note"),
    ("usage-required", ".ts", TS_PLAIN + "meter(r.usage.total_tokens);", 2, "note"),
    ("usage-required", ".ts", TS_PLAIN + "meter(r.usage!.total_tokens);", 2, "note"),
    ("finish-reason-single", ".py", PLAIN + "if r.choices and r.choices[0].finish_reason == 'tool_calls':\n    run()", 2, "warning"),
    ("finish-reason-single", ".py", "def f(choice):\n    if choice.finish_reason != 'stop':\n        raise ValueError", 2, "warning"),
    ("finish-reason-single", ".py", "def f(d):\n    if d['finish_reason'] == 'stop':\n        return 1", 2, "warning"),
    ("finish-reason-single", ".ts", "export const done = (c: X) => c.finish_reason === 'stop';", 1, "warning"),
    ("model-list", ".py", "M = ['gpt-4o', 'gpt-4o-mini']\ndef f(model):\n    if model not in M:\n        raise ValueError(model)", 3, "warning"),
    ("model-list", ".py", "def f(model):\n    assert model in {'gpt-4o', 'o1'}", 2, "warning"),
    ("model-list", ".py", "PRICE = {'gpt-4o': 1, 'gpt-4o-mini': 2}\ndef f(model):\n    return PRICE[model]", 3, "warning"),
    ("model-list", ".py", "def f(self):\n    return self.model.startswith('gpt-4')", 2, "note"),
    ("model-list", ".py", "def f(model):\n    return model.startswith(('o1', 'o3-'))", 2, "note"),
    ("model-list", ".py", "parser.add_argument('--model', choices=['gpt-4o', 'o1'])", 1, "warning"),
    ("model-list", ".py", "import click\nM = ('gpt-4o', 'gpt-4.1')\n@click.option('--model', type=click.Choice(M))\ndef f(model): ...", 3, "warning"),
    ("model-list", ".ts", "const schema = z.object({ model: z.enum(['gpt-4o', 'gpt-4o-mini']) });", 1, "warning"),
    ("model-list", ".ts", "const f = (o: X) => o.model.startsWith('gpt-5') ? 1 : 2;", 1, "note"),
    ("json-per-chunk", ".py", "import httpx\nwith httpx.stream('POST', 'https://a/v1/chat/completions', json=b) as r:\n    for piece in r.iter_bytes():\n        d = json.loads(piece)", 4, "warning"),
    ("json-per-chunk", ".py", "import requests\nr = requests.post('https://a/v1/chat/completions', json=b, stream=True)\nfor piece in r.iter_content():\n    for line in piece.decode().split('\\n'):\n        d = json.loads(line[6:])", 5, "warning"),
    ("json-per-chunk", ".py", STREAM + "for chunk in s:\n    for call in chunk.choices[0].delta.tool_calls if chunk.choices else []:\n        a = json.loads(call.function.arguments)", 4, "warning"),
    ("json-per-chunk", ".ts", "const r = await fetch(`${b}/chat/completions`, {body});\nfor await (const piece of r.body) { use(JSON.parse(piece.toString().slice(6))); }", 2, "warning"),
    ("json-per-chunk", ".ts", "const r = await fetch(`${b}/chat/completions`, {body});\nconst reader = r.body.getReader();\nwhile (true) { const { value } = await reader.read(); use(JSON.parse(decode(value))); }", 3, "warning"),
    ("error-message-matched", ".py", "try:\n    c.models.list()\nexcept Exception as e:\n    if 'context length' in str(e):\n        pass", 4, "warning"),
    ("error-message-matched", ".py", "import openai\ntry:\n    go()\nexcept openai.BadRequestError as e:\n    if re.search('maximum context', e.message):\n        pass", 5, "warning"),
    ("error-message-matched", ".py", "import openai\ntry:\n    go()\nexcept (KeyError, openai.APIError) as e:\n    text = str(e).lower()\n    if 'rate' in text:\n        pass", 6, "warning"),
    ("error-message-matched", ".ts", TS_PLAIN.join(["try { ", "} catch (e: any) {\n  if (e.message.includes('context')) again();\n}"]), 3, "warning"),
    ("error-message-matched", ".ts", TS_PLAIN.join(["try { ", "} catch (e: any) {\n  if (/rate limit/i.test(e.message)) again();\n}"]), 3, "warning"),
    ("id-format", ".py", "def f(call):\n    return call.id.startswith('call_')", 2, "warning"),
    ("id-format", ".py", "def f(tool_call_id):\n    return re.match(r'^call_[A-Za-z0-9]{24}$', tool_call_id)", 2, "warning"),
    ("id-format", ".py", "def f(tool_call):\n    assert len(tool_call.id) == 29", 2, "warning"),
    ("id-format", ".py", "def f(d):\n    return d['id'].startswith('chatcmpl-')", 2, "warning"),
    ("id-format", ".py", "def f(d):\n    return len(d['tool_call_id']) != 9", 2, "warning"),
    ("id-format", ".ts", "const ok = (call: C) => call.id.length === 29;", 1, "warning"),
    ("id-format", ".ts", "const ok = (id: string) => /^chatcmpl-/.test(id);", 1, "warning"),
    ("id-format", ".ts", "const ok = (tc: T) => tc.id.startsWith('call_');", 1, "warning"),
    ("tool-calls-truthy", ".ts", TS_PLAIN + "const m = r.choices?.[0]?.message;\nif (m.tool_calls) { run(m); } else { say(m.content); }", 3, "warning"),
    ("tool-calls-truthy", ".ts", "function f(message: M) {\n  if (message.tool_calls) return run(message);\n  return message.content;\n}", 2, "warning"),
    ("tool-calls-truthy", ".ts", "const f = (message: M) => message.tool_calls ? run(message) : message.content;", 1, "warning"),
    ("tool-calls-truthy", ".py", "def f(message):\n    if message.tool_calls is not None:\n        return run(message)\n    return message.content", 2, "warning"),
    ("tool-calls-truthy", ".py", "def f(message):\n    if 'tool_calls' in message:\n        return run(message)\n    return message['content']", 2, "warning"),
]  # fmt: skip

SILENT: list[tuple[str, str, str]] = [
    ("choices-unchecked", ".py", STREAM + "for chunk in s:\n    if chunk.choices and chunk.choices[0].delta.content:\n        yield_(chunk)"),
    ("choices-unchecked", ".py", STREAM + "for chunk in s:\n    if not chunk.choices:\n        continue\n    d = chunk.choices[0].delta"),
    ("choices-unchecked", ".py", STREAM + "for chunk in s:\n    if len(chunk.choices) > 0:\n        d = chunk.choices[0].delta"),
    ("choices-unchecked", ".py", PLAIN + "try:\n    x = r.choices[0].message\nexcept IndexError:\n    x = None"),
    ("choices-unchecked", ".py", PLAIN + "try:\n    x = r.choices[0].message\nexcept Exception:\n    x = None"),
    ("choices-unchecked", ".py", "def f(r):\n    choices = r.get('choices')\n    if not choices:\n        return\n    return choices[0]['message']"),
    ("choices-unchecked", ".py", PLAIN + "texts = [choice.message.content for choice in r.choices]"),
    ("choices-unchecked", ".py", "parser.choices[0]\nfield.choices[0][1]\nrandom.choices(x)[0]"),
    ("choices-unchecked", ".py", "def f(data):\n    r = model.predict(data)\n    return r.options[0].text"),
    ("choices-unchecked", ".ts", TS_STREAM + "for await (const chunk of s) out += chunk.choices[0]?.delta?.content ?? '';"),
    ("choices-unchecked", ".ts", TS_PLAIN + "const text = r.choices?.[0]?.message.content;"),
    ("choices-unchecked", ".ts", TS_PLAIN + "if (r.choices.length === 0) throw new Error('none');\nconst t = r.choices[0].message;"),
    ("choices-unchecked", ".ts", "try { " + TS_PLAIN + "use(r.choices[0].message); } catch (e) { report(e); }"),
    ("usage-required", ".py", PLAIN + "total = r.usage.total_tokens if r.usage else 0"),
    ("usage-required", ".py", STREAM + "for chunk in s:\n    if chunk.usage:\n        n = chunk.usage.total_tokens"),
    ("usage-required", ".py", PLAIN + "u = r.usage\nif u is not None:\n    log(u.total_tokens)"),
    ("usage-required", ".py", "def f(r):\n    usage = r.get('usage') or {}\n    return usage.get('total_tokens', 0)"),
    ("usage-required", ".py", "import anthropic\nr = anthropic.Anthropic().messages.create(model='m')\nn = r.usage.input_tokens"),
    ("usage-required", ".py", "import psutil\nn = psutil.disk().usage.total"),
    ("usage-required", ".ts", TS_PLAIN + "meter(r.usage?.total_tokens ?? 0);"),
    ("usage-required", ".ts", TS_PLAIN + "if (r.usage) meter(r.usage.total_tokens);"),
    ("finish-reason-single", ".py", "def f(c):\n    if c.finish_reason == 'length':\n        warn()"),
    ("finish-reason-single", ".py", "def f(c):\n    if c.finish_reason == 'tool_calls' or c.message.tool_calls:\n        run()"),
    ("finish-reason-single", ".py", "def f(c):\n    if c.finish_reason == 'stop':\n        return 1\n    if c.finish_reason == 'length':\n        return 2"),
    ("finish-reason-single", ".py", "def f(c):\n    return c.finish_reason in ('stop', 'length')"),
    ("finish-reason-single", ".py", "def f(c):\n    match c.finish_reason:\n        case 'stop': ...\n        case _: ..."),
    ("finish-reason-single", ".py", "answer = {'finish_reason': 'stop'}"),
    ("finish-reason-single", ".ts", "switch (c.finish_reason) { case 'stop': a(); break; case 'length': b(); }"),
    ("model-list", ".py", "M = ['gpt-4o']\ndef f(model):\n    if model not in M:\n        log('unknown model')"),
    ("model-list", ".py", "LIMIT = {'gpt-4o': 1}\ndef f(model):\n    return LIMIT.get(model, 8192)"),
    ("model-list", ".py", "LIMIT = {'gpt-4o': 1}\ndef f(model):\n    return LIMIT[model] if model in LIMIT else 8192"),
    ("model-list", ".py", "LIMIT = {'gpt-4o': 1}\ndef f(model):\n    try:\n        return LIMIT[model]\n    except KeyError:\n        return 0"),
    ("model-list", ".py", "LIMIT = {}\ndef f(model):\n    LIMIT[model] = 3"),
    ("model-list", ".py", "if mode not in ['a', 'b']:\n    raise ValueError\nif model not in ['linear', 'tree']:\n    raise ValueError"),
    ("model-list", ".py", "parser.add_argument('--mode', choices=['fast', 'slow'])\nclick.Choice(NAMES)\nz.enum()"),
    ("model-list", ".py", "def f(model):\n    return model.startswith('bert')"),
    ("model-list", ".py", "if model in set(NAMES) or model in known():\n    raise ValueError"),
    ("model-list", ".ts", "const f = (o: X) => o.name.startsWith('gpt-5');"),
    ("json-per-chunk", ".py", "import httpx\nwith httpx.stream('POST', 'https://a/v1/chat/completions', json=b) as r:\n    for line in r.iter_lines():\n        d = json.loads(line[6:])"),
    ("json-per-chunk", ".py", "import httpx\nwith httpx.stream('POST', 'https://a/v1/chat/completions', json=b) as r:\n    kept = b''\n    for piece in r.iter_bytes():\n        kept += piece\n        while b'\\n' in kept:\n            line, _, kept = kept.partition(b'\\n')\n            d = json.loads(line)"),
    ("json-per-chunk", ".py", PLAIN + "for call in r.choices[0].message.tool_calls:\n    a = json.loads(call.function.arguments)"),
    ("json-per-chunk", ".py", "for line in open('x'):\n    json.loads(line)"),
    ("json-per-chunk", ".ts", TS_PLAIN + "const a = JSON.parse(r.choices[0].message.content);"),
    ("json-per-chunk", ".ts", "const r = await fetch(`${b}/chat/completions`, {body});\nlet kept = '';\nfor await (const piece of r.body) { kept += piece; const lines = kept.split('\\n'); for (const l of lines) JSON.parse(l); }"),
    ("error-message-matched", ".py", "import openai\ntry:\n    go()\nexcept openai.RateLimitError as e:\n    log(str(e))"),
    ("error-message-matched", ".py", "try:\n    c.models.list()\nexcept Exception as e:\n    if e.status_code == 429:\n        pass"),
    ("error-message-matched", ".py", "try:\n    open('x')\nexcept OSError as e:\n    if 'denied' in str(e):\n        pass"),
    ("error-message-matched", ".py", "import openai\ntry:\n    go()\nexcept openai.APIError as e:\n    if e.code == 'context_length_exceeded':\n        pass"),
    ("error-message-matched", ".py", "try:\n    c.models.list()\nexcept Exception as e:\n    t = u\n    u = t\n    if 'a' in t or 'b' in e.body['x']:\n        pass"),
    ("error-message-matched", ".ts", "try { JSON.parse(x) } catch (e: any) { if (e.message.includes('JSON')) again(); }"),
    ("id-format", ".py", "def f(call):\n    return call.id.startswith('order-')"),
    ("id-format", ".py", "def f(name):\n    return name.startswith('call_')"),
    ("id-format", ".py", "def f(tool_call):\n    return len(tool_call.id) > 0"),
    ("id-format", ".py", "def f(user):\n    return len(user.id) == 24"),
    ("id-format", ".py", "call_id = f'call_{n}'"),
    ("id-format", ".py", "def f(e):\n    return re.match('^call_', e.text) or e.id.endswith('call_')"),
    ("tool-calls-truthy", ".ts", "function f(message: M) {\n  if (message.tool_calls?.length) return run(message);\n  return message.content;\n}"),
    ("tool-calls-truthy", ".ts", "function f(m: M) {\n  if (m.tool_calls && m.tool_calls.length > 0) return run(m);\n  return m.content;\n}"),
    ("tool-calls-truthy", ".ts", "for await (const chunk of s) { if (chunk.choices[0]?.delta.tool_calls) add(chunk); }"),
    ("tool-calls-truthy", ".ts", "if (message.tool_calls) { for (const call of message.tool_calls) run(call); }"),
    ("tool-calls-truthy", ".py", "def f(message):\n    if message.tool_calls:\n        return run(message)\n    return message.content"),
    ("tool-calls-truthy", ".py", "def f(message):\n    if message.tool_calls is not None and len(message.tool_calls) > 0:\n        return run(message)"),
]  # fmt: skip


def found(suffix: str, text: str) -> list[tuple[str, int, str]]:
    head = HEAD[suffix]
    known = assumptions(answers(head + text, f"app{suffix}"))
    return [(one.id, one.place.line - head.count("\n"), one.level) for one in known]


@pytest.mark.parametrize(("kind", "suffix", "text", "line", "level"), FIRES)
def test_fragile(kind: str, suffix: str, text: str, line: int, level: str) -> None:
    assert [one for one in found(suffix, text) if one[0] == kind] == [(kind, line, level)]


@pytest.mark.parametrize(("kind", "suffix", "text"), SILENT)
def test_harmless(kind: str, suffix: str, text: str) -> None:
    assert [one for one in found(suffix, text) if one[0] == kind] == []


def test_every_assumption_has_rows_of_both_kinds_a_drift_and_a_place_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs/scan.md").read_text("utf-8")
    drifts = (Path(__file__).parents[2] / "docs/drifts.md").read_text("utf-8")
    for name, (kind, _) in kinds().items():
        assert len([row for row in FIRES if row[0] == name]) >= 4
        assert len([row for row in SILENT if row[0] == name]) >= 4
        assert f"`{name}`" in page
        assert [drift for drift in kind.drifts if not re.search(rf"\b{drift}\b", drifts)] == []


def test_a_file_that_is_about_something_else_takes_nothing_for_granted() -> None:
    text = "def f(x):\n    if x.finish_reason == 'stop':\n        return x.usage.total_tokens"
    assert list(assumptions(answers(text))) == []
