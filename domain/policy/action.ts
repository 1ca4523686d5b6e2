import type { Estate } from '../estate.ts';
import { actionTypes, needs, recordedActions, type ActionNeeding } from '../vocabulary/actions.ts';
import type { ActionRequest } from '../report/report.ts';
import { matchCommand, type AllowedCommand } from './command.ts';
import { asRun, fixedCommandRefusal } from './fixed-command.ts';
import { judgeTarget } from './judge-target.ts';
import { refusal, shown, type PolicyRefusal } from './refusal.ts';
import { resolveTarget, type ResolvedTarget } from './target.ts';

/** What a request becomes once policy allows it. Nothing of the requester's text is a part of a side effect. */
export type AuthorisedAction =
  | { ok: true; needs: 'container'; type: ActionNeeding<'container'>; target: ResolvedTarget }
  | {
      ok: true;
      needs: 'command';
      type: ActionNeeding<'command'>;
      command: AllowedCommand;
      target: ResolvedTarget | null;
    }
  | { ok: true; needs: 'nothing'; type: ActionNeeding<'nothing'> }
  | {
      ok: true;
      type: 'CODE_FIX';
      requiresApproval: true;
      host: string;
      argv: readonly string[];
      timeoutSec: number;
    };

/**
 * Judges an action that a report asks for (ADR-013 A13). CODE_FIX runs the estate file's own command line, always
 * after approval; a target is the request's, else the report's; a type that is not in the list is refused.
 */
export function authoriseAction(
  request: ActionRequest,
  context: { estate: Estate; target?: string | undefined; host?: string | undefined },
): AuthorisedAction | PolicyRefusal {
  const { estate, host } = context;
  const named = request.target ?? context.target;
  if (request.type === 'CODE_FIX') return authoriseCodeFix(estate);
  const type = actionTypes.find((known) => known === request.type);
  if (type === undefined) {
    const reason = `"${shown(request.type)}" is no action`;
    return refusal('unknown-action', reason, `ask for one of ${recordedActions.join(', ')}`);
  }
  if (needs(type, 'nothing')) return { ok: true, needs: 'nothing', type };
  if (needs(type, 'container')) {
    if (request.command !== undefined) {
      const way = `leave out the command: ${type} takes a target only`;
      return refusal('command-given', 'a restart is never made from a command line', way);
    }
    const target = judgeTarget(named, host, estate);
    return target.ok ? { ok: true, needs: 'container', type, target } : target;
  }
  const command = matchCommand(request.command ?? '');
  if (!command.ok) return command;
  if (named === undefined) return { ok: true, needs: 'command', type, command, target: null };
  const target = resolveTarget(named, host, estate);
  return target.ok ? { ok: true, needs: 'command', type, command, target } : target;
}

function authoriseCodeFix(estate: Estate): AuthorisedAction | PolicyRefusal {
  if (estate.codeFix === undefined) {
    const way = 'write the one command line for it under codeFix in the estate file';
    return refusal('code-fix-not-set', 'this estate has no code fix', way);
  }
  const { host, command, timeoutSec } = estate.codeFix;
  if (!Object.hasOwn(estate.hosts, host)) {
    return refusal(
      'unknown',
      `the code fix's host "${shown(host)}" is not in the estate file`,
      `add ${shown(host)} under hosts`,
    );
  }
  const wrong = fixedCommandRefusal(command, estate);
  if (wrong !== null) return wrong;
  const argv = asRun(command, estate);
  return { ok: true, type: 'CODE_FIX', requiresApproval: true, host, argv, timeoutSec };
}
