import { describe, expect, it } from 'vitest';
import { composeInsight, type HealedIncident } from '../../../domain/incident/insight.ts';
import { insightRecordSchema } from '../../../domain/incident/records.ts';
import { finalStatuses } from '../../../domain/vocabulary/vocabulary.ts';

const incidentOf = (more: Partial<HealedIncident> = {}): HealedIncident => ({
  incidentId: '3f0c9e52-6f0e-4a3c-9a0e-0d1f6f1b2c3d',
  report: {
    source: 'task',
    task: 'run_auto_import_task',
    target: 'momo-scheduler',
    error: { type: 'momo.ContainerUnhealthy', message: 'container momo-scheduler is unhealthy' },
  },
  classification: {
    errorType: 'CONTAINER_UNHEALTHY',
    severity: 'P2',
    fingerprint: 'f'.repeat(32),
    facts: {},
    rule: 'rules.yaml#1',
  },
  playbook: 'container-unhealthy',
  actionType: 'DOCKER_RESTART',
  tried: ['attempt 1, DOCKER_RESTART: success'],
  status: 'resolved',
  reason: 'healthy for 3 s',
  attempts: 1,
  acted: true,
  durationMs: 3110,
  ...more,
});

describe('what an incident taught', () => {
  it('is five things in plain words (ADR-013 A12)', () => {
    expect(composeInsight(incidentOf())).toMatchObject({
      insightType: 'auto_heal_playbook',
      event: 'CONTAINER_UNHEALTHY (P2) at run_auto_import_task on momo-scheduler',
      symptom: 'momo.ContainerUnhealthy: container momo-scheduler is unhealthy',
      action: 'DOCKER_RESTART by playbook container-unhealthy: attempt 1, DOCKER_RESTART: success',
      result: 'resolved after 1 attempt(s) in 3.1 s: healthy for 3 s',
      lesson:
        'For CONTAINER_UNHEALTHY at run_auto_import_task on momo-scheduler, container-unhealthy helps at the first attempt.',
    });
  });

  it.each<[string, Partial<HealedIncident>, string]>([
    ['a second attempt that helped', { attempts: 2 }, 'helps, but only at attempt 2'],
    ['a container that was well again', { acted: false }, 'nothing had to be done'],
    ['a wait', { actionType: 'WAIT_RETRY', acted: false }, 'waiting helps'],
    ['attempts that did not help', { status: 'escalated', attempts: 2 }, 'container-unhealthy did not help'],
    ['what the guard stopped', { status: 'escalated', attempts: 0, acted: false }, 'nothing was tried'],
    ['a diagnosis', { status: 'escalated', actionType: 'SSH_CMD' }, 'only looks, and cures nothing'],
    ['an alert', { status: 'alerted', actionType: 'ALERT_ONLY' }, 'write a playbook'],
    ['a refusal', { status: 'refused' }, 'not permitted'],
  ])('of %s', (_, more, lesson) => {
    expect(composeInsight(incidentOf(more)).lesson).toContain(lesson);
  });

  it('is never empty in any part, however little is known', () => {
    for (const status of finalStatuses) {
      const bare = incidentOf({
        report: { source: 'cli', error: { message: 'x' } },
        playbook: null,
        actionType: null,
        tried: [],
        status,
      });
      const insight = insightRecordSchema.parse(composeInsight(bare));
      const { event, symptom, action, result, lesson } = insight;
      for (const part of [event, symptom, action, result, lesson]) expect(part).not.toBe('');
      expect(event).toContain('at somewhere');
    }
  });

  it('stays short, whatever was reported and tried', () => {
    const long = 'x'.repeat(100_000);
    const insight = composeInsight(
      incidentOf({ report: { source: 'cli', error: { message: long } }, tried: [long, long] }),
    );
    expect(insight.symptom.length).toBeLessThan(2000);
    expect(insight.action.length).toBeLessThanOrEqual(4000);
  });
});
