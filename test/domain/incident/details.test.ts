import { expect, it } from 'vitest';
import { describeRun, type RunView } from '../../../domain/incident/details.ts';

const view = (more: Partial<RunView> = {}): RunView => ({
  incidentId: '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d',
  status: 'waiting',
  errorType: 'DNS_FAIL',
  playbook: 'dns-fail',
  actionType: 'WAIT_RETRY',
  attempts: 2,
  occurrences: 7,
  waitingFor: 'the name to resolve',
  until: '2026-04-19T03:00:00Z',
  owed: { incidents: 0, healLogs: 0, insights: 0, messages: 0 },
  steps: ['rule 11: playbook dns-fail matches', 'attempt 1, WAIT_RETRY: failure'],
  ...more,
});

it('says where an incident stands, what it waits for, and what happened', () => {
  expect(describeRun(view(), 'name not known')).toMatchInlineSnapshot(`
    "**waiting** · DNS_FAIL · reported 7 time(s)

    \`name not known\`

    - incident: 3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d
    - playbook: dns-fail (WAIT_RETRY), attempts: 2
    - waiting for: the name to resolve, until 2026-04-19T03:00:00Z

    ### What happened
    1. rule 11: playbook dns-fail matches
    1. attempt 1, WAIT_RETRY: failure"
  `);
});

it('says what it owes while the database is away', () => {
  const owed = { incidents: 1, healLogs: 2, insights: 1, messages: 0 };
  expect(describeRun(view({ owed }), 'x')).toContain(
    '- owes 1 incident, 2 heal log, 1 insight write(s), 0 message(s)',
  );
  expect(describeRun(view(), 'x')).not.toContain('owes');
});

it('lets no message of a failing program out of its quotes', () => {
  const [, , quoted] = describeRun(view(), 'a `b` c\n# headline').split('\n');
  expect(quoted).toBe("`a 'b' c # headline`");
});
