// The driver's side of the protocol (docs/sdk.md): jobs come in as JSON lines, a transcript of each goes out.
// Whatever the SDK prints goes to standard error; a connection to another host than the job's is refused and told.
import childProcess from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import net from "node:net";
import { createInterface } from "node:readline";

const PROTOCOL = 1;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const allowed = new Set();
let outside = new Set();
let imported = outside; // what the SDK wanted to reach while it was imported
let warnings = new Set();
let rejections = [];
let began = 0;

guard();
process.stdout.write = (...args) => process.stderr.write(...args);
console.log = console.info = console.debug = console.error;
process.on("warning", (warning) => warnings.add(`${warning.name}: ${warning.message}`));
process.on("unhandledRejection", (error) => rejections.push(raised(error)));

// Answers jobs until standard input ends. `perform(job, seen)` makes the call and fills `seen`.
export async function serve(hello, perform) {
  imported = outside;
  write({ protocol: PROTOCOL, hello });
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const job = JSON.parse(line);
    allowed.add(Number(new URL(job.base_url).port));
    write({ id: job.id, ...(await performed(job, perform)) });
  }
  process.exit(0);
}

async function performed(job, perform) {
  const seen = { values: {}, events: {}, headers: [] };
  const start = (began = performance.now());
  outside = new Set(imported);
  warnings = new Set();
  rejections = [];
  let timer;
  const over = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "waiting" }), job.timeout * 1000);
  });
  const call = perform(job, seen).then(
    () => ({ outcome: "returned" }),
    (error) => ({ outcome: "raised", error: raised(error), headers: [...new Set([...seen.headers, ...handed(error)])].sort() }),
  );
  const result = await Promise.race([call, over]);
  clearTimeout(timer);
  await new Promise((resolve) => setImmediate(resolve)); // rejections that nobody handles are told in the next turn
  if (rejections.length) seen.values.unhandled_rejections = rejections.map((error) => error.classes[0]);
  return {
    ...seen,
    ...result,
    warnings: [...warnings].sort(),
    outside: [...outside].sort(),
    total_ms: Math.round(performance.now() - start),
  };
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
  seen.first_ms ??= Math.round((performance.now() - began) * 10) / 10;
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
}

function refuse(what) {
  outside.add(String(what).slice(0, 200));
  throw new Error(`a driver reaches the replay server only, not ${String(what).slice(0, 200)}`);
}

function write(document) {
  writeSync(1, `${JSON.stringify(document)}\n`);
}
