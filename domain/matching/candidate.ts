import type { Candidate, CandidateCheck, Place } from '../incident/decide.ts';
import type { Estate } from '../estate.ts';
import { actions } from '../vocabulary/actions.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { matchCommand } from '../policy/command.ts';
import { fillCommand } from '../policy/fill-command.ts';
import { judgeTarget } from '../policy/judge-target.ts';
import { shown } from '../policy/refusal.ts';
import { resolveTarget } from '../policy/target.ts';
import { probeFor } from '../container/probe-for.ts';

export interface Incident {
  estate: Estate;
  errorType: string;
  facts: Record<string, string>;
  /** The incident's own place, and the target in the report's words. */
  place: Place;
  namedTarget: string | null;
  /** The host in the report's words. */
  namedHost: string | null;
}

/** What policy says of a playbook's action for this incident, by name; the host is looked at later, right before acting. */
export function checkCandidate(playbook: Playbook, incident: Incident): Candidate {
  const own = playbook.actionParams.target;
  const place = own === undefined ? incident.place : placeOf(own, incident.estate);
  return { playbook, place, check: check(playbook, place, own ?? incident.namedTarget, incident) };
}

function placeOf(target: string, estate: Estate): Place {
  const resolved = resolveTarget(target, null, estate);
  if (!resolved.ok) return { host: null, target: null, container: null };
  return { host: resolved.host, target: resolved.targetKey, container: resolved.container };
}

function check(playbook: Playbook, place: Place, named: string | null, incident: Incident): CandidateCheck {
  const { estate } = incident;
  switch (actions[playbook.actionType].needs) {
    case 'nothing':
      return { kind: 'ready', command: null };
    case 'container': {
      const own = playbook.actionParams.target !== undefined;
      const quoted = own ? null : quotedContainer(place, incident);
      if (quoted !== null) return { kind: 'unplaced', reason: quoted };
      const judged = judgeTarget(named, own ? null : incident.namedHost, estate);
      if (judged.ok) return { kind: 'ready', command: null };
      const { rule, reason, wayForward, isProtected } = judged;
      return isProtected
        ? { kind: 'protected', rule, reason, wayForward, probe: probeFor(incident, place, named) }
        : { kind: 'refused', rule, reason, wayForward };
    }
    case 'command':
      return checkCommand(playbook, place, incident);
  }
}

/** A job may report what another container does: its own is not restarted for that. Null where nothing contradicts. */
function quotedContainer(place: Place, { facts, estate }: Incident): string | null {
  const container = facts['container'];
  if (container === undefined || place.target === null) return null;
  const meant = resolveTarget(container, null, estate);
  if (!meant.ok || meant.targetKey === place.target) return null;
  return `${place.target} was not restarted: the report is about ${meant.targetKey}, another container`;
}

function checkCommand(playbook: Playbook, place: Place, incident: Incident): CandidateCheck {
  const { facts, namedHost, namedTarget } = incident;
  const filled = fillCommand(playbook.actionParams.command ?? '', { ...facts, target: place.container });
  if (!filled.ok) return { ...filled, kind: 'refused' };
  const allowed = matchCommand(filled.argv);
  if (!allowed.ok) return { ...allowed, kind: 'refused' };
  if (place.host === null) {
    const named = namedHost ?? namedTarget;
    const why =
      named === null
        ? 'the report names neither a host nor a target'
        : `"${shown(named)}" is not in the estate file`;
    return { kind: 'unplaced', reason: `${allowed.argv.join(' ')} was not run: ${why}` };
  }
  return { kind: 'ready', command: allowed.argv.join(' ') };
}
