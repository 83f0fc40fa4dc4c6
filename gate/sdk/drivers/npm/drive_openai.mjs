// Calls the official SDK for Node as applications do: plain, raw, streamed, parsed, by the stream's helper.
import { count, installed, left, plain, serve, token } from "./protocol.mjs";

const { default: OpenAI, toFile } = await import("openai");

// Where a method is not called `create`.
const NAMED = { files: "list", images: "generate", models: "list" };

const at = (client, endpoint) => endpoint.split(".").reduce((resource, name) => resource[name], client);

// A file as a name and its content.
async function asked(body) {
  const file = body.file?.base64 && { file: await toFile(Buffer.from(body.file.base64, "base64"), body.file.name) };
  return { ...body, ...file };
}

async function perform(job, seen) {
  const options = { baseURL: job.base_url, apiKey: job.api_key };
  if (job.read_timeout) options.timeout = job.read_timeout * 1000;
  const client = new OpenAI(options);
  // it is in no header but that of a request which names its own
  seen.timeout_s = client.timeout / 1000;
  const resource = at(client, job.endpoint);
  const named = NAMED[job.endpoint] ?? "create";
  const { stream, ...body } = job.body;
  // a list takes options, not a body
  const given = named === "list" ? [] : [await asked(job.body)];
  switch (job.call) {
    case "create":
      return read(job, await resource[named](...given), seen);
    case "raw": {
      const { data, response } = await resource[named](...given).withResponse();
      seen.headers = [...response.headers.keys()].sort();
      return read(job, data, seen);
    }
    case "stream":
      return streamed(job, await resource[named](...given), seen);
    case "helper": {
      const helper = (resource.stream ? resource : client.beta.chat.completions).stream(body);
      for await (const event of helper) {
        count(seen, event.type ?? event.object ?? "event");
        if (says(event)) token(seen);
      }
      const final = helper.finalResponse ? await helper.finalResponse() : await helper.finalChatCompletion();
      return read(job, final, seen);
    }
    case "parse": {
      const answer = await (resource.parse ? resource : client.beta.chat.completions).parse(job.body);
      seen.values.parsed = answer.choices ? answer.choices.map((choice) => plain(choice.message.parsed)) : plain(answer.output_parsed);
      return read(job, answer, seen);
    }
    default:
      throw new Error(`no such call: ${job.call}`);
  }
}

// Text as it is; what is no text for a person (a picture, no address) by its length.
const size = (value) => (typeof value === "string" && value.length > 100 ? value.length : plain(value));

const READ = {
  "audio.speech": async (answer, values) => {
    values.sound = (await answer.arrayBuffer()).byteLength;
  },
  "audio.transcriptions": (answer, values) => {
    values.text = plain(typeof answer === "string" ? answer : answer.text);
  },
  files: (page, values) => {
    values.items = page.data.map(({ id, filename }) => ({ id: plain(id), name: plain(filename) }));
  },
  images: (answer, values) => {
    values.images = answer.data.map((image) => Object.fromEntries(Object.entries(image).map(([key, value]) => [key, size(value)])));
  },
  "chat.completions": (answer, values) => {
    const messages = answer.choices.map((choice) => choice.message);
    values.text = messages.map((message) => plain(message.content));
    values.refusal = messages.map((message) => plain(message.refusal));
    values.reasoning = messages.map((message) => plain(message.reasoning_content ?? message.reasoning));
    values.finish_reason = answer.choices.map((choice) => plain(choice.finish_reason));
    values.tool_calls = messages.flatMap((message) => (message.tool_calls ?? []).map(plain));
    values.logprobs = answer.choices.reduce((sum, choice) => sum + (choice.logprobs?.content?.length ?? 0), 0);
  },
  completions: (answer, values) => {
    values.text = answer.choices.map((choice) => plain(choice.text));
    values.finish_reason = answer.choices.map((choice) => plain(choice.finish_reason));
  },
  embeddings: (answer, values) => {
    values.vectors = answer.data.map(({ embedding }) => ({
      type: Array.isArray(embedding) ? "list" : (embedding?.constructor?.name ?? typeof embedding),
      width: embedding?.length,
    }));
  },
  models: (page, values) => {
    values.models = page.data.map((model) => plain(model.id));
  },
  moderations: (answer, values) => {
    values.results = answer.results.length;
  },
  responses: (answer, values) => {
    values.text = plain(answer.output_text);
    values.status = plain(answer.status);
    values.items = answer.output.map((item) => item.type);
    values.reasoning = answer.output.filter((item) => item.type === "reasoning").map((item) => plain(item.summary));
    const parts = answer.output.flatMap((item) => (item.type === "message" ? item.content : []));
    values.refusal = parts.map((part) => plain(part.refusal));
    values.tool_calls = answer.output
      .filter((item) => item.type === "function_call")
      .map(({ call_id, name, arguments: text }) => ({ id: call_id, name, arguments: text }));
  },
};

function read(job, answer, seen) {
  if (answer?._request_id) seen.headers = [...new Set([...seen.headers, "x-request-id"])].sort();
  seen.values.usage = plain(answer?.usage);
  seen.values.model = plain(answer?.model);
  return READ[job.endpoint](answer, seen.values);
}

// Whether an event brings a piece of the answer.
const says = ({ type, choices }) =>
  /\.delta$|\.partial_image$/.test(type ?? "") ||
  (choices ?? []).some(({ text, delta }) => text || delta?.content || delta?.tool_calls || delta?.reasoning_content);

// What an application's own loop over a stream collects.
async function streamed(job, stream, seen) {
  const text = {};
  const reasoning = {};
  const finish = {};
  const calls = {};
  let number = 0;
  for await (const event of stream) {
    count(seen, event.type ?? event.object ?? "event");
    if (says(event)) token(seen);
    if (event.usage) seen.values.usage = plain(event.usage);
    if (event.type === "response.output_text.delta" || event.type === "transcript.text.delta") text[0] = (text[0] ?? "") + event.delta;
    if (event.type === "transcript.text.done") seen.values.done = plain(event.text);
    if (event.type === "image_generation.completed") seen.values.images = [{ b64_json: size(event.b64_json) }];
    if (event.response && /completed|incomplete|failed/.test(event.type)) read(job, event.response, seen);
    for (const choice of event.choices ?? []) {
      const delta = choice.delta ?? {};
      text[choice.index] = (text[choice.index] ?? "") + (delta.content ?? choice.text ?? "");
      reasoning[choice.index] = (reasoning[choice.index] ?? "") + (delta.reasoning_content ?? delta.reasoning ?? "");
      if (choice.finish_reason) finish[choice.index] = choice.finish_reason;
      for (const part of delta.tool_calls ?? []) {
        const call = (calls[`${choice.index}.${part.index}`] ??= { id: null, name: "", arguments: "" });
        call.id ??= part.id ?? null;
        call.name += part.function?.name ?? "";
        call.arguments += part.function?.arguments ?? "";
      }
    }
    number += 1;
    if (left(seen, number, job)) break;
  }
  seen.values.text = Object.values(text);
  seen.values.reasoning = Object.values(reasoning);
  seen.values.finish_reason = Object.keys(text).map((index) => finish[index] ?? null);
  seen.values.tool_calls = Object.values(calls);
}

await serve({ driver: "openai", versions: installed("openai") }, perform);
