import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HealResult } from '../../domain/verdict.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function heal(report: object, workflowId = `report-${Math.random()}`): Promise<HealResult> {
  return world.client.workflow.execute('HealWorkflow', {
    workflowId,
    taskQueue: world.taskQueue,
    args: [report],
  });
}

it('restarts a hung container, watches it, and records every step', async () => {
  world.lab.container('momo-scheduler').hang();
  const result = await heal({
    source: 'task',
    task: 'run_auto_import_task',
    target: 'momo-scheduler',
    error: { message: 'container momo-scheduler is unhealthy' },
  });
  console.log(result);
  expect(result.status).toBe('resolved');
  console.log(await world.rows('select * from heal_logs'), await world.rows('select * from incidents'));
  console.log(await world.rows('select event,symptom,action,result,lesson from ai_insights'));
  console.log(world.botApi.messages());
});
