import { afterEach, beforeEach, expect, it } from 'vitest';
import { startService, type Service } from '../support/http-service.ts';

let service: Service;
const asked: unknown[] = [];
beforeEach(async () => {
  asked.length = 0;
  const list = async (query: object) => {
    asked.push(query);
    return [];
  };
  service = await startService({ incidents: { list, show: async () => null } });
});
afterEach(() => service.server.close({ graceMs: 0 }));

const list = async (before: string): Promise<number> =>
  (await service.send(`/v1/incidents?before=${encodeURIComponent(before)}`)).status;

it('a time in any offset is asked for in UTC, which every database knows', async () => {
  expect(await list('2026-01-02T00:00:00+23:27')).toBe(200);
  expect(await list('2026-01-02T00:00:00-23:59')).toBe(200);
  expect(asked).toEqual([
    expect.objectContaining({ before: '2026-01-01T00:33:00.000Z' }),
    expect.objectContaining({ before: '2026-01-02T23:59:00.000Z' }),
  ]);
});

it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+10:00', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00'])(
  'a time that a database refuses is the sender’s mistake: %s',
  async (before) => {
    expect(await list(before)).toBe(400);
    expect(asked).toEqual([]);
  },
);

it('a Grafana alert whose values are nested beyond what any store takes is a bad request, and breaks nothing', async () => {
  const deep = `${'{"a":'.repeat(80_000)}1${'}'.repeat(80_000)}`;
  const alert = `{"status":"firing","labels":{"alertname":"X"},"fingerprint":"f","values":${deep}}`;
  const response = await service.send('/v1/grafana', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"status":"firing","alerts":[${alert}]}`,
  });
  expect(response.status).toBe(400);
  expect(service.reports).toEqual([]);
});
