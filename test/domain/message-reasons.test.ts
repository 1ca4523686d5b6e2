import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../domain/message/blocks.ts';
import { because, inEnglish, reasonCodes, say, withArgs, type Reason } from '../../domain/message/reasons.ts';
import { escalated } from '../../domain/incident/outcome.ts';
import { attempted, lastWordsOwed, settled } from '../../domain/incident/transitions.ts';
import { incidentOf, t0 } from './incident/samples.ts';

/** A value for whatever a reason may name. Texts that others wrote are English here, so that they would show. */
const samples: Record<string, string | number> = {
  ...{ text: 'connection refused by peer', error: 'the pipe is broken', seen: 'it does not resolve' },
  ...{
    reason: 'we move the machine',
    owner: 'Alice',
    by: 'Alice',
    asked: 'a restart of the web',
    what: 'heal log 1',
  },
  ...{ before: 'running since noon', after: 'not to be found', situation: 'running since noon' },
  ...{ because: 'playbook db matches', command: 'docker ps', until: '2026-04-19T03:30:00Z' },
  ...{ playbook: 'db-unreachable', step: 'matchPlaybook', scope: 'ollama-188', probe: 'resolve' },
  ...{ container: 'momo-web', action: 'DOCKER_RESTART', target: 'momo-web', host: 'ollama-188' },
  ...{ limit: 3, windowMin: 10, hours: 24, attempts: 2, waits: 4, attempt: 1, result: 'failure' },
};
const anything = new Proxy({}, { get: (_, name) => samples[String(name)] }) as Record<string, string>;
const sampleOf = (code: string): Reason => ({ code, args: anything }) as unknown as Reason;

/** Two words of Latin letters side by side, outside of what is quoted. */
const english = /[A-Za-z]{2,} [A-Za-z]{2,}/;
const unquoted = (text: string): string => text.replaceAll(/「[^」]*」/g, '');

describe.each(reasonCodes)('the reason %s', (code) => {
  it('has no English sentence in Chinese but what it quotes, and full-width punctuation', () => {
    const text = say(sampleOf(code), 'zh-TW') ?? '';
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(unquoted(text)).not.toMatch(english);
    expect(unquoted(text)).not.toMatch(/\p{Script=Han}[,;:()!?]|[,;()!?]\p{Script=Han}/u);
    expect(text).not.toMatch(/undefined|null|NaN/);
  });

  it('has no Chinese in English', () => {
    const text = inEnglish(sampleOf(code));
    expect(text).not.toMatch(/\p{Script=Han}/u);
    expect(text).not.toMatch(/undefined|null|NaN/);
  });
});

it('a message has the words of its reader’s language, records and callers the English ones', () => {
  const why = because('storm', { limit: 5, windowMin: 10 });
  const state = lastWordsOwed(settled(incidentOf(), escalated(why), t0));
  const [notice] = state.debt.notices;
  if (notice === undefined) throw new Error('no message is owed');
  const read = (locale: 'en' | 'zh-TW') =>
    blocksOf(notice, { locale, timeZone: null }, null).map(({ text }) => text);
  expect(read('zh-TW')).toContain('故障風暴：10 分鐘內超過 5 個目標故障，因此不重新啟動任何容器');
  expect(read('en')).toContain(inEnglish(why));
  expect(state.outcome?.verdict.reason).toBe(inEnglish(why));
});

it('what was tried is told in the reader’s language, its errors as they came', () => {
  const attempt = { attempt: 1, actionType: 'DOCKER_RESTART', result: 'failure', startedAtMs: t0 } as const;
  const state = attempted(incidentOf(), { ...attempt, error: 'no such container' }, t0);
  const [notice] = lastWordsOwed(settled(state, escalated('x'), t0)).debt.notices;
  if (notice === undefined) throw new Error('no message is owed');
  const text = blocksOf(notice, { locale: 'zh-TW', timeZone: null }, null).map((block) => block.text);
  expect(text.join('\n')).toContain('第 1 次，DOCKER_RESTART：失敗（「no such container」）');
});

it('a reason of another version is told as it came', () => {
  const state = lastWordsOwed(settled(incidentOf(), escalated('x'), t0));
  const [notice] = state.debt.notices;
  if (notice === undefined) throw new Error('no message is owed');
  const newer = { ...notice, reason: 'as it came', why: { code: 'of_tomorrow', args: {} } };
  expect(blocksOf(newer, { locale: 'zh-TW', timeZone: null }, null).map(({ text }) => text)).toContain(
    'as it came',
  );
});

it('has no secret in its data either', () => {
  const why = because('quoted', { text: 'password=hunter2hunter2' });
  const state = lastWordsOwed(settled(incidentOf(), escalated(why), t0));
  expect(JSON.stringify(state)).not.toContain('hunter2');
  expect(withArgs(because('storm', { limit: 1, windowMin: 2 }), () => '').args).toEqual({
    limit: 1,
    windowMin: 2,
  });
});
