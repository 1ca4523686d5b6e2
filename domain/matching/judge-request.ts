import type { Candidate, Place, RequestedAction } from '../incident/decide.ts';
import { playbookSchema, type Playbook } from '../playbook/playbook.ts';
import { authoriseAction } from '../policy/action.ts';
import type { PolicyRefusal } from '../policy/refusal.ts';
import { probeFor } from '../container/probe-for.ts';
import type { ActionRequest } from '../report/report.ts';
import type { ActionType } from '../vocabulary/actions.ts';
import type { Incident } from './candidate.ts';

/**
 * ADR-013 A13: an action that a program or a model asks for goes through the same policy as a playbook's, and runs
 * as a playbook: the failure's own of that type, or for a restart any enabled one. Where no playbook restarts
 * anything, a person is told instead.
 */
export function judgeRequest(
  request: ActionRequest,
  candidates: Candidate[],
  incident: Incident,
  playbooks: Playbook[],
): RequestedAction {
  const { estate, namedTarget, namedHost, place } = incident;
  const context = { estate, target: namedTarget ?? undefined, host: namedHost ?? undefined };
  const judged = authoriseAction(request, context);
  if (!judged.ok) return refused(judged);
  const own = candidates.find(({ playbook }) => playbook.actionType === judged.type)?.playbook;
  if (judged.type === 'CODE_FIX') {
    const { argv, timeoutSec, host } = judged;
    return { kind: 'code_fix', command: argv.join(' '), timeoutSec, host };
  }
  switch (judged.needs) {
    case 'container': {
      const { host, targetKey, container } = judged.target;
      const playbook = own ?? playbooks.find(doesAnywhere(judged.type));
      if (playbook === undefined) return allowed(tellInstead(request, incident), place);
      return allowed(playbook, { host, target: targetKey, container });
    }
    case 'command': {
      const { command, target } = judged;
      const at =
        target === null
          ? place
          : { host: target.host, target: target.targetKey, container: target.container };
      if (at.host !== null)
        return allowed(own ?? requested(incident, judged.type), at, command.argv.join(' '));
      const reason = 'no host is known to run the command on';
      return {
        kind: 'refused',
        rule: 'unknown',
        reason,
        wayForward: 'Name a target or a host of the estate file.',
      };
    }
    case 'nothing': {
      const probe = judged.type === 'WAIT_RETRY' ? probeFor(incident, place, namedTarget) : null;
      return allowed(own ?? requested(incident, judged.type, probe === null ? {} : { probe }), place);
    }
  }
}

const refused = ({ rule, reason, wayForward }: PolicyRefusal): RequestedAction => ({
  kind: 'refused',
  rule,
  reason,
  wayForward,
});

const allowed = (playbook: Playbook, place: Place, command: string | null = null): RequestedAction => ({
  kind: 'allowed',
  candidate: { playbook, place, check: { kind: 'ready', command } },
});

/** A playbook with a pattern is for failures that read like it, and for nothing else. */
const doesAnywhere =
  (type: ActionType) =>
  ({ enabled, actionType, pattern }: Playbook): boolean =>
    enabled && actionType === type && pattern === undefined;

/**
 * Stands in for a playbook where an action touches nothing. It has a cooldown of its own, so that no request keeps
 * a failure's own playbook from firing.
 */
function requested(incident: Incident, actionType: ActionType, params: object = {}): Playbook {
  return playbookSchema.parse({
    name: `requested-${actionType.toLowerCase().replace('_', '-')}`,
    errorType: incident.errorType,
    actionType,
    actionParams: params,
    cooldownMin: 1,
  });
}

function tellInstead({ type }: ActionRequest, incident: Incident): Playbook {
  const en = `${type} was asked for, and no enabled playbook does that. Do it by hand, or enable one.`;
  const tw = `收到 ${type} 請求,但沒有啟用的 playbook 會執行此動作。請由人員處理,或啟用對應的 playbook。`;
  return requested(incident, 'ALERT_ONLY', { advice: { en, 'zh-TW': tw } });
}
