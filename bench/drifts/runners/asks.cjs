// A provider of promptfoo that sends a recorded request; its output is the answer in the form of `form.py`.
// Its own HTTP provider would do, but that a 401, 403 or 404 ends the whole evaluation, and goldens of errors have them.
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const isObject = (value) => typeof value === "object" && value !== null;
const listOf = (value) => (Array.isArray(value) ? value : []);
const textOf = (value) => (typeof value === "string" ? value : "");

// The content and the calls of a chat put together; JSON in them is read.
const meant = (documents) => {
  let content = "";
  const calls = new Map();
  for (const choice of documents.filter(isObject).flatMap((one) => listOf(one.choices)).filter(isObject)) {
    const part = choice.message !== undefined ? choice.message : choice.delta;
    if (!isObject(part)) continue;
    content += textOf(part.content);
    for (const [number, call] of listOf(part.tool_calls).entries()) {
      if (!isObject(call) || !isObject(call.function)) continue;
      const key = String(call.index ?? number);
      const one = calls.get(key) ?? { name: "", arguments: "" };
      calls.set(key, one);
      one.name += textOf(call.function.name);
      one.arguments += textOf(call.function.arguments);
    }
  }
  const read = [...calls.values()].map((one) => ({ name: one.name, arguments: parsed(one.arguments) }));
  const document = parsed(content);
  return { content: isObject(document) ? document : content, calls: read };
};

const form = (status, contentType, text) => {
  const media = contentType.split(";")[0].trim().toLowerCase();
  if (media !== "text/event-stream") return { status, media, body: parsed(text), meant: meant([parsed(text)]) };
  const lines = text.split("\n").filter((line) => line.startsWith("data:"));
  const data = lines.map((line) => line.slice(5).trim());
  const events = data.filter((one) => one !== "[DONE]").map(parsed);
  return { status, media, events, end: (data.at(-1) ?? "").slice(0, 6), meant: meant(events) };
};

module.exports = class {
  id() {
    return "asks";
  }

  async callApi(_prompt, { vars }) {
    const headers = { authorization: "Bearer bench-key-0001", "content-type": vars.media };
    const body = vars.method === "GET" ? undefined : vars.body;
    try {
      const asked = { method: vars.method, headers, body, signal: AbortSignal.timeout(20_000) };
      const answer = await fetch(vars.url, asked);
      return { output: form(answer.status, answer.headers.get("content-type") ?? "", await answer.text()) };
    } catch (error) {
      return { output: { failed: String(error) } };
    }
  }
};
