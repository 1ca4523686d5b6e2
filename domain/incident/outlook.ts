import type { Decision } from './decide.ts';
import { actionOf, actions, type RecordedAction } from '../vocabulary/actions.ts';
import type { IncidentStatus } from '../vocabulary/vocabulary.ts';

/** What an incident becomes first by a decision: for the loop, dry runs, samples and back-tests. */
export function outlookOf(kind: Decision['kind']): {
  status: IncidentStatus;
  actionType: RecordedAction | null;
} {
  if (kind === 'suppress') return { status: 'suppressed', actionType: null };
  if (kind === 'refuse') return { status: 'refused', actionType: null };
  const actionType = actionOf(kind);
  return { status: actions[actionType].status, actionType };
}
