// Calls the Vercel AI SDK with the provider for compatible routes, as most applications reach a gateway.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { calls } from "./ai_sdk.mjs";
import { installed, serve } from "./protocol.mjs";

const provide = ({ base_url, api_key, body }) =>
  createOpenAICompatible({
    name: "gate",
    baseURL: base_url,
    apiKey: api_key,
    includeUsage: body.stream_options?.include_usage,
    supportsStructuredOutputs: true,
  });

await serve({ driver: "ai", versions: installed("ai", "@ai-sdk/openai-compatible") }, calls(provide));
