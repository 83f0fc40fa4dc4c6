// What applications call of the Vercel AI SDK, over any provider: generateText, streamText, tools, generateObject, embed.
import * as ai from "ai";
import { count, left, plain, token } from "./protocol.mjs";

// `provide(job)` gives a provider; `named` names the package whose default model it calls.
export function calls(provide) {
  return async (job, seen) => {
    const provider = provide(job);
    if (job.endpoint in OTHERWISE) return OTHERWISE[job.endpoint](job, provider, seen);
    const options = { model: provider(job.body.model), ...asked(job) };
    if (job.call === "stream") return streamed(job, ai.streamText({ ...options, onError: () => {} }), seen);
    if (job.call === "parse") return parsed(job, options, seen);
    return read(await ai.generateText(options), seen);
  };
}

// The body in the SDK's own words, of version 4 as of later ones.
function asked({ body, read_timeout }) {
  const most = body.max_tokens ?? body.max_completion_tokens ?? body.max_output_tokens;
  const options = {
    messages: messages(body.messages ?? body.input ?? []),
    temperature: body.temperature,
    topP: body.top_p,
    maxOutputTokens: most,
    maxTokens: most,
    stopSequences: typeof body.stop === "string" ? [body.stop] : body.stop,
    toolChoice: body.tool_choice,
  };
  if (body.tools) options.tools = Object.fromEntries(body.tools.map(({ function: inner, ...outer }) => tool(inner ?? outer)));
  if (typeof body.tool_choice === "object") options.toolChoice = { type: "tool", toolName: named(body.tool_choice) };
  if (read_timeout) options.abortSignal = AbortSignal.timeout(read_timeout * 1000);
  return options;
}

function tool({ name, description, parameters }) {
  const schema = ai.jsonSchema(parameters ?? { type: "object", properties: {} });
  return [name, { description, inputSchema: schema, parameters: schema }];
}

const named = (choice) => choice.function?.name ?? choice.name;

function messages(given) {
  return typeof given === "string" ? [{ role: "user", content: given }] : given.map(message);
}

function message({ role, content, tool_calls, tool_call_id }) {
  if (role === "tool") {
    const output = { type: "text", value: content };
    return { role, content: [{ type: "tool-result", toolCallId: tool_call_id, toolName: "tool", output, result: content }] };
  }
  if (!tool_calls) return { role, content };
  const parts = tool_calls.map(({ id, function: { name, arguments: text } }) => {
    const input = JSON.parse(text);
    return { type: "tool-call", toolCallId: id, toolName: name, input, args: input };
  });
  return { role, content: parts };
}

async function parsed(job, options, seen) {
  const form = job.body.response_format.json_schema;
  const schema = ai.jsonSchema(form.schema);
  if (ai.generateObject) {
    const answer = await ai.generateObject({ ...options, schema, schemaName: form.name });
    seen.values.parsed = plain(answer.object);
    return about(answer, seen);
  }
  const answer = await ai.generateText({ ...options, output: ai.Output.object({ schema, name: form.name }) });
  seen.values.parsed = plain(answer.output);
  return about(answer, seen);
}

async function embedded(job, provider, seen) {
  const model = (provider.textEmbeddingModel ?? provider.embeddingModel).call(provider, job.body.model);
  const { embeddings, usage } = await ai.embedMany({ model, values: [job.body.input ?? ""].flat() });
  seen.values.usage = plain(usage);
  seen.values.vectors = embeddings.map((vector) => ({ type: vector.constructor.name, width: vector.length }));
}

// Image and sound had other names until they were no longer experimental.
const method = (name) => ai[name] ?? ai[`experimental_${name}`];

async function drawn({ body }, provider, seen) {
  const { prompt, n, size } = body;
  const { images } = await method("generateImage")({ model: provider.imageModel(body.model), prompt, n, size });
  seen.values.images = images.map(({ mediaType, mimeType, base64 }) => ({ type: plain(mediaType ?? mimeType), width: base64.length }));
}

async function spoken({ body }, provider, seen) {
  const { input: text, voice, response_format: outputFormat } = body;
  const { audio } = await method("generateSpeech")({ model: provider.speech(body.model), text, voice, outputFormat });
  seen.values.sound = audio.uint8Array.byteLength;
}

async function transcribed({ body }, provider, seen) {
  const audio = Uint8Array.from(Buffer.from(body.file.base64, "base64"));
  const { text, language } = await method("transcribe")({ model: provider.transcription(body.model), audio });
  Object.assign(seen.values, { text: plain(text), language: plain(language) });
}

const OTHERWISE = { embeddings: embedded, images: drawn, "audio.speech": spoken, "audio.transcriptions": transcribed };

function read(answer, seen) {
  seen.values.text = plain(answer.text);
  seen.values.reasoning = plain(answer.reasoningText ?? answer.reasoning);
  seen.values.tool_calls = answer.toolCalls.map(called);
  about(answer, seen);
}

function about(answer, seen) {
  seen.values.finish_reason = plain(answer.finishReason);
  seen.values.usage = plain(answer.usage);
  seen.values.model = plain(answer.response?.modelId);
  seen.headers = Object.keys(answer.response?.headers ?? {}).sort();
}

const called = (call) => ({ id: plain(call.toolCallId), name: plain(call.toolName), arguments: plain(call.input ?? call.args) });

// Parts that bring a piece of the answer, by the words of version 4 and later ones.
const TOKENS = new Set(["text-delta", "reasoning", "reasoning-delta", "tool-call-delta", "tool-input-delta", "tool-call"]);

// An application's loop over all parts: an error comes as a part of its own, and is thrown as one.
async function streamed(job, answer, seen) {
  const values = seen.values;
  values.text = "";
  values.reasoning = "";
  values.tool_calls = [];
  let number = 0;
  for await (const part of answer.fullStream ?? answer.stream) {
    count(seen, part.type);
    if (TOKENS.has(part.type)) token(seen);
    const text = part.text ?? part.textDelta ?? part.delta ?? "";
    if (part.type === "text-delta") values.text += text;
    if (part.type === "reasoning-delta" || part.type === "reasoning") values.reasoning += text;
    if (part.type === "tool-call") values.tool_calls.push(called(part));
    if (part.type === "finish") {
      values.finish_reason = plain(part.finishReason);
      values.usage = plain(part.totalUsage ?? part.usage);
    }
    if (part.type === "error") throw part.error;
    number += 1;
    if (left(seen, number, job)) break;
  }
}
