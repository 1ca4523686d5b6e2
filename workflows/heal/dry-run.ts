import { workflowInfo } from '@temporalio/workflow';
import type { Decision } from '../../domain/incident/decide.ts';
import { describeClassification } from '../../domain/report/describe-classification.ts';
import { opened, type Classified } from '../../domain/incident/state.ts';
import { claimOf } from '../../domain/incident/views.ts';
import { outlookOf } from '../../domain/incident/outlook.ts';
import { actions } from '../../domain/vocabulary/actions.ts';
import { giveUp, type HealResult } from '../../domain/incident/verdict.ts';
import { thinking } from '../proxies.ts';
import { decideUnpaused } from './guard.ts';

/** Says what would be done with a report, and why, step by step: nothing is taken, written, told or done. */
export async function dryRun(classified: Classified): Promise<HealResult> {
  const { report, classification, place } = classified;
  const { runId } = workflowInfo();
  const steps = [
    describeClassification(classification),
    `place: ${place.target ?? 'no known target'} on ${place.host ?? 'no known host'}`,
  ];
  const matched = await thinking.matchPlaybook({ report, classification, place });
  steps.push(
    `playbooks from the ${matched.source}: ${matched.facts.candidates.map((c) => c.playbook.name).join(', ') || 'none'}`,
  );
  const decision = await decideUnpaused(matched.facts, place, matched.pauses);
  steps.push(`rule ${decision.rule}: ${decision.reason}`, wouldDo(decision));
  const playbook = 'playbook' in decision ? decision.playbook : null;
  if (playbook !== null && decision.kind !== 'refuse') {
    const would = opened(runId, report, classified, Date.now());
    const at = 'place' in decision ? decision.place : place;
    const { actionType } = outlookOf(decision.kind);
    const sideEffect = actionType !== null && actions[actionType].hasSideEffect;
    const answer = await thinking.checkCooldown({
      claim: claimOf(would, playbook, at, { sideEffect, peek: true }),
    });
    steps.push(
      answer.kind === 'granted' ? 'the guard would let it pass' : `the guard would stop it: ${answer.kind}`,
    );
  }
  return {
    incidentId: runId,
    ...outlookOf(decision.kind),
    playbook: playbook?.name ?? null,
    attempts: 0,
    durationMs: 0,
    verdict: giveUp(`dry run: ${decision.reason}`),
    occurrences: 1,
    catalogueSource: matched.source,
    steps,
  };
}

function wouldDo(decision: Decision): string {
  switch (decision.kind) {
    case 'suppress':
      return 'would record it and do nothing';
    case 'refuse':
      return `would refuse it. ${decision.wayForward}`;
    case 'alert':
      return 'would tell people and do nothing else';
    case 'wait':
      return `would wait up to ${decision.playbook.maxRetries} time(s), probing ${decision.probe?.kind ?? 'nothing'}`;
    case 'restart':
      return `would look at ${decision.place.container ?? ''} on ${decision.place.host ?? ''}, restart it when it is still failing, and watch it for ${decision.playbook.actionParams.stableForSec} s`;
    case 'diagnose':
      return `would run ${decision.command} on ${decision.place.host ?? ''} and tell people its output`;
    case 'code_fix':
      return `would ask for approval, then run ${decision.command} on ${decision.host}`;
  }
}
