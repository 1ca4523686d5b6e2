import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonWithTemporal } from '../support/python.ts';
import { openWorld, type World } from '../support/world.ts';

const root = join(import.meta.dirname, '..', '..');
const scheduler = join(root, 'docs', 'examples', 'scheduler.py');
const flakyTask = join(root, 'test', 'fixtures', 'python', 'flaky_task.py');

let world: World;
let python: string;
let folder: string;
beforeAll(async () => {
  [world, python] = await Promise.all([openWorld(), pythonWithTemporal()]);
  folder = await mkdtemp(join(tmpdir(), 'ah-python-'));
}, 400_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

function runPython(args: string[], address = world.config.TEMPORAL_ADDRESS) {
  return execa(python, args, {
    env: {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: world.namespace,
      AUTOHEAL_TASK_QUEUE: world.taskQueue,
      PYTHONPATH: join(root, 'docs', 'examples'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    reject: false,
    timeout: 100_000,
  });
}

it('runs a Python task again when AutoHeal says that the cause is gone', async () => {
  const result = await runPython([flakyTask, folder, '1', '60', 'momo-scheduler']);
  expect(result.stderr).toBe('');
  expect(result).toMatchObject({ exitCode: 0, stdout: 'imported 42 rows' });
  expect(await readFile(join(folder, 'python-runs'), 'utf8')).toBe('xx');
  const rows = await world.rows<{ status: string; error_type: string; task: string; target: string }>(
    'select status, error_type, task, target from incidents order by first_seen_at limit 1',
  );
  expect(rows[0]).toEqual({
    status: 'resolved',
    error_type: 'DNS_FAIL',
    task: 'run_auto_import_task',
    target: 'momo-scheduler',
  });
});

it("lets the task's own exception through when no verdict comes in time", async () => {
  world.lab.names.delete('momo-postgres');
  const result = await runPython([flakyTask, folder, '99', '3', 'momo-web']);
  world.lab.names.set('momo-postgres', '10.0.0.9');
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(
    /psycopg2\.OperationalError: could not translate host name "momo-postgres"[^\n]*$/,
  );
});

it("costs a few seconds and nothing more when AutoHeal is away: the task's own exception comes through", async () => {
  const startedAtMs = Date.now();
  const result = await runPython([scheduler, 'run_auto_import_task'], '127.0.0.1:1');
  expect(Date.now() - startedAtMs).toBeLessThan(30_000);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('AutoHeal could not be asked');
  expect(result.stderr).toMatch(/ConnectionError: could not translate host name "momo-postgres"[^\n]*$/);
});
