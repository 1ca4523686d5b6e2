import { createHttpEmbedder } from '../activities/gateways/embedding/http-embedder.ts';
import { createLexicalEmbedder } from '../activities/gateways/embedding/lexical-embedder.ts';
import type { Embedder } from '../domain/embedding.ts';
import { ConfigProblem, type Config } from '../settings/settings.ts';

/** The configured embedding service, or the built-in lexical embedder. */
export function openEmbedder(config: Config): Embedder {
  const {
    EMBEDDING_URL: url,
    EMBEDDING_MODEL: model,
    EMBEDDING_API: api,
    EMBEDDING_API_KEY: apiKey,
  } = config;
  if (url === undefined) return createLexicalEmbedder();
  if (model === undefined)
    throw new ConfigProblem('EMBEDDING_MODEL: required when EMBEDDING_URL is set, for example bge-m3.');
  return createHttpEmbedder({ url, model, api, ...(apiKey === undefined ? {} : { apiKey }) });
}
