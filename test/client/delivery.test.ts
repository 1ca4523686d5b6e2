import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAutoHeal, type AutoHeal } from '../../client/autoheal.ts';
import { closeCause } from '../../client/delivery/resolve-alert.ts';
import { deliverReport, type DeliveryContext } from '../../client/delivery/deliver-report.ts';
import { waitForVerdict } from '../../client/delivery/wait-for-verdict.ts';
import { placeReport } from '../../domain/report/place-report.ts';
import { readEstate } from '../../settings/read-estate.ts';
import { readPlaybooks } from '../../settings/read-playbooks.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let context: DeliveryContext;
beforeAll(async () => {
  world = await openWorld();
  const estate = readEstate(world.lab.estateFile);
  context = { client: world.client, taskQueue: world.taskQueue, rules: readPlaybooks().rules, estate };
});
afterAll(() => world.close());

const open = (options: Partial<Parameters<typeof createAutoHeal>[0]> = {}): AutoHeal => {
  const { client, taskQueue, home } = world;
  const { estate, rules } = context;
  return createAutoHeal({ client, taskQueue, home, estate, rules, log: () => undefined, ...options });
};

/** A failure that waits. Its own target keeps it out of the others' cooldown. */
const waiting = (name: string, target?: string) => ({
  source: 'api' as const,
  ...(target === undefined ? {} : { target }),
  error: { message: `could not translate host name "${name}" to address: Name or service not known` },
});

describe('delivering a report', () => {
  it('opens an incident with the first report, and joins it with the second', async () => {
    const report = waiting('no-such-host-a');
    const first = await deliverReport({ ...context, report });
    const second = await deliverReport({ ...context, report });
    expect(first).toMatchObject({ joined: false, incidentId: first.runId });
    expect(second).toMatchObject({
      joined: true,
      incidentId: first.incidentId,
      workflowId: first.workflowId,
    });
    await expect.poll(() => occurrences(first.workflowId), { timeout: 20_000 }).toBe(2);
  });

  it('counts a report that is sent again under its id once', async () => {
    const report = { ...waiting('no-such-host-b'), reportId: 'the-same' };
    const first = await deliverReport({ ...context, report });
    await deliverReport({ ...context, report });
    await deliverReport({ ...context, report: { ...report, reportId: 'another' } });
    await expect.poll(() => occurrences(first.workflowId), { timeout: 20_000 }).toBe(2);
  });

  it('counts a thousand at once exactly, and puts few events into the history', async () => {
    const report = waiting('no-such-host-h');
    const all = await Promise.all(Array.from({ length: 1000 }, () => deliverReport({ ...context, report })));
    const [first] = all;
    expect(all.filter(({ joined }) => !joined)).toEqual([first]);
    const { workflowId, runId } = first ?? { workflowId: '', runId: '' };
    await expect.poll(() => occurrences(workflowId), { timeout: 20_000 }).toBe(1000);
    const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const signals = events?.filter((event) => event.workflowExecutionSignaledEventAttributes != null);
    expect(signals?.length).toBeLessThan(20);
  });

  it('joins what an earlier version of the fingerprint opened, from outside and from a run of its own', async () => {
    const report = waiting('no-such-host-earlier');
    const { classification } = placeReport(report, context);
    const [earlier] = classification.earlier ?? [];
    const { client, taskQueue } = world;
    const start = (workflowId: string) =>
      client.workflow.start('HealWorkflow', { workflowId, taskQueue, args: [report] });
    // Stands in front of the incident of today's fingerprint; for whoever joins, it is the one that is open.
    await start(`heal/${earlier}`);
    await expect.poll(() => occurrences(`heal/${classification.fingerprint}`), { timeout: 20_000 }).toBe(1);
    const delivered = await deliverReport({ ...context, report });
    expect(delivered).toMatchObject({ workflowId: `heal/${earlier}`, joined: true });
    await deliverReport({ ...context, report });
    await start('a-run-of-its-own');
    await expect.poll(() => occurrences(`heal/${classification.fingerprint}`), { timeout: 20_000 }).toBe(4);
    const { events } = await client.workflow.getHandle('a-run-of-its-own').fetchHistory();
    const opened = events?.some((event) => event.startChildWorkflowExecutionInitiatedEventAttributes != null);
    expect(opened).toBe(false);
  });

  it('opens the next incident where the one that it knows was ended by hand', async () => {
    const report = waiting('no-such-host-i');
    const first = await deliverReport({ ...context, report });
    await deliverReport({ ...context, report });
    await world.client.workflow.getHandle(first.workflowId).terminate('by hand');
    const next = await deliverReport({ ...context, report });
    expect(next).toMatchObject({ workflowId: first.workflowId, joined: false });
    expect(next.runId).not.toBe(first.runId);
  });

  it('sends no secret to Temporal', async () => {
    const password = `hunter-${Math.random().toString(36).slice(2)}`;
    const report = {
      ...waiting('no-such-host-c'),
      labels: { url: `postgres://momo:${password}@momo-postgres/momo` },
    };
    const { workflowId, runId } = await deliverReport({ ...context, report });
    const history = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = Buffer.from(JSON.stringify(history)).toString();
    const texts = [...payloads.matchAll(/"data":"([^"]+)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    );
    expect(texts.join()).toContain('momo-postgres');
    expect(payloads + texts.join()).not.toContain(password);
  });

  it('ends a wait when the cause is gone, and says so when nothing waits', async () => {
    const report = waiting('no-such-host-d', 'momo-web');
    const { workflowId, runId } = await deliverReport({ ...context, report });
    expect(await closeCause({ ...context, report })).toEqual({ closed: true, workflowId });
    const result = await waitForVerdict({ client: world.client, workflowId, runId, waitMs: 30_000 });
    expect(result?.verdict.kind).toBe('retry_now');
    expect(await closeCause({ ...context, report: waiting('never-reported') })).toEqual({
      closed: false,
      workflowId: null,
    });
  });

  it('explains a dry run without touching the incident that it asks about', async () => {
    const report = waiting('no-such-host-e');
    const dry = await deliverReport({ ...context, report: { ...report, dryRun: true } });
    const { client } = world;
    const result = await waitForVerdict({
      client,
      workflowId: dry.workflowId,
      runId: dry.runId,
      waitMs: 30_000,
    });
    expect(result).toMatchObject({ status: 'waiting', actionType: 'WAIT_RETRY' });
    expect((await deliverReport({ ...context, report })).joined).toBe(false);
  });

  async function occurrences(workflowId: string): Promise<number> {
    const status = await world.client.workflow.getHandle(workflowId).query<{ occurrences: number }>('status');
    return status.occurrences;
  }
});

describe('waiting for a verdict', () => {
  it('ends with null when there is none in time', async () => {
    const { workflowId, runId } = await deliverReport({
      ...context,
      report: waiting('no-such-host-f', 'momo-worker'),
    });
    expect(await waitForVerdict({ client: world.client, workflowId, runId, waitMs: 700 })).toBeNull();
  });

  it('tells when the run was ended by hand', async () => {
    const { workflowId, runId } = await deliverReport({
      ...context,
      report: waiting('no-such-host-g', 'momo-redis'),
    });
    const verdict = waitForVerdict({ client: world.client, workflowId, runId, waitMs: 30_000 });
    const refused = expect(verdict).rejects.toMatchObject({ code: 'INCIDENT_ENDED' });
    await world.client.workflow.getHandle(workflowId).terminate('by hand');
    await refused;
  });
});

describe('a caller', () => {
  it('has its task run again when the verdict says so', async () => {
    world.lab.container('momo-scheduler').hang();
    const autoHeal = open();
    const runs: number[] = [];
    const answer = await autoHeal.withAutoHeal(
      'run_auto_import_task',
      (run) => {
        runs.push(run);
        if (run === 1) throw new Error('container momo-scheduler is unhealthy');
        return 'imported';
      },
      { target: 'momo-scheduler', waitForVerdictMs: 60_000 },
    );
    expect(answer).toBe('imported');
    expect(runs).toEqual([1, 2]);
  });

  it('gets its own error back, the very object, when the verdict is to give up', async () => {
    const own = new RangeError('something that no rule knows');
    const thrown = await open()
      .withAutoHeal('run_weekly_strategy_task', () => Promise.reject(own), { waitForVerdictMs: 30_000 })
      .catch((error: unknown) => error);
    expect(thrown).toBe(own);
  });

  it('gets the verdict from handleException when it waits for it', async () => {
    const handed = await open().handleException(
      new Error('a failure that nobody has described'),
      {},
      { waitForVerdictMs: 30_000 },
    );
    expect(handed).toMatchObject({ delivered: true, spooled: false, verdict: { kind: 'give_up' } });
  });

  it('is refused an action on what is protected', async () => {
    const delivered = await open().requestAction({
      source: 'elephant_alpha',
      type: 'DOCKER_RESTART',
      target: 'momo-postgres',
      reason: 'the model thinks that it helps',
    });
    const result = await waitForVerdict({ client: world.client, waitMs: 30_000, ...delivered });
    expect(result).toMatchObject({ status: 'refused', verdict: { kind: 'give_up' } });
  });
});

describe('while Temporal is away', () => {
  it('a caller is back in bounded time, and its reports are delivered later, in order, once', async () => {
    const home = await mkdtemp(join(tmpdir(), 'ah-away-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const { taskQueue, namespace } = world;
    const { estate, rules } = context;
    const away = createAutoHeal({
      address: await deadAddress(),
      namespace,
      taskQueue,
      home,
      estate,
      rules,
      log: () => undefined,
    });
    for (const name of ['first', 'second', 'third']) {
      const begun = Date.now();
      const error = new Error(
        `could not translate host name "gone-host" to address: ${name} Name or service not known`,
      );
      const handed = await away.handleException(error, { reportId: name }, { timeoutMs: 500 });
      expect(handed).toMatchObject({ delivered: false, spooled: true });
      expect(Date.now() - begun).toBeLessThan(10_000);
    }
    await expect(away.reportException(new Error('strict'))).rejects.toMatchObject({ code: 'TEMPORAL_AWAY' });
    await away.close();

    const back = open({ home });
    expect(await back.drainSpool()).toMatchObject({ delivered: 3, left: 0, problem: null });
    expect(await back.drainSpool()).toMatchObject({ delivered: 0 });
    expect(await readdir(join(home, 'spool'))).toEqual([]);
    const ids: string[] = [];
    for await (const run of world.client.workflow.list({ query: `WorkflowType = 'HealWorkflow'` })) {
      const history = await world.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const input = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
      const report = JSON.parse(Buffer.from(input ?? []).toString()) as { reportId?: string };
      if (['first', 'second', 'third'].includes(report.reportId ?? '')) ids.unshift(report.reportId ?? '');
    }
    expect(ids).toEqual(['first', 'second', 'third']);
  });

  it('a server that takes the connection and never answers holds nobody up', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const home = await mkdtemp(join(tmpdir(), 'ah-silent-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const caller = createAutoHeal({ address: `127.0.0.1:${port}`, home, log: () => undefined });
    const begun = Date.now();
    expect(await caller.handleException(new Error('x'), {}, { timeoutMs: 500 })).toMatchObject({
      spooled: true,
    });
    expect(Date.now() - begun).toBeLessThan(10_000);
    await caller.close();
  });

  async function deadAddress(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return `127.0.0.1:${port}`;
  }
});
