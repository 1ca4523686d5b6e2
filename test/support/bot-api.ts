import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { parseTelegramHtml } from './telegram-html.ts';

/** A message that the stand-in took, as a reader would see it. */
export interface TakenMessage {
  messageId: number;
  chatId: string;
  /** As it was sent. */
  source: string;
  /** As it is read: without markup. */
  text: string;
  html: boolean;
  at: string;
  /** Taken, but the sender was never told so: the one case that may end in a second delivery. */
  answerLost: boolean;
}

/**
 * A fault for the next requests. `before`: refused without being taken; `after`: taken, and then answered with
 * the status; `hang`: not taken, never answered; `reset`: taken, and the connection cut instead of an answer.
 */
export interface BotApiFault {
  mode?: 'before' | 'after' | 'hang' | 'reset';
  status?: number;
  retryAfter?: number;
  description?: string;
  parameters?: Record<string, unknown>;
  /** For how many requests; Infinity until `clearFaults`. */
  times?: number;
  chatId?: string;
}

const sendMessageSchema = z.object({
  chat_id: z.union([z.string(), z.number()]).transform(String),
  text: z.string().min(1),
  parse_mode: z.literal('HTML').optional(),
});

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request: chat not found',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  429: 'Too Many Requests: retry later',
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as unknown;
};

const answer = (response: ServerResponse, status: number, body: object) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
const complain = (response: ServerResponse, status: number, description: string, parameters?: object) =>
  answer(response, status, {
    ok: false,
    error_code: status,
    description,
    ...(parameters ? { parameters } : {}),
  });

/**
 * Starts a stand-in of Telegram's Bot API on loopback, as strict about tokens, markup and length as the real one.
 * @param options the port and token of an earlier one, to bring it back after `close`
 */
export const startBotApi = async (options: { port?: number; token?: string } = {}) => {
  const token =
    options.token ??
    `${1_000_000 + randomBytes(3).readUIntBE(0, 3)}:${randomBytes(27).toString('base64url')}`;
  const taken: TakenMessage[] = [];
  let faults: (BotApiFault & { left: number })[] = [];
  let requests = 0;

  const nextFault = (chatId: string): BotApiFault | null => {
    const fault = faults.find((each) => each.left > 0 && (each.chatId ?? chatId) === chatId);
    if (fault === undefined) return null;
    fault.left -= 1;
    return fault;
  };

  const sendMessage = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parsed = sendMessageSchema.safeParse(await readBody(request));
    if (!parsed.success) return complain(response, 400, 'Bad Request: message text is empty');
    const { chat_id: chatId, text: source, parse_mode: mode } = parsed.data;
    const fault = nextFault(chatId);
    const status = fault?.status ?? 500;
    const refuse = () =>
      complain(response, status, fault?.description ?? REASONS[status] ?? 'Internal Server Error', {
        ...(fault?.retryAfter === undefined ? {} : { retry_after: fault.retryAfter }),
        ...fault?.parameters,
      });
    if (fault?.mode === 'hang') return;
    if (fault !== null && (fault.mode ?? 'before') === 'before') return refuse();
    const read = mode === 'HTML' ? parseTelegramHtml(source) : { ok: true as const, text: source };
    if (!read.ok) return complain(response, 400, `Bad Request: can't parse entities: ${read.why}`);
    if (read.text.length > 4096) return complain(response, 400, 'Bad Request: message is too long');
    const message: TakenMessage = {
      messageId: taken.length + 1,
      ...{ chatId, source, text: read.text, html: mode === 'HTML' },
      at: new Date().toISOString(),
      answerLost: fault !== null,
    };
    taken.push(message);
    if (fault?.mode === 'reset') return void request.socket.destroy();
    if (fault !== null) return refuse();
    answer(response, 200, { ok: true, result: { message_id: message.messageId, text: read.text } });
  };

  const server = createServer((request, response) => {
    requests += 1;
    const [, bot, method] = (request.url ?? '').split('/');
    if (bot !== `bot${token}`) return complain(response, 401, 'Unauthorized');
    if (method === 'getMe') return answer(response, 200, { ok: true, result: { id: 1, is_bot: true } });
    // A bot that listens, to whom nobody says anything.
    if (method === 'deleteWebhook') return answer(response, 200, { ok: true, result: true });
    if (method === 'getUpdates')
      return void setTimeout(() => answer(response, 200, { ok: true, result: [] }), 1000).unref();
    if (method !== 'sendMessage') return complain(response, 404, 'Not Found: method not found');
    sendMessage(request, response).catch((error: unknown) =>
      complain(response, 400, `Bad Request: ${String(error)}`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    root: `http://127.0.0.1:${port}`,
    port,
    token,
    messages: (): readonly TakenMessage[] => taken,
    requests: () => requests,
    failNext: (fault: BotApiFault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
    clearFaults: () => {
      faults = [];
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
export type BotApi = Awaited<ReturnType<typeof startBotApi>>;
