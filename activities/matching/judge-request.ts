import type { Candidate, RequestedAction } from '../../domain/decide.ts';
import { playbookSchema, type Playbook } from '../../domain/playbook.ts';
import { authoriseAction } from '../../domain/policy/action.ts';
import type { ActionRequest } from '../../domain/report.ts';
import type { Incident } from './candidate.ts';

/**
 * ADR-013 A13: an action that a program or a model asks for goes through the same policy as a playbook's, and runs
 * as a playbook: the failure's own of that action type, else any enabled one, else a careful default.
 */
export function judgeRequest(
  request: ActionRequest,
  candidates: Candidate[],
  incident: Incident,
  playbooks: Playbook[],
): RequestedAction {
  const { estate, namedTarget, place } = incident;
  const judged = authoriseAction(request, { estate, target: namedTarget ?? undefined });
  if (!judged.ok)
    return { kind: 'refused', rule: judged.rule, reason: judged.reason, wayForward: judged.wayForward };
  if (judged.type === 'CODE_FIX') {
    return {
      kind: 'code_fix',
      command: judged.argv.join(' '),
      timeoutSec: judged.timeoutSec,
      host: judged.host,
    };
  }
  const playbook = playbookOf(judged.type, candidates, incident, playbooks);
  if (judged.type === 'DOCKER_RESTART' && playbook.actionType === 'DOCKER_RESTART') {
    const { host, targetKey, container } = judged.target;
    return {
      kind: 'allowed',
      candidate: {
        playbook,
        place: { host, target: targetKey, container },
        check: { kind: 'ready', command: null },
      },
    };
  }
  const command = judged.type === 'SSH_CMD' ? judged.command.argv.join(' ') : null;
  const target = judged.type === 'SSH_CMD' ? judged.target : null;
  const at =
    target === null ? place : { host: target.host, target: target.targetKey, container: target.container };
  if (judged.type === 'SSH_CMD' && at.host === null) {
    const reason = 'no host is known to run the command on';
    return {
      kind: 'refused',
      rule: 'unknown',
      reason,
      wayForward: 'Name a target or a host of the estate file.',
    };
  }
  return { kind: 'allowed', candidate: { playbook, place: at, check: { kind: 'ready', command } } };
}

/**
 * The playbook that a request runs as. Without one of the failure's own: any that restarts for a restart, whose
 * limits then hold; where the operator has none enabled, people are told instead (ADR-013 A7).
 */
function playbookOf(
  wanted: Playbook['actionType'],
  candidates: Candidate[],
  { errorType }: Incident,
  playbooks: Playbook[],
): Playbook {
  const own = candidates.find(({ playbook }) => playbook.actionType === wanted)?.playbook;
  if (own !== undefined) return own;
  const restarts = wanted === 'DOCKER_RESTART';
  const other = playbooks.find(
    ({ enabled, actionType, pattern }) => enabled && actionType === wanted && pattern === undefined,
  );
  if (restarts && other !== undefined) return other;
  const actionType = restarts ? 'ALERT_ONLY' : wanted;
  return playbookSchema.parse({ name: 'requested-action', errorType, actionType });
}
