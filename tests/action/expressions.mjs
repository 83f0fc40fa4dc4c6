// `${{ … }}` by GitHub's own engine, with two repairs: what its lexer and its reader of YAML get wrong is done here.

import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { truthy } from "@actions/expressions/result";
import { register } from "node:module";

// @actions/workflow-parser imports its JSON schema without an import attribute, which Node refuses.
const JSON_AS_MODULE = `
  import fs from "node:fs";
  export async function load(url, context, next) {
    if (!url.endsWith(".min.json")) return next(url, context);
    return { format: "module", shortCircuit: true, source: "export default " + fs.readFileSync(new URL(url), "utf8") };
  }`;
register(`data:text/javascript,${encodeURIComponent(JSON_AS_MODULE)}`);
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
const { ensureStatusFunction } = await import("@actions/workflow-parser/model/converter/if-condition");

const STRING = 18; // TokenType.STRING
const IN_CONDITIONS = {
  allowedContext: [
    ...["github", "inputs", "strategy", "matrix", "steps", "job", "runner", "env"],
    ...["always(0,0)", "failure(0,0)", "cancelled(0,0)", "success(0,0)", "hashFiles(1,255)"],
  ],
};

/** What GitHub's own parser says is wrong with an action: schema, and contexts that are not allowed where they stand. */
export function mistakes(name, content) {
  const quiet = { info() {}, verbose() {}, error() {} };
  const { context } = parseAction({ name, content }, quiet);
  return context.errors.getErrors().map((error) => error.message);
}

/** The value of one expression. `scope` holds `contexts` by name, and `functions` that return plain values. */
export function evaluate(expression, { contexts, functions }) {
  const infos = Object.entries(functions).map(([name, call]) => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: (...given) => boxed(call(...given)),
  }));
  const tree = new Parser(tokens(expression), Object.keys(contexts), infos).parse();
  const calls = new Map(infos.map((info) => [info.name.toLowerCase(), info]));
  return new Evaluator(tree, boxed(contexts), calls).evaluate();
}

/** A value of an action.yml, with what its expressions say. */
export function text(value, scope) {
  const said = parts(String(value ?? "")).map((part) =>
    "expression" in part ? evaluate(part.expression, scope).coerceString() : part.text,
  );
  return said.join("");
}

/** Whether a step runs: `success()` goes without saying unless the condition names a status function. */
export function condition(value, scope) {
  if (value === undefined) return truthy(evaluate("success()", scope));
  const [only, ...more] = parts(String(value).trim());
  if (more.length) return true; // text around an expression makes a string, and that is never empty
  const wanted = ensureStatusFunction(only.expression ?? only.text, IN_CONDITIONS);
  return truthy(evaluate(wanted, scope));
}

/** The lexer unescapes only the first '' of a literal. */
function tokens(expression) {
  const found = new Lexer(expression).lex().tokens;
  for (const token of found) {
    if (token.type === STRING) token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
  }
  return found;
}

function boxed(value) {
  if (value === undefined || value === null) return new data.Null();
  if (Array.isArray(value)) return new data.Array(...value.map(boxed));
  switch (typeof value) {
    case "object":
      return new data.Dictionary(...Object.entries(value).map(([key, inner]) => ({ key, value: boxed(inner) })));
    case "boolean":
      return new data.BooleanData(value);
    case "number":
      return new data.NumberData(value);
  }
  return new data.StringData(String(value));
}

/** "a ${{ b }} c" → text, expression, text. */
function parts(whole) {
  const found = [];
  let at = 0;
  for (let start; (start = whole.indexOf("${{", at)) >= 0; ) {
    if (start > at) found.push({ text: whole.slice(at, start) });
    const end = closing(whole, start + 3);
    found.push({ expression: whole.slice(start + 3, end).trim() });
    at = end + 2;
  }
  if (at < whole.length || !found.length) found.push({ text: whole.slice(at) });
  return found;
}

/** Where the `}}` is that ends an expression; one inside of a literal does not. */
function closing(whole, from) {
  let quoted = false;
  for (let at = from; at < whole.length; at++) {
    if (whole[at] === "'") quoted = !quoted;
    else if (!quoted && whole.startsWith("}}", at)) return at;
  }
  throw new Error(`an expression does not end: ${whole.slice(from)}`);
}
