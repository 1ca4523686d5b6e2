import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { hang, openHealWorld, unhealthy, wideLimits, type HealWorld } from '../workflows/heal-world.ts';
import { effectsOn, watchLines } from './requests.ts';

/** Somebody writes into the table of playbooks: whatever it says, it is skipped, refused or downgraded, and never run. */

let world: HealWorld;
beforeAll(async () => {
  const apps = ['momo-web', 'healed', 'dying'].map((name) => ({ name, image: 'momo/app:2026.4' }));
  const databases = ['momo-db', 'momo-postgres'].map((name) => ({ name, image: 'postgres:16' }));
  const limits = { ...wideLimits, restartsPerHostPer10Min: 4 };
  world = await openHealWorld([...apps, ...databases], { limits });
});
afterAll(() => world.close());

interface RowOf {
  name: string;
  errorType?: string;
  actionType?: string;
  params?: unknown;
  more?: Record<string, unknown>;
}

async function plant({
  name,
  errorType = 'CODE_ERROR',
  actionType = 'SSH_CMD',
  params = {},
  more = {},
}: RowOf) {
  const columns = {
    name,
    error_type: errorType,
    action_type: actionType,
    priority: 0,
    cooldown_min: 0,
    ...more,
  };
  const names = [...Object.keys(columns), 'action_params'];
  const values = [...Object.values(columns), JSON.stringify(params)];
  const places = values.map((_, at) => `$${at + 1}`).join(', ');
  await world.rows(`INSERT INTO playbooks (${names.join(', ')}) VALUES (${places})`, values);
}
const remove = (name: string) => world.rows('DELETE FROM playbooks WHERE name = $1', [name]);

let made = 0;
const codeError = (more: Partial<Report> = {}): Report => ({
  source: 'api',
  target: 'momo-web',
  error: { type: 'KeyError', message: `KeyError: '${'abcdefghijklmnopqrstuvwxyz'.slice(made++ % 26)}'` },
  ...more,
});

describe('a row whose action is not allowed', () => {
  const commands = [
    ...[
      'docker restart momo-db',
      'docker exec momo-db psql',
      'rm -rf /',
      'df -h; id',
      'docker logs -f momo-web',
    ],
    ...['sh', '$(id)', 'docker logs --tail 5 {target} --follow', 'docker logs --tail 5 {name}', ' df -h'],
  ];
  it.each(commands)('with the command "%s" is left out, and the next playbook is taken', async (command) => {
    await plant({ name: 'evil', params: { command } });
    const lines = watchLines(world);
    const result = await world.heal(codeError());
    expect(result).toMatchObject({ status: 'alerted', playbook: 'code-error' });
    expect(result.steps?.join('\n')).toContain('evil');
    expect(lines()).toEqual([]);
    await remove('evil');
  });

  it('is refused where there is no other', async () => {
    await plant({ name: 'evil', errorType: 'CERT_EXPIRED', params: { command: 'reboot' } });
    await world.rows(`UPDATE playbooks SET enabled = false WHERE name = 'cert-expired'`);
    const lines = watchLines(world);
    const expired: Report = {
      source: 'api',
      target: 'momo-web',
      error: { message: 'certificate has expired' },
    };
    expect(await world.heal(expired)).toMatchObject({ status: 'refused', playbook: 'evil' });
    expect(lines()).toEqual([]);
    await remove('evil');
  });
});

describe('a row that restarts what is protected', () => {
  const targets = [
    'momo-db',
    'momo-postgres',
    'MOMO-DB',
    'mоmo-db',
    'momo_postgres',
    'proj_momo-db_1',
    'momo%2ddb',
  ];
  it.each(targets)('such as %s is downgraded', async (target) => {
    await plant({ name: 'evil', actionType: 'DOCKER_RESTART', params: { target } });
    const result = await world.heal(codeError());
    expect(['WAIT_RETRY', 'ALERT_ONLY']).toContain(result.actionType);
    const { logs } = await world.tracesOf(result.incidentId);
    expect(logs.map((log) => log.result)).toContain('refused');
    await remove('evil');
  });

  it.each(['', '*', 'all', '--all', 'momo-web momo-db', 'somebody-else', 'abcdef012345', '../momo-db'])(
    'or a target such as "%s" is never read as anything else',
    async (target) => {
      await plant({ name: 'evil', actionType: 'DOCKER_RESTART', params: { target } });
      const result = await world.heal(codeError());
      expect(result).toMatchObject({ status: 'alerted' });
      await remove('evil');
    },
  );

  afterAll(() => {
    expect(effectsOn(world, 'momo-db')).toEqual([]);
    expect(effectsOn(world, 'momo-postgres')).toEqual([]);
    expect(effectsOn(world, 'momo-web')).toEqual([]);
  });
});

describe('a row that is no playbook', () => {
  const rows: RowOf[] = [
    { name: 'evil', params: { shell: 'id' } },
    { name: 'evil', params: [] },
    { name: 'evil', params: 'df -h' },
    { name: 'evil', params: { command: 'df -h', stableForSec: -1 } },
    { name: 'evil', params: { backoffSec: 1e300 } },
    { name: 'evil', params: { command: 'x'.repeat(100_000) } },
    { name: 'evil', params: Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`key${at}`, at])) },
    {
      name: 'evil',
      params: { advice: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [at, 'x'.repeat(1999)])) },
    },
    { name: 'Evil; DROP TABLE playbooks' },
    { name: 'e'.repeat(100_000) },
    { name: 'evil', actionType: 'SHELL' },
    { name: 'evil', more: { pattern: '(' } },
    { name: 'evil', more: { pattern: '(a+)+$'.repeat(100) + '(?=x)' } },
    { name: 'evil', more: { pattern: 'x'.repeat(100_000) } },
    { name: 'evil', more: { max_retries: 2_000_000_000 } },
    { name: 'evil', more: { cooldown_min: -5 } },
    { name: 'evil', more: { severity: 'P0' } },
  ];
  it.each(rows.map((row): [string, RowOf] => [JSON.stringify(row).slice(0, 70), row]))(
    'such as %s is left out or refused by the table, and healing goes on',
    async (_, row) => {
      const taken = await plant(row).then(
        () => true,
        () => false,
      );
      const lines = watchLines(world);
      const result = await world.heal(codeError());
      expect(result).toMatchObject({
        status: 'alerted',
        playbook: 'code-error',
        catalogueSource: 'database',
      });
      if (taken) expect(result.steps?.join('\n')).toMatch(/left out|can't be used/);
      expect(JSON.stringify(result).length).toBeLessThan(20_000);
      expect(lines()).toEqual([]);
      await remove(row.name);
    },
  );

  it('may be there a thousand times', async () => {
    await world.rows(
      `INSERT INTO playbooks (name, error_type, action_type, priority, action_params)
       SELECT 'evil-' || n, 'CODE_ERROR', 'SSH_CMD', 0, '{"command": "rm -rf /", "advice": {"en": "${'x'.repeat(1500)}"}}'
       FROM generate_series(1, 1000) AS n`,
    );
    expect(await world.heal(codeError())).toMatchObject({ status: 'alerted', playbook: 'code-error' });
    await hang(world, 'healed');
    expect(await world.heal(unhealthy('healed'))).toMatchObject({ status: 'resolved' });
    await world.rows(`DELETE FROM playbooks WHERE name LIKE 'evil-%'`);
  });
});

it('a row without any pause or end does not get round the budget of restarts', async () => {
  const params = { backoffSec: 0, stableForSec: 0, verifyTimeoutSec: 1, stopTimeoutSec: 0 };
  const more = { max_retries: 100 };
  await plant({ name: 'evil', errorType: 'CONTAINER_EXITED', actionType: 'DOCKER_RESTART', params, more });
  const dying = world.lab.container('dying');
  dying.setFate({ kind: 'dies-after-start', afterMs: 20 });
  dying.kill();
  const exited: Report = {
    source: 'api',
    target: 'dying',
    error: { message: 'container dying exited with code 1' },
  };
  const result = await world.heal(exited);
  expect(result).toMatchObject({ status: 'escalated', verdict: { kind: 'give_up' } });
  expect(result.verdict.reason).toMatch(/budget/);
  expect(world.restartsOf('dying')).toBeLessThanOrEqual(4);
  await remove('evil');
});

it('a row’s probe is no way to a command either', async () => {
  const names = ['-s', '--service=files', 'a b', 'momo-db;id', '$(id)', 'x'.repeat(300)];
  for (const [at, name] of names.entries()) {
    const params = {
      probe: { kind: at % 2 === 0 ? 'resolve' : 'database', name, host: name },
      backoffSec: 0.2,
    };
    const { kind } = params.probe;
    const probe = kind === 'resolve' ? { kind, name } : { kind, host: name };
    await plant({
      name: `evil-${at}`,
      actionType: 'WAIT_RETRY',
      params: { ...params, probe },
      more: { max_retries: 1 },
    });
    const lines = watchLines(world);
    expect(await world.heal(codeError())).toMatchObject({ status: 'alerted', actionType: 'WAIT_RETRY' });
    // It may look for who has that name among the containers there are; the name itself goes nowhere.
    expect(lines().filter((line) => line !== "'docker' 'ps' '-a' '-q' '--no-trunc'")).toEqual([]);
    await remove(`evil-${at}`);
  }
});
