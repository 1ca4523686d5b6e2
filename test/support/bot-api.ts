import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { parseTelegramHtml } from './telegram-html.ts';

/** A message that the stand-in took, as a reader would see it; each change of it is one more. */
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
  /** It changed a message that was there. */
  edited: boolean;
  /** It made no sound. */
  silent: boolean;
  /** What its buttons hand back, by what they say. */
  buttons: Record<string, string>;
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
  /** Of which method; absent: messages, sent or changed. */
  method?: string;
}

/** What a chat takes at most, as Telegram does; more is answered 429. */
export interface BotApiLimits {
  groupPerMinute: number;
  privatePerSecond: number;
}

const keyboardSchema = z.object({
  inline_keyboard: z.array(
    z.array(
      z.strictObject({
        text: z.string().min(1),
        callback_data: z
          .string()
          .min(1)
          .refine((data) => Buffer.byteLength(data) <= 64, 'BUTTON_DATA_INVALID'),
      }),
    ),
  ),
});
const messageSchema = z.object({
  chat_id: z.union([z.string(), z.number()]).transform(String),
  text: z.string().min(1),
  parse_mode: z.literal('HTML').optional(),
  message_id: z.int().optional(),
  disable_notification: z.boolean().optional(),
  reply_markup: keyboardSchema.optional(),
});

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request: chat not found',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  429: 'Too Many Requests: retry later',
};

const readBody = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
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

/** What somebody types, or which button they press. */
interface Sender {
  id: number;
  name?: string;
  chatId?: number;
  /** The chat as which they speak: an anonymous admin, a channel. */
  senderChatId?: number;
  dateMs?: number;
}

/**
 * Starts a stand-in of Telegram's Bot API on loopback, as strict about tokens, markup, length, buttons, edits and
 * offsets as the real one.
 * @param options the port and token of an earlier one, to bring it back after `close`
 */
export const startBotApi = async (
  options: { port?: number; token?: string; limits?: BotApiLimits; userName?: string } = {},
) => {
  const token =
    options.token ??
    `${1_000_000 + randomBytes(3).readUIntBE(0, 3)}:${randomBytes(27).toString('base64url')}`;
  const taken: TakenMessage[] = [];
  const calls: { method: string; body: Record<string, unknown>; atMs: number }[] = [];
  const updates: { update_id: number; [kind: string]: unknown }[] = [];
  const polls = new Set<() => void>();
  const openCallbacks = new Set<string>();
  let lastUpdate = 1000;
  let lastMessage = 0;
  let faults: (BotApiFault & { left: number })[] = [];
  let requests = 0;

  const isOf = ({ method }: BotApiFault, called: string): boolean =>
    method === undefined ? called === 'sendMessage' || called === 'editMessageText' : method === called;
  const nextFault = (chatId: string, method: string): BotApiFault | null => {
    const fault = faults.find(
      (each) => each.left > 0 && isOf(each, method) && (each.chatId ?? chatId) === chatId,
    );
    if (fault === undefined) return null;
    fault.left -= 1;
    return fault;
  };

  /** Seconds to wait, where a chat has had too much. */
  const overLimit = (chatId: string): number | null => {
    const { limits } = options;
    if (limits === undefined) return null;
    const [spanMs, most] = chatId.startsWith('-')
      ? [60_000, limits.groupPerMinute]
      : [1000, limits.privatePerSecond];
    const recent = taken.filter((one) => one.chatId === chatId && Date.now() - Date.parse(one.at) < spanMs);
    return recent.length < most ? null : Math.ceil(spanMs / 1000 / 4);
  };

  const takeMessage = (
    method: 'sendMessage' | 'editMessageText',
    body: Record<string, unknown>,
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const parsed = messageSchema.safeParse(body);
    if (!parsed.success)
      return complain(
        response,
        400,
        `Bad Request: ${parsed.error.issues[0]?.message ?? 'message text is empty'}`,
      );
    const { chat_id: chatId, text: source, parse_mode: mode, message_id: edits } = parsed.data;
    const fault = nextFault(chatId, method);
    const status = fault?.status ?? 500;
    const refuse = () =>
      complain(response, status, fault?.description ?? REASONS[status] ?? 'Internal Server Error', {
        ...(fault?.retryAfter === undefined ? {} : { retry_after: fault.retryAfter }),
        ...fault?.parameters,
      });
    if (fault?.mode === 'hang') return;
    if (fault !== null && (fault.mode ?? 'before') === 'before') return refuse();
    const waitSec = overLimit(chatId);
    if (waitSec !== null)
      return complain(response, 429, `Too Many Requests: retry after ${waitSec}`, { retry_after: waitSec });
    const read = mode === 'HTML' ? parseTelegramHtml(source) : { ok: true as const, text: source };
    if (!read.ok) return complain(response, 400, `Bad Request: can't parse entities: ${read.why}`);
    if (read.text.length > 4096) return complain(response, 400, 'Bad Request: message is too long');
    const buttons = Object.fromEntries(
      (parsed.data.reply_markup?.inline_keyboard ?? []).flat().map((each) => [each.text, each.callback_data]),
    );
    if (method === 'editMessageText') {
      const before = taken.findLast((one) => one.chatId === chatId && one.messageId === edits);
      if (before === undefined) return complain(response, 400, 'Bad Request: message to edit not found');
      if (before.source === source && JSON.stringify(before.buttons) === JSON.stringify(buttons))
        return complain(response, 400, 'Bad Request: message is not modified');
    } else lastMessage += 1;
    const message: TakenMessage = {
      messageId: edits ?? lastMessage,
      ...{ chatId, source, text: read.text, html: mode === 'HTML' },
      at: new Date().toISOString(),
      answerLost: fault !== null,
      edited: method === 'editMessageText',
      silent: method === 'editMessageText' || parsed.data.disable_notification === true,
      buttons,
    };
    taken.push(message);
    if (fault?.mode === 'reset') return void request.socket.destroy();
    if (fault !== null) return refuse();
    answer(response, 200, { ok: true, result: { message_id: message.messageId, text: read.text } });
  };

  /** Long polling: what was not confirmed by a higher offset comes again. */
  const getUpdates = (body: Record<string, unknown>, response: ServerResponse): void => {
    const offset = Number(body['offset'] ?? 0);
    while (updates[0] !== undefined && updates[0].update_id < offset) updates.shift();
    const fault = nextFault('', 'getUpdates');
    if (fault?.mode === 'hang') return;
    if (fault !== null) return complain(response, fault.status ?? 502, fault.description ?? 'Bad Gateway');
    const allowed = body['allowed_updates'] as string[] | undefined;
    const give = (): boolean => {
      const wanted = updates.filter(
        (update) => allowed === undefined || allowed.some((kind) => kind in update),
      );
      if (wanted.length === 0) return false;
      answer(response, 200, { ok: true, result: wanted });
      return true;
    };
    if (give()) return;
    const wake = (): void => {
      if (give()) end();
    };
    const timer = setTimeout(
      () => {
        end();
        answer(response, 200, { ok: true, result: [] });
      },
      Math.min(Number(body['timeout'] ?? 0), 5) * 1000,
    );
    const end = (): void => {
      clearTimeout(timer);
      polls.delete(wake);
    };
    polls.add(wake);
    response.on('close', end);
  };

  const push = (kind: string, value: object): number => {
    lastUpdate += 1;
    updates.push({ update_id: lastUpdate, [kind]: value });
    for (const wake of [...polls]) wake();
    return lastUpdate;
  };
  const chatOf = (id: number) => ({ id, type: id < 0 ? 'supergroup' : 'private' });
  const person = ({ id, name = 'somebody' }: Sender) => ({ id, is_bot: false, first_name: name });

  const dispatch = async (
    method: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const body = await readBody(request);
    calls.push({ method, body, atMs: Date.now() });
    if (method === 'sendMessage' || method === 'editMessageText')
      return takeMessage(method, body, request, response);
    if (method === 'getUpdates') return getUpdates(body, response);
    const fault = nextFault('', method);
    if (fault?.mode === 'hang') return;
    if (fault !== null)
      return complain(
        response,
        fault.status ?? 500,
        fault.description ?? REASONS[fault.status ?? 500] ?? 'Error',
        {
          ...(fault.retryAfter === undefined ? {} : { retry_after: fault.retryAfter }),
        },
      );
    if (method === 'getMe')
      return answer(response, 200, {
        ok: true,
        result: { id: 1, is_bot: true, first_name: 'AutoHeal', username: options.userName ?? 'autoheal_bot' },
      });
    if (method === 'answerCallbackQuery') {
      const id = String(body['callback_query_id']);
      if (!openCallbacks.delete(id)) return complain(response, 400, 'Bad Request: query is too old');
      return answer(response, 200, { ok: true, result: true });
    }
    if (method === 'setMyCommands' || method === 'deleteWebhook')
      return answer(response, 200, { ok: true, result: true });
    complain(response, 404, 'Not Found: method not found');
  };

  const server = createServer((request, response) => {
    requests += 1;
    const [, bot, method = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    if (bot !== `bot${token}`) return complain(response, 401, 'Unauthorized');
    dispatch(method, request, response).catch((error: unknown) =>
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
    /** What one reads now in a chat: each message as it was changed last. */
    chat: (chatId: string): TakenMessage[] => {
      const now = new Map<number, TakenMessage>();
      for (const message of taken) if (message.chatId === chatId) now.set(message.messageId, message);
      return [...now.values()];
    },
    calls: (method: string) => calls.filter((call) => call.method === method),
    requests: () => requests,
    /** Somebody writes a text. */
    say: (from: Sender, text: string) =>
      push('message', {
        message_id: (lastMessage += 1),
        date: Math.floor((from.dateMs ?? Date.now()) / 1000),
        text,
        from: person(from),
        chat: chatOf(from.chatId ?? from.id),
        ...(from.senderChatId === undefined ? {} : { sender_chat: chatOf(from.senderChatId) }),
      }),
    /** Somebody presses a button. @returns the query's id, which has to be answered */
    press: (from: Sender, data: string, on: { messageId: number; chatId: string }): string => {
      const id = randomBytes(6).toString('hex');
      openCallbacks.add(id);
      push('callback_query', {
        id,
        from: person(from),
        chat_instance: 'x',
        data,
        message: {
          message_id: on.messageId,
          date: Math.floor((from.dateMs ?? Date.now()) / 1000),
          chat: chatOf(Number(on.chatId)),
          text: 'card',
        },
      });
      return id;
    },
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
