// What the runner reads from a step: commands in its log (ActionCommand.cs), and pairs in its files
// (FileCommandManager.cs).

const NAMES = new Set([
  ...["error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask", "add-matcher", "remove-matcher"],
  ...["stop-commands", "set-output", "save-state", "set-env", "add-path"],
]);
const ESCAPES = [["%0D", "\r"], ["%0A", "\n"], ["%3A", ":"], ["%2C", ","], ["%25", "%"]];

/** Each line of a log as `{ line }`, or as `{ name, properties, message }` where it is a command that fires. */
export function* read(log) {
  let resume = "";
  for (const line of log.split("\n")) {
    const found = command(line);
    const known = found && (NAMES.has(found.name) || found.name === resume);
    if (known && resume && found.name === resume) resume = "";
    else if (!known || resume) yield { line };
    else if (found.name === "stop-commands") resume = found.message;
    else yield { ...found, line };
  }
}

/** The pairs of a file like GITHUB_OUTPUT: `name=value`, or `name<<end`, lines, `end`. */
export function pairs(content) {
  const found = {};
  const lines = content.replace(/\n$/, "").split("\n").values();
  for (const line of lines) {
    if (!line) continue;
    const [, name, sign, rest] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (!name || (sign === "<<" && !rest)) throw new Error(`no pair: ${line}`);
    found[name] = sign === "=" ? rest : until(lines, rest);
  }
  return found;
}

function until(lines, end) {
  const found = [];
  for (let next; !(next = lines.next()).done; found.push(next.value)) {
    if (next.value === end) return found.join("\n");
  }
  throw new Error(`nothing ends with ${end}`);
}

/** A command at the start of a line, or in the old form anywhere in it. */
function command(line) {
  const today = /^\s*::([^\s:]+)(?:\s(.*?))?::(.*)$/s.exec(line);
  const before = today ? null : /##\[([^\s\]]+)(?:\s([^\]]*))?\](.*)$/.exec(line);
  const [, name, properties = "", message] = today ?? before ?? [];
  if (!name) return undefined;
  return { name, properties: named(properties.split(before ? ";" : ",")), message: plain(message, false) };
}

function named(given) {
  const found = given.filter((pair) => pair.includes("=")).map((pair) => pair.split(/=(.*)/s));
  return Object.fromEntries(found.map(([name, value]) => [name.trim(), plain(value, true)]));
}

function plain(escaped, property) {
  return ESCAPES.filter(([, char]) => property || !":,".includes(char)).reduce(
    (found, [code, char]) => found.replaceAll(code, char),
    escaped,
  );
}
