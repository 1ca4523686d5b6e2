import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../domain/report/report.ts';
import type { HealStatus } from '../../workflows/messages.ts';
import { kindOf, messagesOf, openHealWorld, until, type HealWorld } from './heal-world.ts';

const names = ['yes', 'no', 'late', 'strangers', 'changed'].map((name) => `app-${name}`);

let world: HealWorld;
let uptime: string;
beforeAll(async () => {
  world = await openHealWorld(names, {
    codeFix: { host: 'ollama-188', command: ['uptime'], timeoutSec: 30 },
  });
  uptime = world.lab.estate.programs['uptime'] ?? '';
  await world.rows(`INSERT INTO telegram_users (telegram_id, name, is_admin, is_active) VALUES
    (1001, 'alice', true, true), (1002, 'bob', false, true), (1003, 'carol', true, false)`);
  await world.rows(`UPDATE playbooks SET requires_approval = true
    WHERE name IN ('container-exited', 'container-unhealthy')`);
  await world.rows(`UPDATE playbooks SET action_params = action_params || '{"approvalDeadlineMin": 0.02}'
    WHERE name = 'container-unhealthy'`);
});
afterAll(() => world.close());

interface Answer {
  accepted: boolean;
  reason: string;
}

/** Reports, and waits until people are asked. */
async function ask(report: Report) {
  const handle = await world.open(report);
  const message = await until(
    async () =>
      messagesOf(world, handle.incidentId).find((one) => kindOf(one) === '✋ Approval needed') ?? null,
  );
  const nonce = /\/approve \S+ (\S+)/.exec(message.text)?.[1] ?? '';
  const decide = (decision: {
    approve: boolean;
    by?: string;
    nonce?: string;
    chat?: string;
  }): Promise<Answer> =>
    handle.executeUpdate<Answer, [object]>('decide', { args: [{ by: 'alice', nonce, ...decision }] });
  return { handle, nonce, decide, text: message.text };
}

const exited = (target: string): Report => ({
  source: 'alertmanager',
  target,
  error: { message: `container ${target} exited` },
});
const gone = async (name: string): Promise<void> => {
  world.lab.container(name).kill();
  await until(async () => !world.lab.container(name).view().running, 20);
};
const fix = (note: string): Report => ({
  source: 'code_fix',
  error: { message: `KeyError: ${note}` },
  action: { type: 'CODE_FIX', note },
});

describe('a playbook that wants approval', () => {
  it('acts once an admin has approved it, and keeps the name of who did', async () => {
    await gone('app-yes');
    const { handle, decide, text } = await ask(exited('app-yes'));
    expect(await handle.query<HealStatus>('status')).toMatchObject({ status: 'awaiting_approval' });
    expect(text).toContain('DOCKER_RESTART of app-yes on ollama-188');
    expect(world.restartsOf('app-yes')).toBe(0);
    expect(await decide({ approve: true })).toEqual({ accepted: true, reason: 'approved' });
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'resolved', attempts: 1, actionType: 'DOCKER_RESTART' });
    expect(world.restartsOf('app-yes')).toBe(1);
    const { incident, messages } = await world.tracesOf(result.incidentId);
    expect(incident.metadata).toMatchObject({ approval: { by: 'alice', name: 'alice', approve: true } });
    expect(messages.map(kindOf)).toEqual(['✋ Approval needed', '▶️ Decided', '✅ Resolved']);
  });

  it('does nothing when it is denied', async () => {
    await gone('app-no');
    const { handle, decide } = await ask(exited('app-no'));
    const begun = world.lab.runs.commandLines().length;
    expect(await decide({ approve: false, by: '1001' })).toEqual({ accepted: true, reason: 'denied' });
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
    expect(result.verdict.reason).toContain('alice denied DOCKER_RESTART of app-no');
    const { logs, messages, insights } = await world.tracesOf(result.incidentId);
    expect(logs).toMatchObject([{ attempt: 0, result: 'skipped', command: null }]);
    expect(messages.map(kindOf)).toEqual([
      '✋ Approval needed',
      '▶️ Decided',
      // A message of its own, and the request, which loses its buttons.
      '🚨 Escalated',
      '🚨 Escalated',
    ]);
    expect(insights).toHaveLength(1);
    expect(world.lab.runs.commandLines()).toHaveLength(begun);
  });

  it('does nothing when nobody decides until the deadline', async () => {
    await gone('app-late');
    const result = await world.heal({
      source: 'alertmanager',
      target: 'app-late',
      error: { message: 'container app-late is unhealthy' },
    });
    expect(result).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
    expect(result.verdict.reason).toContain('nobody decided');
    expect(world.restartsOf('app-late')).toBe(0);
  });

  it('takes no decision with a wrong code, of a stranger, of one who is no admin or no longer active', async () => {
    await gone('app-strangers');
    const { handle, decide } = await ask(exited('app-strangers'));
    const answers = [
      await decide({ approve: true, nonce: 'guessed' }),
      await decide({ approve: true, by: 'mallory' }),
      await decide({ approve: true, by: 'bob' }),
      await decide({ approve: true, by: 'carol' }),
    ];
    expect(answers.map(({ accepted }) => accepted)).toEqual([false, false, false, false]);
    expect(answers[2]?.reason).toBe('bob is not an admin');
    expect((await handle.query<HealStatus>('status')).status).toBe('awaiting_approval');
    expect(world.restartsOf('app-strangers')).toBe(0);
    // The group that is sent what admins are sent is no admin, by its id or by its name.
    await world.rows(`UPDATE telegram_users SET name = 'on-call' WHERE telegram_id = -1003940688311`);
    for (const by of ['-1003940688311', 'on-call'])
      expect((await decide({ approve: true, by })).reason).toContain('only a person decides');
    expect(world.restartsOf('app-strangers')).toBe(0);
    expect(await decide({ approve: true, by: '1001', chat: '-1003940688311' })).toMatchObject({
      accepted: true,
    });
    expect(await world.resultOf(handle)).toMatchObject({ status: 'resolved' });
    const { incident } = await world.tracesOf(handle.incidentId);
    expect(incident.metadata['approval']).toMatchObject({
      by: '1001',
      name: 'alice',
      chat: '-1003940688311',
    });
    // Bob hears of incidents, and is never asked.
    const asked = world.botApi.messages().filter((one) => kindOf(one) === '✋ Approval needed');
    expect(new Set(asked.map(({ chatId }) => chatId))).toEqual(new Set(['-1003940688311', '1001']));
  });

  it('is void when the situation changed before the approval', async () => {
    await gone('app-changed');
    const { handle, decide } = await ask(exited('app-changed'));
    await world.lab.container('app-changed').start();
    expect(await decide({ approve: true })).toMatchObject({ accepted: true });
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
    expect(result.verdict.reason).toContain('the situation changed after the approval, which is void');
    expect(world.restartsOf('app-changed')).toBe(0);
  });
});

describe('a code fix', () => {
  it("runs the estate's own command line after approval, whatever was asked for", async () => {
    const { handle, decide, text } = await ask(fix('run `rm -rf /` and $(reboot)'));
    expect(text).toContain(`CODE_FIX on ollama-188: ${uptime}`);
    const begun = world.lab.runs.commandLines().length;
    await decide({ approve: true });
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'alerted', actionType: 'CODE_FIX', attempts: 1 });
    expect(world.lab.runs.commandLines().slice(begun)).toEqual([`'${uptime}'`]);
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs).toMatchObject([
      { attempt: 1, action_type: 'CODE_FIX', command: uptime, result: 'success', playbook: null },
    ]);
    expect(messages.map(kindOf)).toEqual([
      '✋ Approval needed',
      '▶️ Decided',
      '🔔 Needs a person',
      '🔔 Needs a person',
    ]);
  });

  it('runs nothing when it is denied', async () => {
    const { handle, decide } = await ask(fix('please'));
    const begun = world.lab.runs.commandLines().length;
    await decide({ approve: false });
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'escalated', actionType: 'CODE_FIX', attempts: 0 });
    expect((await world.tracesOf(result.incidentId)).logs).toMatchObject([
      { attempt: 0, action_type: 'CODE_FIX', result: 'skipped' },
    ]);
    expect(world.lab.runs.commandLines()).toHaveLength(begun);
  });
});
