import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import { until } from './task-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const waiting = async (): Promise<number> => {
  const rows = await world.rows<{ n: string }>(
    'select count(*) as n from embedding_retry_queue where done_at is null',
  );
  return Number(rows[0]?.n);
};
const learn = (lesson: string) =>
  world.rows("insert into ai_insights (insight_type, content) values ('note', $1) returning id", [lesson]);

it('vectorises what is learnt, also while it rests, and is one and the same whoever starts it', async () => {
  await learn('a restart does not cure a leak');
  const start = () =>
    world.client.workflow.start('EmbeddingWorkflow', {
      workflowId: 'embedding',
      taskQueue: world.taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  const [one, two] = await Promise.all([start(), start()]);
  expect(one.firstExecutionRunId).toBe(two.firstExecutionRunId);
  await until(async () => (await waiting()) === 0);
  for (let number = 0; number < 70; number += 1) await learn(`lesson ${number}`);
  await one.signal('wake');
  await until(async () => (await waiting()) === 0);
  const rows = await world.rows<{ n: string }>(
    'select count(*) as n from ai_insights where embedding is not null',
  );
  expect(Number(rows[0]?.n)).toBe(71);
  expect((await one.describe()).status.name).toBe('RUNNING');
  await one.terminate();
});
