import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import { ask, pause } from '../security/requests.ts';
import { hang, openHealWorld, unhealthy, until, type HealWorld } from '../workflows/heal-world.ts';
import { isStored, store } from './store.ts';

/** Plays each way a heal can end once, and stores its history where none is stored yet. */

const names = ['well', 'twice', 'spent', 'adopted', 'yes', 'no', 'late', 'cool', 'paused', 'caller'];
let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(
    names.map((name) => `app-${name}`),
    {
      codeFix: { host: 'ollama-188', command: ['uptime'], timeoutSec: 30 },
      tasks: {
        flaky_import: {
          cron: '0 6 * * *',
          command: ['momo-import', 'app-caller'],
          host: 'ollama-188',
          target: 'app-caller',
          timeoutSec: 60,
        },
      },
    },
  );
});
afterAll(() => world.close());

const endOf = async (name: string, handle: WorkflowHandle): Promise<void> => {
  await handle.result();
  await store(name, handle);
  expect(isStored(name)).toBe(true);
};
const heal = async (name: string, report: Report): Promise<void> => endOf(name, await world.open(report));
const exited = (target: string): Report => ({
  source: 'alertmanager',
  target,
  error: { message: `container ${target} exited with code 1` },
});
const kill = async (name: string): Promise<void> => {
  world.lab.container(name).kill();
  await until(async () => !world.lab.container(name).view().running, 20);
};
const lostName = (name: string): Report => ({
  source: 'task',
  error: { message: `could not translate host name "${name}" to address: Name or service not known` },
  host: 'ollama-188',
});

it('resolved by a restart', async () => {
  await hang(world, 'app-well');
  await heal('resolved-by-restart', unhealthy('app-well'));
});

it('resolved by the second restart', async () => {
  world.lab.container('app-twice').setFate({ kind: 'dies-after-start', afterMs: 50 });
  await kill('app-twice');
  const handle = await world.open(exited('app-twice'));
  await until(async () => world.restartsOf('app-twice') === 1, 50);
  world.lab.container('app-twice').setFate({ kind: 'works' });
  await endOf('resolved-by-second-restart', handle);
});

it('escalated when restarts are spent', async () => {
  world.lab.container('app-spent').setFate({ kind: 'dies-after-start', afterMs: 50 });
  await kill('app-spent');
  await heal('escalated-restarts-spent', exited('app-spent'));
});

it('adopted', () => heal('adopted', exited('app-adopted')));

it('resolved by waiting, with a duplicate that joins', async () => {
  world.lab.names.set('orders-db', '10.0.0.77');
  await heal('resolved-by-waiting', lostName('orders-db'));
});

it('escalated when waits are spent', () => heal('escalated-waits-spent', lostName('nowhere')));

it('alerted', () => heal('alerted-unknown', { source: 'api', error: { message: 'a riddle of 7 parts' } }));

it('diagnosed', () =>
  heal('escalated-with-diagnosis', {
    source: 'alertmanager',
    host: 'ollama-188',
    error: { message: 'write failed: No space left on device' },
  }));

it('refused', () => heal('refused-unknown-target', unhealthy('app-nobody')));

it('protected, downgraded to a wait', () =>
  heal('downgraded-protected', { ...exited('momo-db'), host: 'ollama-188' }));

it('merged into another by a run under an id of its own', async () => {
  const open = await world.open(lostName('nowhere-else'));
  const foreign = await world.startForeign(lostName('nowhere-else'));
  await endOf('merged-front', foreign);
  await endOf('joined-incident', open);
  await endOf('opening-front', await world.startForeign(lostName('nowhere-at-all')));
});

it('suppressed by a cooldown', async () => {
  await world.rows(`UPDATE playbooks SET cooldown_min = 5 WHERE name = 'container-exited'`);
  await kill('app-cool');
  await (await world.open(exited('app-cool'))).result();
  await kill('app-cool');
  await heal('suppressed-by-cooldown', exited('app-cool'));
  await world.rows(`UPDATE playbooks SET cooldown_min = 0 WHERE name = 'container-exited'`);
});

it('suppressed by a pause', async () => {
  const paused = await pause(world, { kind: 'target', name: 'app-paused' });
  await heal('suppressed-by-pause', exited('app-paused'));
  await paused.lift();
});

it('approved, denied, and decided by nobody', async () => {
  await world.rows(`UPDATE playbooks SET requires_approval = true WHERE name = 'container-exited'`);
  await world.rows(`UPDATE playbooks SET requires_approval = true,
    action_params = action_params || '{"approvalDeadlineMin": 0.02}' WHERE name = 'container-unhealthy'`);
  for (const [name, approve] of [
    ['yes', true],
    ['no', false],
  ] as const) {
    await kill(`app-${name}`);
    const asked = await ask(world, exited(`app-${name}`));
    await asked.answer(approve);
    await store(approve ? 'approved' : 'denied', asked.handle);
  }
  await hang(world, 'app-late');
  await heal('approval-expired', unhealthy('app-late'));
  await world.rows(`UPDATE playbooks SET requires_approval = false`);
});

it('a code fix', async () => {
  const asked = await ask(world, {
    source: 'code_fix',
    error: { message: 'KeyError: k' },
    action: { type: 'CODE_FIX' },
  });
  await asked.answer(true);
  await store('code-fix', asked.handle);
});

it('a scheduled task, healed and run again', async () => {
  await hang(world, 'app-caller');
  const { taskQueue } = world;
  const args = [{ task: 'flaky_import' }];
  const task = await world.client.workflow.start('ScheduledTaskWorkflow', {
    workflowId: 'task/flaky_import',
    taskQueue,
    args,
  });
  await endOf('scheduled-task', task);
  const [incident] = await world.rows<{ workflow_id: string; run_id: string }>(
    `SELECT workflow_id, run_id FROM incidents WHERE task = 'flaky_import'`,
  );
  await endOf(
    'resolved-by-the-task',
    world.client.workflow.getHandle(incident?.workflow_id ?? '', incident?.run_id),
  );
});

it('a report that is none', async () => {
  const { taskQueue } = world;
  const handle = await world.client.workflow.start('HealWorkflow', {
    workflowId: 'bad',
    taskQueue,
    args: [{ source: 'api' }],
  });
  await handle.result().catch(() => undefined);
  await store('invalid-report', handle);
});
