// One use of a composite action.yml on this machine, without GitHub, docker or a network.
//
// `node run-action.mjs FOLDER SCENARIO.json` prints what came of it as JSON. A scenario holds `with`, `env`, `secrets`,
// `github` (a part of that context), `strategy`, `stubs` (folders of actions by name), `workspace`, `temp`, `baseEnv`.
// It follows actions/runner: CompositeActionHandler, ScriptHandler. What it can't show: permissions, other shells than
// bash, actions in JavaScript or docker, and when a line was printed (standard output comes first).

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import YAML from "yaml";
import { pairs, read } from "./commands.mjs";
import { condition, mistakes, text } from "./expressions.mjs";

const BASH = ["--noprofile", "--norc", "-e", "-o", "pipefail"];
const ANNOTATIONS = 10; // of a level, for each step
const SUMMARY = 1024 * 1024; // bytes, for each step
const FILES = ["env", "output", "path", "state", "step_summary"];
const LEVELS = ["error", "warning", "notice"];

function runAction(folder, scenario, run = begun(scenario)) {
  const file = path.join(folder, "action.yml");
  const content = fs.readFileSync(file, "utf8");
  const wrong = mistakes(file, content);
  if (wrong.length) {
    run.errors.push(...wrong);
    return { conclusion: "failure", outputs: {} };
  }
  // not the parser's tree: it keeps the indentation of YAML in a `run:` of several lines
  const action = YAML.parse(content);
  const scope = scoped(action, folder, scenario, run);
  for (const [number, step] of action.runs.steps.entries()) {
    follow(step, step.id ?? `__${number}`, scope, scenario, run);
  }
  const outputs = mapped(action.outputs, ({ value }) => text(value, scope));
  return { conclusion: scope.contexts.job.status, outputs };
}

/** What a use and the actions inside of it have in common. */
function begun({ secrets = [] }) {
  const lists = ["annotations", "dropped", "summaries", "log", "leaks", "uses", "warnings", "errors", "steps"];
  return { ...Object.fromEntries(lists.map((name) => [name, []])), secrets, masks: [...secrets], env: {} };
}

// -- what expressions see -----------------------------------------------------------------------

function scoped(action, folder, scenario, run) {
  const job = { status: "success" };
  const contexts = {
    github: github(folder, scenario),
    strategy: { "fail-fast": true, "job-index": 0, "job-total": 1, "max-parallel": 1, ...scenario.strategy },
    matrix: {},
    job,
    runner: { os: "Linux", arch: "X64", name: "harness", temp: scenario.temp, environment: "self-hosted" },
  };
  const inputs = given(action.inputs ?? {}, scenario.with ?? {}, { contexts, functions: {} }, run);
  const functions = {
    success: () => job.status === "success",
    failure: () => job.status === "failure",
    always: () => true,
    cancelled: () => false,
  };
  return { contexts: { ...contexts, inputs, steps: {}, env: { ...run.env, ...scenario.env } }, functions };
}

function github(folder, { workspace, temp, github: part }) {
  const event = path.join(temp, "event.json");
  fs.writeFileSync(event, JSON.stringify(part?.event ?? {}));
  return {
    ...{ event: {}, event_name: "push", event_path: event, workspace, action_path: path.resolve(folder) },
    ...{ repository: "o/r", repository_owner: "o", ref: "refs/heads/main", ref_name: "main", sha: "0".repeat(40) },
    ...{ actor: "octocat", run_id: "1", run_number: "1", run_attempt: "1", job: "job1", workflow: "contract" },
    ...{ server_url: "https://github.invalid", api_url: "http://127.0.0.1:9", token: "ghs_harness0000000" },
    ...part,
  };
}

/** As on GitHub: an empty `with:` beats the default, `required` is not enforced, a misspelt name is only a warning. */
function given(declared, passed, scope, run) {
  const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]));
  const found = {};
  for (const [name, value] of Object.entries(passed)) {
    if (!names.has(name.toLowerCase())) run.warnings.push(`Unexpected input(s) '${name}'`);
    found[names.get(name.toLowerCase()) ?? name] = String(value);
  }
  return { ...mapped(declared, (entry) => text(entry?.default, scope)), ...found };
}

// -- steps --------------------------------------------------------------------------------------

function follow(step, id, scope, scenario, run) {
  const { contexts } = scope;
  const env = { ...contexts.env, ...mapped(step.env, (value) => text(value, scope)) };
  const inside = { ...scope, contexts: { ...contexts, env } };
  const record = { id, outcome: "skipped", conclusion: "skipped" };
  let outputs = {};
  run.steps.push(record);
  try {
    if (condition(step.if, inside)) {
      const done = step.uses ? use(step, inside, scenario, run) : script(step, id, inside, scenario, run);
      outputs = done.outputs;
      record.outcome = done.conclusion;
    }
  } catch (error) {
    run.errors.push(`${id}: ${error.message}`);
    record.outcome = "failure";
  }
  const tolerated = record.outcome === "failure" && text(step["continue-on-error"], inside) === "true";
  record.conclusion = tolerated ? "success" : record.outcome;
  contexts.steps[id] = { outputs, outcome: record.outcome, conclusion: record.conclusion };
  if (record.conclusion === "failure") contexts.job.status = "failure";
}

function use(step, scope, scenario, run) {
  const [name, ref = ""] = step.uses.split("@");
  const passed = mapped(step.with, (value) => text(value, scope));
  run.uses.push({ uses: step.uses, with: passed, pinned: /^[0-9a-f]{40}$/.test(ref) });
  const stub = scenario.stubs?.[name];
  if (!stub) throw new Error(`no stub for ${step.uses}`);
  return runAction(stub, { ...scenario, with: passed, env: scope.contexts.env }, run);
}

function script(step, id, scope, scenario, run) {
  if (step.shell !== "bash") throw new Error(`the shell ${step.shell} is not known here`);
  const file = path.join(scenario.temp, `${randomUUID()}.sh`);
  const content = text(step.run, scope);
  fs.writeFileSync(file, content);
  leaks(run, `the script of ${id}`, content);
  const files = Object.fromEntries(FILES.map((name) => [name, path.join(scenario.temp, `_${name}_${randomUUID()}`)]));
  for (const name of Object.values(files)) fs.writeFileSync(name, "");
  const done = spawnSync("bash", [...BASH, file], {
    cwd: scenario.workspace,
    env: environment(scope.contexts, scenario, files),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 300_000,
  });
  tell(`${done.stdout}${done.stderr}`, id, run); // the runner looks for commands in both
  const outputs = handedOn(files, id, run);
  return { conclusion: done.status === 0 ? "success" : "failure", outputs };
}

function environment({ github: context, runner, env }, { baseEnv }, files) {
  const { token, ...shown } = context; // scripts get it only where an `env:` says so
  const prefixed = (prefix, values) =>
    Object.entries(values)
      .filter(([, value]) => typeof value === "string")
      .map(([name, value]) => [`${prefix}_${name.toUpperCase()}`, value]);
  const ours = Object.fromEntries([...prefixed("GITHUB", { ...shown, ...files }), ...prefixed("RUNNER", runner)]);
  return { ...baseEnv, CI: "true", GITHUB_ACTIONS: "true", ...env, ...ours };
}

// -- what a step said ---------------------------------------------------------------------------

function tell(log, id, run) {
  const shown = {};
  for (const { name, properties, message, line } of read(log)) {
    if (name === "add-mask") run.masks.push(message);
    else leaks(run, `the log of ${id}`, line);
    if (!name && line) run.log.push(masked(run, line));
    if (!LEVELS.includes(name)) continue;
    shown[name] = (shown[name] ?? 0) + 1;
    const kept = shown[name] > ANNOTATIONS ? run.dropped : run.annotations;
    kept.push({ level: name, step: id, message: masked(run, message), ...properties });
  }
}

/** Files are read also where the step failed. */
function handedOn(files, id, run) {
  const [env, outputs] = [files.env, files.output].map((file) => pairs(fs.readFileSync(file, "utf8")));
  for (const [name, value] of Object.entries({ ...env, ...outputs })) leaks(run, `${name} of ${id}`, value);
  Object.assign(run.env, env);
  const markdown = fs.readFileSync(files.step_summary, "utf8");
  leaks(run, `the summary of ${id}`, markdown);
  if (Buffer.byteLength(markdown) > SUMMARY) run.errors.push(`the summary of ${id} is dropped: it is too large`);
  else if (markdown) run.summaries.push({ step: id, markdown: masked(run, markdown) });
  return outputs;
}

function leaks(run, where, said) {
  if (run.secrets.some((secret) => said.includes(secret))) run.leaks.push(where);
}

function masked(run, said) {
  return run.masks.filter(Boolean).reduce((found, secret) => found.replaceAll(secret, "***"), said);
}

function mapped(entries, change) {
  return Object.fromEntries(Object.entries(entries ?? {}).map(([name, value]) => [name, change(value)]));
}

const [folder, file] = process.argv.slice(2);
const scenario = JSON.parse(fs.readFileSync(file, "utf8"));
const run = begun(scenario);
const { masks, secrets, env, ...found } = { ...run, ...runAction(folder, scenario, run) };
console.log(JSON.stringify(found));
