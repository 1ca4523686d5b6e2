import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { reportSchema } from '../../domain/report/report.ts';
import { jsonBody } from '../../workers/http/json-body.ts';
import { HttpProblem } from '../../workers/http/problem.ts';

const app = new Hono();
app.onError((error, context) =>
  error instanceof HttpProblem
    ? context.text(error.message, error.status as 400)
    : context.text('broken', 500),
);
app.use(jsonBody());
app.post('/', async (context) => context.text(JSON.stringify(await context.req.json())));
const send = (body: string) =>
  app.request('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

it.each([
  ['lists', (levels: number) => '['.repeat(levels) + ']'.repeat(levels)],
  ['objects', (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)],
])(
  'a body of %s in one another is taken while it can be read, and is a bad request beyond',
  async (_, nest) => {
    expect((await send(nest(80))).status).toBe(200);
    for (const levels of [200, 80_000]) {
      const answer = await send(`{"alerts":[{"values":${nest(levels)}}]}`);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('nested too deeply');
    }
  },
);

it('a time that no database keeps is a bad field, not a failure later', () => {
  const at = (occurredAt: string) =>
    reportSchema.safeParse({ source: 'cli', error: { message: 'x' }, occurredAt });
  expect(at('0000-01-01T00:00:00Z').error?.issues[0]?.path).toEqual(['occurredAt']);
  expect(at('0001-01-01T00:00:00Z').success).toBe(true);
});
