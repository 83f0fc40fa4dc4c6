// The driver's side of the protocol (docs/sdk.md): jobs come in as JSON lines, a transcript of each goes out.
// Whatever the SDK prints goes to standard error; a connection to another host than the job's is refused and told.
import { AsyncLocalStorage } from "node:async_hooks";
import childProcess from "node:child_process";
import dgram from "node:dgram";
import { readFileSync, writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { createInterface } from "node:readline";
import workerThreads from "node:worker_threads";

const PROTOCOL = 1;
const AT_ONCE = 8; // jobs
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const allowed = new Set();
const blank = () => ({ outside: [], warnings: [], unhandled: [] });
const imported = blank(); // what an import does
const running = new Set();
const call = new AsyncLocalStorage();
const began = new WeakMap(); // by what is seen of a call

guard();
process.stdout.write = (...args) => process.stderr.write(...args);
console.log = console.info = console.debug = console.error;
process.on("warning", (warning) => note("warnings", `${warning.name}: ${warning.message}`));
process.on("unhandledRejection", (error) => note("unhandled", raised(error).classes[0]));

// With the call that it belongs to; where that is not known, with all that are under way.
function note(kind, text) {
  const here = call.getStore();
  const concerned = here ? [here] : running.size ? [...running] : [imported];
  for (const one of concerned) one[kind].push(text);
}

// Answers jobs until standard input ends. `perform(job, seen)` makes the call and fills `seen`.
export async function serve(hello, perform) {
  write({ protocol: PROTOCOL, hello: { ...hello, at_once: AT_ONCE } });
  const open = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const job = JSON.parse(line);
    allowed.add(Number(new URL(job.base_url).port));
    open.push(performed(job, perform).then((made) => write({ id: job.id, ...made })));
  }
  await Promise.all(open);
  process.exit(0);
}

async function performed(job, perform) {
  const noted = blank();
  const start = performance.now();
  const seen = { values: {}, events: {}, headers: [] };
  began.set(seen, start);
  running.add(noted);
  let timer;
  const over = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "waiting" }), job.timeout * 1000);
  });
  const made = call.run(noted, () => perform(job, seen)).then(
    () => ({ outcome: "returned" }),
    (error) => ({ outcome: "raised", error: raised(error), headers: [...new Set([...seen.headers, ...handed(error)])].sort() }),
  );
  const result = await Promise.race([made, over]);
  clearTimeout(timer);
  await new Promise((resolve) => setImmediate(resolve)); // rejections that nobody handles are told in the next turn
  running.delete(noted);
  noted.outside.push(...imported.outside);
  const once = Object.entries(noted).map(([kind, texts]) => [kind, [...new Set(texts)].sort()]);
  return { ...seen, ...result, ...Object.fromEntries(once), total_ms: Math.round(performance.now() - start) };
}

// An exception as applications look at it.
export function raised(error) {
  const classes = [];
  for (let at = Object.getPrototypeOf(error ?? {}); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    classes.push(at.constructor?.name ?? "?");
  }
  const inner = error?.error?.error ?? error?.error ?? error?.data?.error ?? {};
  return {
    classes: classes.length ? classes : [typeof error],
    message: String(error?.message ?? error).slice(0, 300),
    status: plain(error?.status ?? error?.statusCode),
    type: plain(error?.type ?? inner.type),
    code: plain(error?.code ?? inner.code),
    param: plain(error?.param ?? inner.param),
    retryable: typeof error?.isRetryable === "boolean" ? error.isRetryable : null,
    request_id: plain(error?.requestID ?? error?.request_id ?? error?.responseHeaders?.["x-request-id"]),
  };
}

// Names of the headers that an exception hands on: a Headers of fetch, or an object.
function handed(error) {
  const headers = error?.headers ?? error?.responseHeaders ?? {};
  return typeof headers.keys === "function" ? headers.keys() : Object.keys(headers);
}

// A value as JSON; what JSON does not know is null.
export function plain(value) {
  if (value === undefined) return null;
  try {
    return JSON.parse(JSON.stringify(value)) ?? null;
  } catch {
    return typeof value;
  }
}

// The versions of packages, and of what runs them: transports differ by the version of Node.
export function installed(...names) {
  const read = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
  const versions = Object.fromEntries(names.map((name) => [name, read(name).version]));
  return { ...versions, node: process.versions.node, undici: process.versions.undici };
}

export function count(seen, kind) {
  seen.events[kind] = (seen.events[kind] ?? 0) + 1;
}

// A piece of the answer came; the first one is timed.
export function token(seen) {
  seen.first_ms ??= Math.round((performance.now() - began.get(seen)) * 10) / 10;
}

// Whether the application leaves the stream after so many events, as the job asks.
export function left(seen, number, job) {
  seen.cancelled = number === job.cancel_after;
  return seen.cancelled;
}

function guard() {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const given = Array.isArray(args[0]) ? args[0][0] : args[0];
    const options = typeof given === "object" && given !== null ? given : { port: given, host: args[1] };
    const host = options.host ?? "localhost";
    // the agent of node:http says null where there is no socket file
    if (options.path != null || !LOOPBACK.has(host) || !allowed.has(Number(options.port))) {
      refuse(options.path ?? `${host}:${options.port}`);
    }
    return connect.apply(this, args);
  };
  for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]) {
    childProcess[name] = (command) => refuse(`${name}: ${command}`);
  }
  // a thread would have a `net` of its own
  workerThreads.Worker = class {
    constructor(script) {
      refuse(`Worker: ${script}`);
    }
  };
  for (const name of ["connect", "send"]) dgram.Socket.prototype[name] = () => refuse(`dgram: ${name}`);
  syncBuiltinESMExports(); // for those who import the names
}

function refuse(what) {
  note("outside", String(what).slice(0, 200));
  throw new Error(`a driver reaches the replay server only, not ${String(what).slice(0, 200)}`);
}

function write(document) {
  writeSync(1, `${JSON.stringify(document)}\n`);
}
