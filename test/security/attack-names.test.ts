import { afterAll, beforeAll, expect, it } from 'vitest';
import pLimit from 'p-limit';
import type { Report } from '../../domain/report/report.ts';
import { openHealWorld, type HealWorld } from '../workflows/heal-world.ts';
import { inGrammar } from './allow-grammar.ts';
import { attacks } from './attacks.ts';
import { requestOf } from './requests.ts';
import { parseByShell } from './shell-oracle.ts';

/** Every named attack, in every field that takes text, through real workflows: what the host saw is the judge. */

let world: HealWorld;
beforeAll(async () => {
  const apps = ['momo-web', 'momo-worker'].map((name) => ({ name, image: 'momo/app:2026.4' }));
  const databases = ['momo-db', 'momo-postgres'].map((name) => ({ name, image: 'postgres:16' }));
  world = await openHealWorld([...apps, ...databases], {
    codeFix: { host: 'ollama-188', command: ['uname', '-r'] },
  });
});
afterAll(() => world.close());

/** With the real ids of what is protected, whole and as beginnings. */
function allAttacks(): [string, string][] {
  const ids = ['momo-db', 'momo-postgres'].flatMap((name) => {
    const { id } = world.lab.container(name);
    return [id, id.slice(0, 12), id.slice(0, 4), `/${name}`, `sha256:${id}`].map((text): [string, string] => [
      `${name} as ${text.slice(0, 12)}`,
      text,
    ]);
  });
  return [...Object.entries(attacks), ...ids];
}

const clip = (text: string, length: number) => text.slice(0, length);
const forms: Record<string, (text: string) => Report> = {
  'the target of a restart': (text) => requestOf({ type: 'DOCKER_RESTART', target: clip(text, 500) }),
  'the target of a failure': (text) => ({
    source: 'alertmanager',
    target: clip(text, 500),
    error: { message: `container ${text} is unhealthy` },
  }),
  'a command': (text) =>
    requestOf({ type: 'SSH_CMD', target: 'momo-web', command: clip(`docker logs --tail 5 ${text}`, 4000) }),
  'every other field': (text) => ({
    source: 'elephant_alpha',
    task: clip(text, 200) || '-',
    target: 'momo-web',
    error: {
      type: clip(text, 500),
      message: `could not translate host name "${clip(text, 90_000)}" to address: Name or service not known`,
      traceback: text,
    },
    labels: { container: clip(text, 2000), [clip(text, 200)]: 'x' },
  }),
  'an action’s type and note': (text) =>
    requestOf({ type: clip(text, 64) || '-', target: 'momo-web', note: clip(text, 20_000) }),
};

it('turns no attack into anything but allowed reading', { timeout: 400_000 }, async () => {
  const limit = pLimit(12);
  const jobs = allAttacks().flatMap(([name, text]) =>
    Object.entries(forms).map(([where, make]) =>
      limit(async () => ({ what: `${name} as ${where}`, result: await world.heal(make(text)) })),
    ),
  );
  const done = await Promise.all(jobs);
  expect(done.length).toBeGreaterThan(350);

  const lines = [...new Set(world.lab.runs.commandLines())];
  const words = parseByShell(lines);
  const escapes = lines.filter((_, at) => !inGrammar(words[at] ?? ['?']));
  expect(escapes).toEqual([]);
  expect(lines.length).toBeGreaterThan(5);
  expect(world.lab.runs.effects().filter(({ commandId }) => commandId !== null)).toEqual([]);

  const restarts = done.filter(({ what }) => what.endsWith('the target of a restart'));
  for (const { what, result } of restarts) expect(result, what).toMatchObject({ status: 'refused' });
  const types = done.filter(({ what }) => what.endsWith('type and note'));
  for (const { what, result } of types) expect(result, what).toMatchObject({ status: 'refused' });
});

it('refuses what is over a report’s limits with the field’s name, and runs nothing', async () => {
  const before = world.lab.runs.commandLines().length;
  const tooLong: [string, object][] = [
    ['target', { target: 'a'.repeat(501) }],
    ['error.message', { error: { message: 'a'.repeat(100_001) } }],
    ['action.type', { action: { type: 'A'.repeat(65) } }],
    ['action.command', { action: { type: 'SSH_CMD', command: 'a'.repeat(4001) } }],
    ['shell', { shell: 'id' }],
  ];
  for (const [field, more] of tooLong) {
    const handle = await world.client.workflow.start('HealWorkflow', {
      workflowId: `too-long-${field}`,
      taskQueue: world.taskQueue,
      args: [{ source: 'api', error: { message: 'x' }, ...more }],
    });
    const problem: unknown = await handle.result().catch((error: { cause?: unknown }) => error.cause);
    expect(problem).toMatchObject({
      type: 'InvalidReport',
      message: expect.stringContaining(field) as string,
    });
  }
  expect(world.lab.runs.commandLines()).toHaveLength(before);
});
