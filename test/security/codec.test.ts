import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataConverterOf } from '../../client/payload-codec.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { openWorld, type World } from '../support/world.ts';
import { until } from '../workflows/task-world.ts';
import { allHistories } from './histories.ts';

const key = randomBytes(32).toString('base64');
const words = 'a sentence that nobody else may read 8271';
let world: World;

beforeAll(async () => {
  world = await openWorld({ environment: { AUTOHEAL_CODEC_KEY: key } });
});
afterAll(() => world.close());

const report = (message: string, more: object = {}) => ({ source: 'api', error: { message }, ...more });

const heal = (input: object, workflowId: string) =>
  world.client.workflow.execute('HealWorkflow', {
    workflowId,
    taskQueue: world.taskQueue,
    args: [input],
    staticSummary: words,
    memo: { words },
  });

it('heals as ever with payloads encrypted, and no history holds a plain word of them', async () => {
  world.lab.container('momo-web').hang();
  const healed: unknown = await heal(
    report(`container momo-web is unhealthy: ${words}`, { target: 'momo-web', labels: { words } }),
    'encrypted-restart',
  );
  expect(healed).toMatchObject({ status: 'resolved', actionType: 'DOCKER_RESTART' });
  expect(await heal(report(words, { labels: { words } }), 'encrypted-alert')).toMatchObject({
    status: 'alerted',
  });
  // A failure's own words are encrypted as well.
  await expect(heal({ source: 'api', [words]: true }, 'encrypted-failure')).rejects.toThrow();

  const histories = await allHistories(world);
  expect(histories.length).toBeGreaterThan(5);
  const plain = histories.flatMap(({ workflowId, raw }) => (raw.includes(words) ? [workflowId] : []));
  expect(plain).toEqual([]);
  // The scan can fail: with the key, the words are there.
  expect(histories.filter(({ opened }) => opened.includes(words)).length).toBeGreaterThan(2);
});

it('can be asked for its status and told by signals through the codec', async () => {
  const handle = await world.client.workflow.start('HealWorkflow', {
    workflowId: 'encrypted-query',
    taskQueue: world.taskQueue,
    args: [report(`${words} again, and otherwise`)],
  });
  await handle.signal('report', report('another'));
  await handle.result();
  expect(await handle.query('status')).toMatchObject({ status: 'alerted' });
});

it('says which key is missing to whoever has another one', async () => {
  const connection = await Connection.connect({ address: world.config.TEMPORAL_ADDRESS ?? '' });
  const other = randomBytes(32).toString('base64');
  const client = new Client({
    connection,
    namespace: world.namespace,
    ...dataConverterOf({ AUTOHEAL_CODEC_KEY: other }),
  });
  await expect(client.workflow.getHandle('encrypted-alert').result()).rejects.toThrow(
    /encrypted with the key [0-9a-f]{12}, and AUTOHEAL_CODEC_KEY has [0-9a-f]{12}/,
  );
  await connection.close();
});

it('lets a run wait as long as its worker has another key', async () => {
  const taskQueue = 'without-the-key';
  const encryption = dataConverterOf({ AUTOHEAL_CODEC_KEY: randomBytes(32).toString('base64') });
  const connection = await NativeConnection.connect({ address: world.config.TEMPORAL_ADDRESS ?? '' });
  const worker = await Worker.create({
    ...encryption,
    connection,
    namespace: world.namespace,
    taskQueue,
    workflowBundle: await workflowBundle(cacheDir, encryption.dataConverter),
  });
  const handle = await world.client.workflow.start('HealWorkflow', {
    workflowId: 'waits-for-its-key',
    taskQueue,
    args: [report(words)],
  });
  await worker.runUntil(() =>
    until(async () => {
      const { events } = await handle.fetchHistory();
      return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed != null) ?? false;
    }),
  );
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.terminate();
  await connection.close();
});

it('leaves the search attributes readable, as the list of the Temporal UI needs them', async () => {
  const healed = world.client.workflow.list({ query: 'AutoHealTarget = "momo-web"' });
  const ids: string[] = [];
  for await (const { workflowId } of healed) ids.push(workflowId);
  expect(ids).toEqual([expect.stringMatching(/^heal\//)]);
});
