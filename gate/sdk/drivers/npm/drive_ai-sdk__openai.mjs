// Calls the Vercel AI SDK with OpenAI's own provider, by the model that `openai("name")` gives.
import { createOpenAI } from "@ai-sdk/openai";
import { calls } from "./ai_sdk.mjs";
import { installed, serve } from "./protocol.mjs";

const provide = ({ base_url, api_key }) => createOpenAI({ baseURL: base_url, apiKey: api_key });

await serve({ driver: "@ai-sdk/openai", versions: installed("@ai-sdk/openai", "ai") }, calls(provide));
