import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hang, openHealWorld, unhealthy, type HealWorld } from '../workflows/heal-world.ts';
import { ask, effectsOn, pause, requestOf, watchLines } from './requests.ts';

/** ADR-013 A13: what programs and models ask for, through real workflows to a real host. */

let world: HealWorld;
beforeAll(async () => {
  const apps = [
    'ill',
    'false-claim',
    'approved',
    'denied',
    'voided',
    'cools',
    'shared',
    'plain',
    'elsewhere',
    'idle',
  ];
  const held = { name: 'sneaky', image: 'momo/app:1', aliases: ['momo-postgres'] };
  const database = { name: 'momo-db', image: 'postgres:16' };
  world = await openHealWorld([...apps, held, database], {
    targets: Object.fromEntries([...apps, 'sneaky', 'momo-db'].map((name) => [name, { host: 'ollama-188' }])),
    codeFix: { host: 'ollama-188', command: ['uname', '-r'] },
  });
});
afterAll(() => world.close());

describe('a requested restart', () => {
  it('of what is visibly ill goes the way of every other restart', async () => {
    await hang(world, 'ill');
    const result = await world.heal(requestOf({ type: 'DOCKER_RESTART', target: 'ill' }));
    expect(result).toMatchObject({ status: 'resolved', actionType: 'DOCKER_RESTART', attempts: 1 });
    expect(world.restartsOf('ill')).toBe(1);
  });

  it('of what is well waits for a person, and runs once approved', async () => {
    const asked = await ask(world, requestOf({ type: 'DOCKER_RESTART', target: 'approved' }));
    expect(effectsOn(world, 'approved')).toEqual([]);
    expect(await asked.answer(true)).toMatchObject({ status: 'resolved', attempts: 1 });
    expect(world.restartsOf('approved')).toBe(1);
  });

  it('of what is well does nothing when denied', async () => {
    const asked = await ask(world, requestOf({ type: 'DOCKER_RESTART', target: 'denied' }));
    expect(await asked.answer(false)).toMatchObject({ status: 'escalated', attempts: 0 });
    expect(effectsOn(world, 'denied')).toEqual([]);
  });

  it('stops when its target is paused while a person is thinking', async () => {
    const asked = await ask(world, requestOf({ type: 'DOCKER_RESTART', target: 'voided' }));
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const paused = await pause(world, { kind: 'target', name: 'voided' });
    expect(await asked.answer(true)).toMatchObject({ status: 'suppressed' });
    expect(effectsOn(world, 'voided')).toEqual([]);
    await paused.lift();
  });

  it('that claims an illness which nobody can see is settled by looking', async () => {
    const result = await world.heal(requestOf({ type: 'DOCKER_RESTART' }, unhealthy('false-claim')));
    expect(result).toMatchObject({ status: 'resolved' });
    expect(effectsOn(world, 'false-claim')).toEqual([]);
  });

  it('by several at once restarts once', async () => {
    await hang(world, 'shared');
    const requests = [1, 2, 3].map(() => world.heal(requestOf({ type: 'DOCKER_RESTART', target: 'shared' })));
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([
      'resolved',
      'resolved',
      'resolved',
    ]);
    expect(world.restartsOf('shared')).toBe(1);
  });

  it('keeps the cooldown, however the request is worded', async () => {
    await world.rows(`UPDATE playbooks SET cooldown_min = 5 WHERE action_type = 'DOCKER_RESTART'`);
    await hang(world, 'cools');
    expect(await world.heal(requestOf({ type: 'DOCKER_RESTART', target: 'cools' }))).toMatchObject({
      status: 'resolved',
    });
    await hang(world, 'cools');
    const again = await world.heal(requestOf({ type: 'DOCKER_RESTART', target: 'cools' }));
    expect(again).toMatchObject({ status: 'suppressed', verdict: { kind: 'retry_at' } });
    expect(world.restartsOf('cools')).toBe(1);
    await world.rows(`UPDATE playbooks SET cooldown_min = 0`);
  });

  it('becomes a message to a person where no playbook restarts anything', async () => {
    await world.rows(`UPDATE playbooks SET enabled = false WHERE action_type = 'DOCKER_RESTART'`);
    await hang(world, 'idle');
    const result = await world.heal(requestOf({ type: 'DOCKER_RESTART', target: 'idle' }));
    expect(result).toMatchObject({ status: 'alerted', actionType: 'ALERT_ONLY' });
    expect(effectsOn(world, 'idle')).toEqual([]);
    await world.rows(`UPDATE playbooks SET enabled = true`);
  });

  it.each([
    ['a protected one', { target: 'momo-db' }, {}],
    ['one that reads like a protected one', { target: 'mоmo-db' }, {}],
    ['one that only the host knows to be protected', { target: 'sneaky' }, {}],
    ['nothing', {}, {}],
    ['an empty target', { target: '' }, { target: 'plain' }],
    ['a stranger', { target: 'somebody-else' }, {}],
    ['the prefix of an id', { target: 'abcdef' }, {}],
    ['a target on another host', { target: 'plain' }, { host: 'bastion-110' }],
    ['a target on a host that nobody knows', { target: 'plain' }, { host: 'nowhere' }],
    ['a command line', { target: 'plain', command: 'docker restart momo-db' }, {}],
  ])('of %s is refused, and nothing runs', async (_, target, more) => {
    const lines = watchLines(world);
    const result = await world.heal(requestOf({ type: 'DOCKER_RESTART', ...target }, more));
    expect(result).toMatchObject({
      status: 'refused',
      actionType: 'DOCKER_RESTART',
      verdict: { kind: 'give_up' },
    });
    expect(lines().filter((line) => !line.startsWith("'docker' 'container' 'inspect'"))).toEqual([]);
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs.map((log) => log.result)).toEqual(['refused']);
    expect(messages).toHaveLength(1);
  });
});

describe('a code fix', () => {
  const shell = '"; docker restart momo-db; echo "$(id)`id`';

  it('is asked for first, and is then the command line of the estate, whatever the request says', async () => {
    const lines = watchLines(world);
    const asked = await ask(
      world,
      requestOf({ type: 'CODE_FIX', target: 'plain', command: shell, note: shell }),
    );
    expect(lines()).toEqual([]);
    expect(await asked.answer(true)).toMatchObject({ status: 'alerted', actionType: 'CODE_FIX' });
    expect(lines()).toEqual(["'/usr/bin/uname' '-r'"]);
  });

  it('does nothing when denied, and nothing while its host is paused', async () => {
    const lines = watchLines(world);
    const asked = await ask(world, requestOf({ type: 'CODE_FIX', note: shell }));
    expect(await asked.answer(false)).toMatchObject({ status: 'escalated' });
    const paused = await pause(world, { kind: 'host', name: 'ollama-188' });
    expect(await world.heal(requestOf({ type: 'CODE_FIX', note: shell }))).toMatchObject({
      status: 'suppressed',
    });
    await paused.lift();
    expect(lines()).toEqual([]);
  });
});

describe('a requested diagnosis', () => {
  it('may look at what is protected', async () => {
    const lines = watchLines(world);
    const command = 'docker logs --tail 5 momo-db';
    const result = await world.heal(requestOf({ type: 'SSH_CMD', target: 'momo-db', command }));
    expect(result).toMatchObject({ status: 'escalated', actionType: 'SSH_CMD' });
    expect(lines()).toEqual(["'docker' 'logs' '--tail' '5' 'momo-db'"]);
  });

  it('does not keep the failure that it resembles from being healed', async () => {
    await world.rows(`UPDATE playbooks SET cooldown_min = 5 WHERE name = 'disk-full'`);
    await world.heal(requestOf({ type: 'SSH_CMD', target: 'plain', command: 'df -h' }));
    const full = {
      source: 'api' as const,
      target: 'plain',
      error: { message: 'write: No space left on device' },
    };
    expect(await world.heal(full)).toMatchObject({ status: 'escalated', playbook: 'disk-full' });
    await world.rows(`UPDATE playbooks SET cooldown_min = 0`);
  });

  it.each([
    'docker restart momo-db',
    'docker logs -f plain',
    'docker exec plain id',
    'df -h; id',
    'df  -h',
    '',
    'sh',
  ])('of "%s" is refused', async (command) => {
    const lines = watchLines(world);
    const result = await world.heal(requestOf({ type: 'SSH_CMD', target: 'plain', command }));
    expect(result).toMatchObject({ status: 'refused', actionType: 'SSH_CMD' });
    expect(lines()).toEqual([]);
  });
});

describe('any other request', () => {
  it.each(['docker_restart', 'DOCKER_STOP', 'SHELL', '__proto__', 'constructor', '$(id)'])(
    'of the type %s is refused',
    async (type) => {
      const lines = watchLines(world);
      expect(await world.heal(requestOf({ type, target: 'plain' }))).toMatchObject({ status: 'refused' });
      expect(lines()).toEqual([]);
    },
  );

  it('that only alerts, tells and does nothing', async () => {
    const lines = watchLines(world);
    const result = await world.heal(
      requestOf({ type: 'ALERT_ONLY', target: 'plain', note: 'memory at 97 %' }),
    );
    expect(result).toMatchObject({ status: 'alerted', actionType: 'ALERT_ONLY' });
    expect((await world.tracesOf(result.incidentId)).messages).toHaveLength(1);
    expect(lines()).toEqual([]);
  });

  it('that waits, looks and touches nothing', async () => {
    const result = await world.heal(requestOf({ type: 'WAIT_RETRY', target: 'plain' }));
    // Nothing says what the wait is for, so nothing proves that it is over: the caller finds out by trying again.
    expect(result).toMatchObject({
      status: 'alerted',
      actionType: 'WAIT_RETRY',
      verdict: { kind: 'retry_now' },
    });
    expect(effectsOn(world, 'plain')).toEqual([]);
  });
});

it('a pause holds for the target that a playbook names, not only for the incident’s own', async () => {
  await world.rows(
    `INSERT INTO playbooks (name, error_type, action_type, cooldown_min, max_retries, action_params)
     VALUES ('cures-another', 'CODE_ERROR', 'DOCKER_RESTART', 0, 1, '{"target": "elsewhere"}')`,
  );
  await world.rows(`UPDATE playbooks SET enabled = false WHERE name = 'code-error'`);
  const paused = await pause(world, { kind: 'target', name: 'elsewhere' });
  const report = {
    source: 'api' as const,
    target: 'plain',
    error: { type: 'KeyError', message: "KeyError: 'x'" },
  };
  expect(await world.heal(report)).toMatchObject({ status: 'suppressed' });
  expect(effectsOn(world, 'elsewhere')).toEqual([]);
  await paused.lift();
});
