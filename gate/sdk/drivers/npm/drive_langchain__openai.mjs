// Calls LangChain's ChatOpenAI for Node as applications do: invoke, stream, bindTools, withStructuredOutput; its OpenAI for text
// completions, its embeddings, and its tool that draws.
import { ChatOpenAI, DallEAPIWrapper, OpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { count, installed, left, plain, serve, token } from "./protocol.mjs";

const OPTIONS = {
  temperature: "temperature",
  top_p: "topP",
  max_tokens: "maxTokens",
  max_output_tokens: "maxTokens",
  stop: "stop",
  logprobs: "logprobs",
  top_logprobs: "topLogprobs",
};

async function perform(job, seen) {
  const { body } = job;
  if (job.endpoint in BESIDE) return BESIDE[job.endpoint](job, seen);
  const chat = new ChatOpenAI({ ...route(job), ...options(job) });
  const messages = body.messages ?? body.input ?? [];
  if (job.call === "parse") {
    const { name, schema } = body.response_format.json_schema;
    const asked = chat.withStructuredOutput(schema, { name, method: "jsonSchema", includeRaw: true });
    const answer = await asked.invoke(messages);
    seen.values.parsed = plain(answer.parsed);
    return read(answer.raw, seen);
  }
  const form = body.response_format && { response_format: body.response_format };
  const model = body.tools ? chat.bindTools(body.tools, { tool_choice: body.tool_choice }) : chat;
  if (job.call === "stream") return streamed(job, await model.stream(messages, form), seen);
  return read(await model.invoke(messages, form), seen);
}

const route = (job) => ({
  model: job.body.model,
  apiKey: job.api_key,
  timeout: job.read_timeout && job.read_timeout * 1000,
  configuration: { baseURL: job.base_url },
});

function options({ body, endpoint }) {
  const known = Object.entries(OPTIONS).filter(([name]) => name in body);
  const named = Object.fromEntries(known.map(([name, option]) => [option, body[name]]));
  // LangChain asks for usage with every stream, unless told otherwise
  return { ...named, useResponsesApi: endpoint === "responses", streamUsage: Boolean(body.stream_options?.include_usage) };
}

async function embedded(job, seen) {
  const model = new OpenAIEmbeddings(route(job));
  const { input } = job.body;
  const vectors = Array.isArray(input) ? await model.embedDocuments(input) : [await model.embedQuery(input ?? "")];
  seen.values.vectors = vectors.map((vector) => ({ type: vector.constructor.name, width: vector.length }));
}

async function completed(job, seen) {
  const llm = new OpenAI({ ...route(job), ...options(job) });
  const prompts = [job.body.prompt ?? ""].flat();
  if (job.call === "stream") {
    let text = "";
    let number = 0;
    for await (const piece of await llm.stream(prompts[0])) {
      count(seen, typeof piece);
      token(seen);
      text += piece;
      number += 1;
      if (left(seen, number, job)) break;
    }
    seen.values.text = [text];
    return;
  }
  const { generations, llmOutput } = await llm.generate(prompts);
  seen.values.text = generations.flat().map(({ text }) => plain(text));
  seen.values.finish_reason = generations.flat().map(({ generationInfo }) => plain(generationInfo?.finishReason));
  seen.values.usage = plain(llmOutput?.tokenUsage);
}

async function drawn({ body, base_url: baseUrl, api_key: apiKey }, seen) {
  // without a word LangChain asks for an address and reads nothing else
  const { model, n, size, quality, style, response_format: dallEResponseFormat = "b64_json" } = body;
  const tool = new DallEAPIWrapper({ model, n, size, quality, style, dallEResponseFormat, baseUrl, apiKey });
  const answer = await tool.invoke(body.prompt ?? "");
  seen.values.images = [answer].flat().map((image) => plain(typeof image === "string" ? image.length : image));
}

const BESIDE = { completions: completed, embeddings: embedded, images: drawn };

async function streamed(job, stream, seen) {
  let whole;
  let number = 0;
  for await (const chunk of stream) {
    count(seen, chunk.constructor.name);
    if (chunk.content?.length || chunk.tool_call_chunks?.length) token(seen);
    whole = whole === undefined ? chunk : whole.concat(chunk);
    number += 1;
    if (left(seen, number, job)) break;
  }
  if (whole !== undefined) read(whole, seen);
}

function read(message, seen) {
  const { values } = seen;
  values.type = message.constructor.name;
  values.content = plain(message.content);
  values.text = plain(message.text);
  values.tool_calls = (message.tool_calls ?? []).map(called);
  values.invalid_tool_calls = (message.invalid_tool_calls ?? []).map(called);
  values.usage = plain(message.usage_metadata);
  values.finish_reason = plain(message.response_metadata?.finish_reason ?? message.response_metadata?.status);
  values.reasoning = plain(message.additional_kwargs?.reasoning_content);
  values.refusal = plain(message.additional_kwargs?.refusal);
}

const called = ({ id, name, args }) => ({ id: plain(id), name: plain(name), arguments: plain(args) });

const versions = installed("@langchain/openai", "@langchain/core");
await serve({ driver: "@langchain/openai", versions }, perform);
