import { mkdtempSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { World } from '../support/world.ts';
import { failureOf, lives, openTaskWorld, resultOf, startTask, steadyPids, until } from './task-world.ts';

const id = '27042e217c11';
let world: World & { folder: string };
const links = mkdtempSync(join(tmpdir(), 'ah-links-'));
beforeAll(async () => {
  const target = 'momo-scheduler';
  world = await openTaskWorld((program) => ({
    fails_twice: { command: program('flaky.js', '2'), target, maxRuns: 4 },
    works: { command: program('works.js') },
    unknown_failure: { command: program('odd.js') },
    runs_once: { command: program('flaky.js', '99'), target: 'momo-web', retry: 'never' },
    too_slow: { command: program('steady.js', '600', 'stubborn'), timeoutSec: 2 },
    cancelled: { command: program('steady.js', '600') },
    looks_around: { command: program('environment.js') },
    no_program: { command: ['/no/such/program'] },
    on_a_host: { command: ['uptime'], host: 'ollama-188' },
    forbidden: { command: ['docker', 'restart', 'momo-db'], host: 'ollama-188' },
    wrapped: { command: ['/usr/bin/nice', '/usr/bin/docker', 'restart', id], host: 'ollama-188' },
    wrapped_here: { command: ['/usr/bin/nice', '/usr/bin/docker', 'restart', id] },
    linked_here: { command: [join(links, 'import'), '-n', '5', '/usr/bin/uptime'] },
  }));
  await symlink('/usr/bin/nice', join(links, 'import'));
});
afterAll(async () => {
  await world.close();
  await rm(links, { recursive: true });
});

it('runs a task through and returns the end of its output', async () => {
  const result = await resultOf(await startTask(world, 'works'));
  expect(result).toMatchObject({ task: 'works', runs: 1, incidents: [], outputTail: 'imported 42 rows' });
});

it('runs a task again when the cause is gone, and resolves the incident only when it ran through', async () => {
  const handle = await startTask(world, 'fails_twice');
  const result = await resultOf(handle);
  expect(result).toMatchObject({ task: 'fails_twice', runs: 3 });
  expect(result.outputTail).toContain('imported 42 rows');
  expect(result.outputTail).not.toContain('ghp_');
  expect(result.incidents).toHaveLength(1);
  const [incidentId] = result.incidents;
  const row = await until(async () => {
    const rows = await world.rows<{ status: string; error_type: string; task: string; message: string }>(
      "select status, error_type, task, message from incidents where id = $1 and status = 'resolved'",
      [incidentId],
    );
    return rows[0] ?? null;
  });
  expect(row).toMatchObject({ error_type: 'DNS_FAIL', task: 'fails_twice' });
  const logs = await world.rows<{ attempt: number; result: string; error: string | null }>(
    'select attempt, result, error from heal_logs where incident_id = $1 order by attempt',
    [incidentId],
  );
  expect(logs.map(({ result: end }) => end)).toEqual(['failure', 'success']);
  expect(logs[0]?.error).toContain('the task failed again');
});

it('fails with the incident when AutoHeal gives up', async () => {
  const failure = await failureOf(await startTask(world, 'unknown_failure'));
  expect(failure).toMatchObject({ type: 'TaskFailed', details: { task: 'unknown_failure', runs: 1 } });
  expect(failure.message).toContain('ended with exit code 3: the moon is in the wrong house');
  expect(failure.message).toContain('AutoHeal: alerted');
  expect(failure.message).toContain(failure.details?.incidentId ?? 'no incident');
});

it('never repeats a task that is not safe to run twice', async () => {
  const failure = await failureOf(await startTask(world, 'runs_once'));
  expect(failure.details).toMatchObject({ runs: 1 });
  expect(failure.details?.incidentId).toMatch(/^[0-9a-f-]{36}$/);
});

it('ends a task that takes too long, with all that it started', async () => {
  const before = (await steadyPids(world.folder)).length;
  const failure = await failureOf(await startTask(world, 'too_slow'));
  expect(failure.message).toContain('did not end within 2 s and was ended');
  const pids = (await steadyPids(world.folder)).slice(before).flat();
  expect(pids).toHaveLength(2);
  expect(pids.filter(lives)).toEqual([]);
});

it('ends the command of a cancelled run before the run itself ends', async () => {
  const before = (await steadyPids(world.folder)).length;
  const handle = await startTask(world, 'cancelled');
  const pids = await until(async () => (await steadyPids(world.folder))[before] ?? null);
  expect(pids.filter(lives)).toEqual(pids);
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect(pids.filter(lives)).toEqual([]);
});

it("gives a task the worker's environment without AutoHeal's own secrets", async () => {
  process.env['TELEGRAM_BOT_TOKEN'] = 'not a real one';
  const { outputTail } = await resultOf(await startTask(world, 'looks_around'));
  delete process.env['TELEGRAM_BOT_TOKEN'];
  expect(outputTail.split(' ')).toContain('PATH');
  expect(outputTail.split(' ')).not.toContain('TELEGRAM_BOT_TOKEN');
});

it('reports a program that is not there', async () => {
  const failure = await failureOf(await startTask(world, 'no_program'));
  expect(failure.message).toContain('could not be started: there is no program /no/such/program');
});

it('runs a task on a host through the ssh layer, and nothing there that could touch a container', async () => {
  const result = await resultOf(await startTask(world, 'on_a_host'));
  expect(result.outputTail).toContain('load average');
  const failure = await failureOf(await startTask(world, 'forbidden'));
  expect(failure.message).toContain('was refused (fixed-command)');
});

it.each([
  ['wrapped', '"/usr/bin/nice" is refused by the rule wrapper'],
  ['wrapped_here', '"/usr/bin/nice" is refused by the rule wrapper'],
  ['linked_here', '"/usr/bin/nice" is refused by the rule wrapper'],
])('refuses a command that goes through a wrapper, on a host and here: %s', async (task, reason) => {
  const begun = world.lab.runs.commandLines().length;
  const failure = await failureOf(await startTask(world, task));
  expect(failure.message).toContain(`was refused (fixed-command): ${reason}`);
  expect(world.lab.runs.commandLines().slice(begun).join('\n')).not.toContain('nice');
});

it('refuses a task that is not in the estate file', async () => {
  const failure = await failureOf(await startTask(world, 'no_such_task'));
  expect(failure).toMatchObject({ type: 'NotInEstate' });
  expect(failure.message).toContain('There is no task "no_such_task"');
});
