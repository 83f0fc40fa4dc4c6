// A provider of promptfoo that sends a recorded request; its output is the answer in the form of `form.py`.
// Its own HTTP provider would do, but that a 401, 403 or 404 ends the whole evaluation, and goldens of errors have them.
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const form = (status, contentType, text) => {
  const media = contentType.split(";")[0].trim().toLowerCase();
  if (media !== "text/event-stream") return { status, media, body: parsed(text) };
  const lines = text.split("\n").filter((line) => line.startsWith("data:"));
  const data = lines.map((line) => line.slice(5).trim());
  const events = data.filter((one) => one !== "[DONE]").map(parsed);
  return { status, media, events, end: (data.at(-1) ?? "").slice(0, 6) };
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
