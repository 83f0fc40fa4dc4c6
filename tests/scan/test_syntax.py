"""Both languages as one tree: constructs that come out alike, and those of one language alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.inventory import scan as scanning
from gate.inventory.scan import scan
from gate.inventory.syntax import python, script
from gate.inventory.syntax.node import Node, UnreadableError


def told(node: Node) -> str:
    """A tree on one line: kind:word?(parts)."""
    parts = " ".join(text for part in node.parts if (text := told(part)))
    if node.kind in ("block", "other") and not node.word:
        return f"{{{parts}}}" if node.kind == "block" and parts else parts
    word = f":{node.word}" if node.word else ""
    return f"{node.kind}{word}{node.mark and f'/{node.mark}'}" + (f"({parts})" if parts else "")


PYTHON = [
    ("a.b[0]['c']", "{index(index(member:b(name:a) number:0) text:c)}"),
    ("f(1, *a, k=2, **d)", "{call(name:f number:1 spread(name:a) keyword:k(number:2) spread(name:d))}"),
    ("await f(x=-1)", "{call(name:f keyword:x(number:-1))}"),
    ("{'a': 1, b: 2, **c}", "{mapping(keyword:a(number:1) keyword(number:2 name:b) spread(name:c))}"),
    ("f'{a}/v1' + b", "{template(template(name:a text:/v1) name:b)}"),
    ("'%s/x' % a", "{template(text:%s/x name:a)}"),
    ("a * b", "{name:a name:b}"),
    ("a < b <= c", "{logic:and(compare:<(name:a name:b) compare:<=(name:b name:c))}"),
    ("not a or b if c else d", "{choose(name:c logic:or(not(name:a) name:b) name:d)}"),
    ("a = b = 1", "{{assign:=(name:a number:1) assign:=(name:b number:1)}}"),
    ("a: OpenAI = f()", "{assign:=/OpenAI(name:a call(name:f))}"),
    ("a += 1", "{assign:+=(name:a number:1)}"),
    ("if (a := f()): pass", "{if(assign:=(name:a call(name:f)))}"),
    ("x = [y for y in z if y]", "{assign:=(name:x loop:for(name:y name:z if(name:y {name:y})))}"),
    ("x = {k: v for k, v in z}", "{assign:=(name:x loop:for(list(name:k name:v) name:z {name:k name:v}))}"),
    ("with f() as g, h(): i()", "{{assign:=(name:g call(name:f)) call(name:h) call(name:i)}}"),
    ("import a.b, c as d", "{{import:a.b(name:*/a.b) import:c(name:*/d)}}"),
    ("from ..x import y as z", "{import:..x(name:y/z)}"),
    ("def f(a: B, *, c=1): return a", "{{number:1 function:f({name:a/B name:c} {leave:return(name:a)})}}"),
    ("@d('x')\ndef f(): raise E", "{{decorator(call(name:d text:x)) function:f({leave:raise(name:E)})}}"),
    ("@d\nclass A(B): x = 1", "{{decorator(name:d) class:A({name:B} {assign:=(name:x number:1)})}}"),
    ("g = lambda a: a", "{assign:=(name:g function({name:a} {name:a}))}"),
    ("while a: break", "{loop:while(name:a {leave:break})}"),
    ("try: a()\nexcept (E, F) as e: b()\nfinally: c()", "{try({call(name:a)} handler:e(list(name:E name:F) {call(name:b)}) {call(name:c)})}"),
    ("match a:\n  case 'x': b()", "{switch(name:a {text:x call(name:b)})}"),
    ("assert a is not None", "{assert(compare:is not(name:a constant:None))}"),
    ("~a, b'x', 1.5, ...", "{list(name:a text:x number:1.5 constant:Ellipsis)}"),
    ("9" * 30, "{number}"),
]  # fmt: skip
SCRIPT = [
    ("a.b[0]['c'];", "{index(index(member:b(name:a) number:0) text:c)}"),
    ("a?.b?.[0]!.c;", "{member:c(index/?(member:b/?(name:a) number:0))}"),
    ("new A.B({x: 1, y, ...z, 'k': 2, [m]: 3, f() { return 1; }});", "{call/new(member:B(name:A) mapping(keyword:x(number:1) keyword:y(name:y) spread(name:z) keyword:k(number:2) keyword(number:3 name:m) keyword:f(function:f({leave:return(number:1)}))))}"),
    ("await f(`${a}/v1`, 'x' + b);", "{call(name:f template(name:a text:/v1) template(text:x name:b))}"),
    ("tag`x${a}`;", "{call(name:tag template(text:x name:a))}"),
    ("(a === b && c) ?? (!d || e);", "{logic:??(logic:and(compare:==(name:a name:b) name:c) logic:or(not(name:d) name:e))}"),
    ("a ? b : -1;", "{choose(name:a name:b number:-1)}"),
    ("typeof a * b;", "{name:a name:b}"),
    ("const { a, b: c, d = 1, ...e } = f();", "{assign:=(mapping(keyword:a(name:a) keyword:b(name:c) keyword:d(name:d)) call(name:f))}"),
    ("const { b: { c } } = f();", "{assign:=(mapping(keyword:b(mapping(keyword:c(name:c)))) call(name:f))}"),
    ("let a: OpenAI | null = f();", "{assign:=/OpenAI | null(name:a call(name:f))}"),
    ("a += 1; b ??= 2; c.d = 3;", "{assign:+=(name:a number:1) assign:=(name:b number:2) assign:=(member:d(name:c) number:3)}"),
    ("import a, { b as c, d } from 'x'; import * as e from 'y'; import 'z';", "{import:x(name:default/a name:b/c name:d/d) import:y(name:*/e) import:z}"),
    ("const a = require('x'); const { b: c } = require('y');", "{import:x(name:*/a) import:y(name:b/c)}"),
    ("function f(a: B, { c }: D, ...e) { throw a; }", "{function:f({name:a/B name/D name} {leave:raise(name:a)})}"),
    ("const f = async x => x.y;", "{assign:=(name:f function({name:x} {member:y(name:x)}))}"),
    ("class A extends B { c = 1; #d; constructor() { this.e = 2; } }", "{class:A({assign:=(member:c(name:this) number:1) assign:=(member:#d(name:this)) function:constructor({assign:=(member:e(name:this) number:2)})})}"),
    ("for (const a of b) c(a); for (let i = 0; i < 3; i++) d();", "{loop:for(name:a name:b {call(name:c name:a)}) loop:while(compare:<(name:i number:3) {assign:=(name:i number:0) name:i call(name:d)})}"),
    ("do { a(); } while (b);", "{loop:while(name:b {call(name:a)})}"),
    ("if (a) b(); else if (c) d(); else { e(); }", "{if(name:a {call(name:b)} {if(name:c {call(name:d)} {call(name:e)})})}"),
    ("try { a(); } catch { b(); } finally { c(); }", "{try({call(name:a)} handler({call(name:b)}) {call(name:c)})}"),
    ("switch (a) { case 'x': b(); break; default: c(); }", "{switch(name:a {text:x call(name:b) leave:break} {call(name:c)})}"),
    ("export default /x/i.test((a as string));", "{call(member:test(regex:/x/i) name:a)}"),
    ("interface A { b: string } type C = A; // no more", ""),
    ("[1, null, true, undefined];", "{list(number:1 constant:null constant:true name:undefined)}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), PYTHON)
def test_python(text: str, tree: str) -> None:
    assert told(python.parse(text.encode())) == tree


@pytest.mark.parametrize(("text", "tree"), SCRIPT)
def test_scripts(text: str, tree: str) -> None:
    assert told(script.parse(text.encode(), ".ts")) == tree


@pytest.mark.parametrize("suffix", script.SUFFIXES)
def test_every_kind_of_script(suffix: str) -> None:
    types = ": string" if "ts" in suffix else ""
    body = "<a b={c()} />" if suffix.endswith("x") else "c()"
    assert "call(name:c)" in told(script.parse(f"\ufeffconst x{types} = {body};".encode(), suffix))


def test_what_has_an_error_still_shows_the_rest() -> None:
    assert "call(name:f)" in told(script.parse(b"const a = ; ) } f(); ((", ".js"))


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "_SECONDS", -1.0)
    with pytest.raises(UnreadableError, match="takes too long"):
        script.parse(b"f(1);\n" * 20_000, ".js")
    monkeypatch.setattr(script, "_SECONDS", 5.0)
    assert "call(name:f" in told(script.parse(b"f(1);", ".js"))  # and the next file is read from its beginning


def test_what_is_too_deep_for_us_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(_: object) -> None:
        raise RecursionError

    (tmp_path / "a.py").write_text("import openai")
    monkeypatch.setattr(scanning, "Answers", deep)
    assert scan(tmp_path).unread == (("a.py", "nested too deeply"),)
