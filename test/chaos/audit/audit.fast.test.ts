import { expect, it } from 'vitest';
import { audit } from './audit.ts';
import type { Evidence, HealLogRow, IncidentRow } from './evidence.ts';

const at = Date.parse('2026-04-19T03:00:00Z');
const iso = (afterMs: number): string => new Date(at + afterMs).toISOString();
const containerId = 'c'.repeat(64);

const incident: IncidentRow = {
  id: '11111111-1111-4111-8111-111111111111',
  case: 'case-a',
  errorType: 'DB_UNREACHABLE',
  status: 'resolved',
  occurrences: 2,
  attempts: 1,
  firstSeenAtMs: at,
};
const log: HealLogRow = {
  incidentId: incident.id,
  attempt: 1,
  actionType: 'DOCKER_RESTART',
  result: 'success',
  command: `docker restart -t 10 ${containerId}`,
  startedAtMs: at + 200,
  durationMs: 2000,
};
const restart = {
  kind: 'effect',
  effect: 'restart',
  container: 'momo-web',
  containerId,
  by: 'docker restart',
  commandId: 1,
  at: iso(500),
} as const;
const message = {
  messageId: 1,
  chatId: '1',
  source: '',
  text: `✅ Resolved · DB_UNREACHABLE · P1\nIncident: ${incident.id}\nTemporal UI: none`,
  html: true,
  at: iso(2500),
  answerLost: false,
  edited: false,
  silent: false,
  buttons: {},
};
const sound: Evidence = {
  accepted: ['one', 'two'].map((reportId) => ({ case: 'case-a', reportId, acceptedAtMs: at, tries: 1 })),
  longWaits: new Set(),
  effects: [restart],
  messages: [message],
  chats: ['1'],
  protectedContainers: ['momo-db'],
  workerKillsAtMs: [],
  records: {
    incidents: [incident],
    healLogs: [log],
    insights: [{ incidentId: incident.id, queued: true }],
  },
};
const without = (records: Partial<Evidence['records']>): Evidence => ({
  ...sound,
  records: { ...sound.records, ...records },
});

it('has nothing to say where every report, record, effect and message is there once', () => {
  expect(audit(sound)).toMatchObject({
    ok: true,
    findings: [],
    incidents: 1,
    reportsAccepted: 2,
    p50Ms: 200,
  });
});

it.each<[string, Evidence, object]>([
  [
    'a report that is counted nowhere',
    without({ incidents: [{ ...incident, occurrences: 1 }] }),
    { lostReports: 1 },
  ],
  [
    'a report counted twice',
    without({ incidents: [{ ...incident, occurrences: 3 }] }),
    { overcountedReports: 1 },
  ],
  [
    'an incident that never ends',
    without({ incidents: [{ ...incident, status: 'acting' }] }),
    { unfinishedIncidents: 1 },
  ],
  ['a heal log that is missing', without({ healLogs: [] }), { lostHealLogs: 1, unrecordedSideEffects: 1 }],
  ['a heal log that is there twice', without({ healLogs: [log, log] }), { duplicateHealLogs: 1 }],
  ['an insight that is missing', without({ insights: [] }), { lostInsights: 1 }],
  [
    'an insight that nobody will embed',
    without({ insights: [{ incidentId: incident.id, queued: false }] }),
    { lostInsights: 1 },
  ],
  [
    'a second restart by one attempt',
    { ...sound, effects: [restart, { ...restart, commandId: 2, at: iso(900) }] },
    { duplicateSideEffects: 1 },
  ],
  [
    'a restart long after its attempt was over',
    { ...sound, effects: [restart, { ...restart, commandId: 2, at: iso(60_000) }] },
    { unrecordedSideEffects: 1 },
  ],
  [
    'a hand laid on what is protected',
    { ...sound, effects: [restart, { ...restart, container: 'momo-db', effect: 'stop' }] },
    { protectedSideEffects: 1 },
  ],
  ['a person who was not told', { ...sound, messages: [] }, { lostMessages: 1 }],
  ['a person who was told twice', { ...sound, messages: [message, message] }, { duplicateMessages: 1 }],
  [
    'an urgent failure that lay for half a minute',
    {
      ...without({ healLogs: [{ ...log, startedAtMs: at + 31_000 }] }),
      effects: [],
      messages: [{ ...message, at: iso(33_000) }],
    },
    { lateUrgent: 1 },
  ],
])('finds %s', (_what, evidence, counts) => {
  expect(audit(evidence)).toMatchObject({ ok: false, ...counts });
});

it('excuses a second message where the answer to the first was lost, and counts it apart', () => {
  const lost = { ...message, answerLost: true };
  expect(audit({ ...sound, messages: [lost, message] })).toMatchObject({
    ok: true,
    duplicateMessages: 0,
    duplicatesAfterLostAnswer: 1,
  });
  const killed = { ...sound, messages: [message, message], workerKillsAtMs: [at + 2600] };
  expect(audit(killed)).toMatchObject({ ok: true, duplicatesAfterLostAnswer: 1 });
  const killedBefore = (ms: number) => ({ ...killed, workerKillsAtMs: [Date.parse(message.at) - ms] });
  // It was on its way when its sender died.
  expect(audit(killedBefore(300))).toMatchObject({ ok: true, duplicatesAfterLostAnswer: 1 });
  expect(audit(killedBefore(700))).toMatchObject({ ok: false, duplicateMessages: 1 });
});
