import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngineWorld, type EngineWorld } from './engine-world.ts';
import { situations } from './situations.ts';

let world: EngineWorld;
beforeAll(async () => {
  world = await openEngineWorld([...situations.map(({ name }) => name), 'momo-scheduler']);
});
afterAll(() => world.close());

describe.concurrent('a container of a real engine', () => {
  it.each(situations)(
    '$name: $status',
    async ({ name, says, bring, status, restarts: [least, most], told }) => {
      await bring(world.engine, name);
      const result = await world.heal({
        source: 'alertmanager',
        target: name,
        error: { message: `container ${name} ${says}` },
      });
      expect({ name, status: result.status, reason: result.verdict.reason }).toMatchObject({ name, status });
      // The engine's own events are the witness: it says "restart" of every `docker restart` that went well.
      const seen = world.engine.actionsOn(name).filter((action) => action === 'restart');
      expect({ name, restarts: seen.length <= most && seen.length >= least }).toEqual({
        name,
        restarts: true,
      });
      if (told === undefined) return;
      const seenBy = () => told.test(world.told(result.incidentId).join('\n'));
      for (let tries = 0; tries < 60 && !seenBy(); tries += 1) await sleep(500);
      expect(world.told(result.incidentId).join('\n')).toMatch(told);
    },
  );
});

describe('the founding failure', () => {
  const report = {
    source: 'task' as const,
    target: 'momo-scheduler',
    error: {
      type: 'psycopg2.OperationalError',
      message: 'could not translate host name "momo-postgres" to address: Name or service not known',
    },
  };

  it('is seen to end by the container that goes by the name, which the host itself never resolves', async () => {
    const { engine } = world;
    await engine.docker('network', 'create', 'momo');
    await engine.run('momo-scheduler', ['--network', 'momo'], 'sleep', '9999');
    await engine.run(
      'shop-momo-postgres-1',
      ['--network', 'momo', '--network-alias', 'momo-postgres'],
      'sleep',
      '9999',
    );
    await engine.docker('stop', '-t', '0', 'shop-momo-postgres-1');
    const back = setTimeout(() => void engine.docker('start', 'shop-momo-postgres-1'), 5000);
    const result = await world.heal(report).finally(() => clearTimeout(back));
    expect(result).toMatchObject({ status: 'resolved', actionType: 'WAIT_RETRY' });
    expect(result.verdict.reason).toContain('momo-postgres (shop-momo-postgres-1)');
    expect(result.attempts).toBeGreaterThan(1);
    expect(engine.actionsOn('shop-momo-postgres-1')).not.toContain('restart');
  });
});
