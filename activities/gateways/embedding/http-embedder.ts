import { z } from 'zod';
import type { Embedded, Embedder } from '../../../domain/embedding.ts';

export interface HttpEmbedderOptions {
  /** The service, with or without the path of the call: `http://127.0.0.1:11434` (`EMBEDDING_URL`). */
  url: string;
  /** `EMBEDDING_MODEL` */
  model: string;
  /** `EMBEDDING_API`: Ollama's `/api/embed`, or OpenAI's `/v1/embeddings`, which many services speak. */
  api: 'ollama' | 'openai';
  /** Bearer token, where the service wants one. */
  apiKey?: string;
  timeoutMs?: number;
}

const paths = { ollama: '/api/embed', openai: '/v1/embeddings' };
const vectorSchema = z.array(z.number()).min(1);
const answerSchema = {
  ollama: z.object({ embeddings: z.array(vectorSchema) }).transform((answer) => answer.embeddings),
  openai: z
    .object({ data: z.array(z.object({ index: z.int(), embedding: vectorSchema })) })
    .transform(({ data }) => data.toSorted((a, b) => a.index - b.index).map((item) => item.embedding)),
};

/**
 * An embedding model behind HTTP.
 *
 * @throws Error when the address is no http(s) address
 */
export function createHttpEmbedder(options: HttpEmbedderOptions): Embedder {
  const { api, model, apiKey, timeoutMs = 30_000 } = options;
  const url = callAddress(options.url, paths[api]);
  const place = `${url.origin}${url.pathname}`;
  const headers = {
    'content-type': 'application/json',
    ...credentials(url, apiKey),
  };
  url.username = '';
  url.password = '';
  const away = (what: string): Embedded => ({
    ok: false,
    kind: 'away',
    message: `The embedding service at ${place} ${what}. It is tried again.`,
  });

  async function embed(texts: readonly string[]): Promise<Embedded> {
    let response: Response;
    let body: string;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const request = JSON.stringify({ model, input: texts });
      response = await fetch(url, { method: 'POST', headers, body: request, signal });
      body = await response.text();
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return away(`gave no answer in ${timeoutMs} ms`);
      return away(`cannot be reached (${causeOf(error)})`);
    }
    if (!response.ok) return notOk(response.status, body);
    const parsed = answerSchema[api].safeParse(parseJson(body));
    if (!parsed.success) return away(`answers in another form than ${api}: check EMBEDDING_API`);
    if (parsed.data.length !== texts.length) {
      return away(`gave ${parsed.data.length} vectors for ${texts.length} texts`);
    }
    return { ok: true, vectors: parsed.data };
  }

  function notOk(status: number, body: string): Embedded {
    const said = body.replace(/\s+/g, ' ').trim().slice(0, 200);
    if (status === 401 || status === 403) return away(`refuses the key (${status}): check it`);
    if (status === 404) return away(`knows no such model or path (404: ${said}): check EMBEDDING_MODEL`);
    if (status === 400 || status === 413 || status === 422) {
      const message = `The embedding service at ${place} refuses the text (${status}: ${said}).`;
      return { ok: false, kind: 'refused', message };
    }
    return away(`answers ${status}`);
  }

  return { model: `${api}:${model}`, embed };
}

function callAddress(address: string, path: string): URL {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new Error('EMBEDDING_URL is no address of a service. Write http://HOST:PORT.');
  }
  const url = new URL(address);
  const given = url.pathname.replace(/\/+$/, '');
  const missing = given === '/v1' && path.startsWith('/v1/') ? path.slice('/v1'.length) : path;
  url.pathname = given.endsWith(path) ? given : `${given}${missing}`;
  return url;
}

/** `fetch` takes no user and password in an address: they become the header that they stand for. */
function credentials(url: URL, apiKey: string | undefined): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}` };
  if (url.username === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'no connection';
}
