import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';

const token = '123456:a-token-that-must-never-be-seen-anywhere';
/** The one that 014_telegram_users.sql plants: known also while the database is away. */
const seeded = -1003940688311;

interface Call {
  method: string;
  body: Record<string, unknown>;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
}

/** As much of the Bot API as long polling needs: one message waits, and the first poll fails. */
async function startApi(known: string): Promise<{ root: string; calls: Call[] }> {
  const calls: Call[] = [];
  const message = {
    message_id: 1,
    date: Math.floor(Date.now() / 1000),
    text: '/help',
    from: { id: 7, first_name: 'Ada' },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const [, bot, method = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
      const call = { method, body: await bodyOf(request) };
      calls.push(call);
      const say = (status: number, value: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      if (bot !== `bot${known}`) return say(401, { ok: false, error_code: 401, description: 'Unauthorized' });
      if (method !== 'getUpdates')
        return say(200, { ok: true, result: { id: 1, is_bot: true, username: 'autoheal_bot' } });
      const first = calls.filter((other) => other.method === 'getUpdates').length === 1;
      if (first)
        return say(200, {
          ok: true,
          result: [{ update_id: 5, message: { ...message, chat: { id: seeded, type: 'supergroup' } } }],
        });
      setTimeout(() => say(200, { ok: true, result: [] }), 200);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

async function startBot(root: string) {
  const home = await mkdtemp(join(tmpdir(), 'ah-bot-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const bot = execa(process.execPath, [join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js'), 'bot'], {
    reject: false,
    env: {
      AUTOHEAL_HOME: home,
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_ROOT: root,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
  });
  // A promise of a subprocess would be waited for until the subprocess ends.
  return { bot };
}

it('answers by long polling, with the database and Temporal away, and stops when told to', async () => {
  const { root, calls } = await startApi(token);
  const { bot } = await startBot(root);
  await expect
    .poll(() => calls.find(({ method }) => method === 'sendMessage'), { timeout: 60_000 })
    .toMatchObject({
      body: { chat_id: String(seeded) },
    });
  // A stranger in the group: told an id, and nothing else.
  expect(String(calls.find(({ method }) => method === 'sendMessage')?.body['text'])).toContain('Yours is 7');
  expect(calls.find(({ method }) => method === 'getUpdates')?.body['allowed_updates']).toEqual([
    'message',
    'callback_query',
    'my_chat_member',
  ]);
  bot.kill('SIGTERM');
  const { exitCode, stderr } = await bot;
  expect(exitCode).toBe(0);
  expect(stderr).toContain('SIGTERM: stopping');
  expect(stderr).not.toContain(token);
});

it('ends and says why when Telegram does not know the token', async () => {
  const { root } = await startApi('another');
  const { bot } = await startBot(root);
  const { exitCode, stderr } = await bot;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('TELEGRAM_BOT_TOKEN');
  expect(stderr).not.toContain(token);
});
