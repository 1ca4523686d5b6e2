import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppOptions } from '../../workers/http/app.ts';
import type { Service } from '../support/http-service.ts';
import { codedError, healResult, incidentId, readAnswer, startService } from '../support/http-service.ts';

let service: Service;
const report = { source: 'task', error: { message: 'could not translate host name "momo-postgres"' } };
const restart = async (options: Partial<AppOptions>) => {
  await service.server.close();
  service = await startService(options);
};

beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.server.close({ graceMs: 0 }));

describe('a report', () => {
  it('is answered 202 with where to find it', async () => {
    const response = await service.send('/v1/exceptions', { json: report });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/v1/incidents/${incidentId}`);
    expect(await readAnswer(response)).toEqual({ workflowId: 'heal/8a1b', incidentId, joined: false });
    expect(service.reports).toEqual([report]);
  });

  it('is answered 200 with the verdict when the caller waits and it is done in time', async () => {
    service.answerWith(healResult);
    const response = await service.send('/v1/exceptions?wait=30', { json: report });
    expect(response.status).toBe(200);
    expect(await readAnswer(response)).toMatchObject({ status: 'resolved', verdict: { kind: 'retry_now' } });
    expect((await service.send('/v1/exceptions?wait=0', { json: report })).status).toBe(202);
  });

  it('is answered 202 when it is not done in time', async () => {
    expect((await service.send('/v1/exceptions?wait=1', { json: report })).status).toBe(202);
  });

  it('is refused with the name of each bad field', async () => {
    const response = await service.send('/v1/exceptions', {
      json: { source: 'moon', error: { message: '', stack: 'x' }, severity: 'P9', colour: 'red' },
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const { errors } = await readAnswer(response);
    expect([...new Set(errors?.map(({ field }) => field))].sort()).toEqual([
      'colour',
      'error.message',
      'error.stack',
      'severity',
      'source',
    ]);
    expect(service.reports).toEqual([]);
  });

  it('is refused for a wait that is not a number of seconds', async () => {
    const { errors } = await readAnswer(await service.send('/v1/exceptions?wait=soon', { json: report }));
    expect(errors).toEqual([{ field: 'query.wait', detail: 'whole seconds, 0 to 60' }]);
  });

  it.each([
    ['{"source": task}', 'line 1, column 12: "t"'],
    ['{"source": "task",\n "error": {"message": "x"},}', 'line 2, column 28: "}"'],
    ['{"source": "task"', 'line 1, column 18: the end'],
    ['{"source": "a\u0001b"}', 'line 1, column 12'],
    ['{"a": 01}', 'line 1, column 7: "0"'],
    ['{"a": [1, 2}', 'line 1, column 12: "}"'],
    ['{} {}', 'line 1, column 4: "{"'],
    ['', 'line 1, column 1: the end'],
  ])('that is not JSON is refused with the position: %j', async (body, where) => {
    const headers = { 'content-type': 'application/json' };
    const response = await service.send('/v1/exceptions', { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect((await readAnswer(response)).detail).toContain(where);
  });

  it('has to be JSON by its content type, uncompressed', async () => {
    const form = await service.send('/v1/exceptions', {
      method: 'POST',
      body: new URLSearchParams({ source: 'task' }),
    });
    expect(form.status).toBe(415);
    const compressed = await service.send('/v1/exceptions', {
      json: report,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(compressed.status).toBe(415);
  });

  it('may have 1 MiB at most, whether it says its length or not', async () => {
    const long = JSON.stringify({ ...report, labels: { filler: 'x'.repeat(1_100_000) } });
    const headers = { 'content-type': 'application/json' };
    const told = await service.send('/v1/exceptions', { method: 'POST', body: long, headers });
    expect(told.status).toBe(413);
    expect((await readAnswer(told)).detail).toContain('1 MiB');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const post = request(`${service.server.url}/v1/exceptions`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      post.on('error', reject);
      post.end(long);
    });
    expect(status).toBe(413);
    expect(service.reports).toEqual([]);
  });

  it('is answered 503 while Temporal is away and 429 in a flood, so that senders retry', async () => {
    service.fail(codedError('TEMPORAL_AWAY'), codedError('OVERLOADED'));
    const away = await service.send('/v1/exceptions', { json: report });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    const flood = await service.send('/v1/exceptions', { json: report });
    expect([flood.status, flood.headers.get('retry-after')]).toEqual([429, '5']);
  });

  it('that fails for an unforeseen reason is answered 500 without the reason, which is in the log', async () => {
    service.fail(new Error('secret at postgres://user:pass@db'));
    const response = await service.send('/v1/exceptions', { json: report });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('postgres://');
    expect(service.logged.join()).toContain('postgres://');
  });

  it('is turned away with 429 while too many are under way, webhooks with 503', async () => {
    await restart({ maxInFlight: 2 });
    const release = service.hold();
    const first = [1, 2].map(() => service.send('/v1/exceptions', { json: report }));
    await expect.poll(() => service.underWay()).toBe(2);
    expect((await service.send('/v1/exceptions', { json: report })).status).toBe(429);
    const webhook = await service.send('/v1/alertmanager', { json: { version: '4', alerts: [{}] } });
    expect([webhook.status, webhook.headers.get('retry-after')]).toEqual([503, '1']);
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await service.send('/v1/exceptions', { json: report })).status).toBe(202);
  });

  it('is still taken when all places to wait in are taken', async () => {
    await restart({ maxInFlight: 2 });
    service.answerWith(healResult);
    const release = service.hold();
    const answers = [1, 2].map(() => service.send('/v1/exceptions?wait=30', { json: report }));
    await expect.poll(() => service.underWay()).toBe(2);
    release();
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 202]);
  });
});

describe('an action request', () => {
  it('is a report with an action, and the action is required', async () => {
    const action = { type: 'DOCKER_RESTART', target: 'momo-web' };
    expect((await service.send('/v1/actions', { json: { ...report, action } })).status).toBe(202);
    expect(service.reports[0]?.action).toEqual(action);
    const { errors } = await readAnswer(await service.send('/v1/actions', { json: report }));
    expect(errors?.[0]?.field).toBe('action');
  });
});

describe('access', () => {
  it('needs the bearer token, compared as a whole', async () => {
    await restart({ token: 'correct-horse' });
    const status = async (authorization: string | null, path = '/v1/exceptions') =>
      (await service.send(path, { json: report, headers: authorization === null ? {} : { authorization } }))
        .status;
    expect(await status('Bearer correct-horse')).toBe(202);
    expect(await status('bearer correct-horse')).toBe(202);
    for (const wrong of [
      null,
      'Bearer ',
      'Bearer correct-hors',
      'Bearer correct-horse2',
      'Basic correct-horse',
    ]) {
      expect(await status(wrong)).toBe(401);
    }
    expect((await service.send('/v1/incidents')).status).toBe(401);
    const refused = await service.send('/v1/exceptions', { json: report });
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect((await service.send('/healthz')).status).toBe(200);
  });

  it('without a token is for those only who ask for this machine by its loopback name', async () => {
    const { port } = new URL(service.server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /v1/incidents HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
      );
      socket.once('data', (data) => resolve(data.toString('utf8')));
      socket.once('error', reject);
    });
    expect(answer).toContain('403');
  });

  it('answers 404 for what is not there and 405 with what is', async () => {
    expect((await service.send('/v1/nothing', { json: {} })).status).toBe(404);
    const response = await service.send('/v1/exceptions');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('the record of incidents', () => {
  it('is listed page by page', async () => {
    const asked: unknown[] = [];
    const page = [1, 2].map((n) => ({
      id: incidentId,
      status: 'escalated',
      firstSeenAt: `2026-04-19T03:00:0${3 - n}Z`,
    }));
    const list = async (query: object) => {
      asked.push(query);
      return page;
    };
    await restart({ incidents: { list, show: async () => null } });
    const first = await readAnswer(await service.send('/v1/incidents?status=escalated&limit=2'));
    expect(first).toEqual({
      incidents: page,
      next: '/v1/incidents?status=escalated&limit=2&before=2026-04-19T03%3A00%3A01Z',
    });
    expect(await readAnswer(await service.send(String(first['next'])))).toMatchObject({ incidents: page });
    expect(asked).toEqual([
      { status: 'escalated', limit: 2 },
      { status: 'escalated', limit: 2, before: '2026-04-19T03:00:01.000Z' },
    ]);
  });

  it('names bad filters', async () => {
    const { errors } = await readAnswer(
      await service.send('/v1/incidents?status=fine&limit=0&before=now&x=1'),
    );
    expect([...new Set(errors?.map(({ field }) => field))].sort()).toEqual([
      'query.before',
      'query.limit',
      'query.status',
      'query.x',
    ]);
  });

  it('shows one incident, says when there is none, and when the database is away', async () => {
    const show = async (id: string) => {
      if (id.startsWith('3')) return { id, healLogs: [] };
      if (id.startsWith('4')) return null;
      throw codedError('DATABASE_AWAY');
    };
    await restart({ incidents: { list: async () => [], show } });
    const at = (id: string) => service.send(`/v1/incidents/${id}`);
    expect(await readAnswer(await at(incidentId))).toEqual({ id: incidentId, healLogs: [] });
    expect((await at(incidentId.replace(/^3/, '4'))).status).toBe(404);
    expect((await at(incidentId.replace(/^3/, '5'))).status).toBe(503);
    expect((await at('42')).status).toBe(400);
  });
});

describe('health', () => {
  it('is ready without the database and not ready without Temporal', async () => {
    const parts = {
      temporal: { ok: true, required: true, detail: 'reachable' },
      database: { ok: false, required: false, detail: 'connection refused' },
    };
    await restart({ health: async () => parts });
    const ready = await service.send('/readyz');
    expect([ready.status, await readAnswer(ready)]).toEqual([200, { status: 'ok', parts }]);
    parts.temporal.ok = false;
    expect((await service.send('/readyz')).status).toBe(503);
    expect((await service.send('/healthz')).status).toBe(200);
  });

  it('has figures for Prometheus, by route and not by address', async () => {
    await service.send('/v1/exceptions', { json: report });
    await service.send(`/v1/incidents/${incidentId}`);
    const text = await (await service.send('/metrics')).text();
    // Reports are counted where they are taken into an incident, by whichever door they came.
    expect(text).not.toContain('autoheal_reports_total');
    expect(text).toContain('route="/v1/incidents/:id",status="404"');
  });

  it('lets requests under way finish when it is told to stop', async () => {
    const release = service.hold();
    const answer = service.send('/v1/exceptions', { json: report });
    await expect.poll(() => service.underWay()).toBe(1);
    const closed = service.server.close();
    release();
    expect((await answer).status).toBe(202);
    await closed;
    service = await startService();
  });
});
