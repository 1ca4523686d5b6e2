import type { Decision } from './decide.ts';
import type { IncidentStatus, RecordedAction } from '../vocabulary/vocabulary.ts';

/** What an incident would become first by each decision, for dry runs, samples and back-tests. */
export const outlookOf: Record<
  Decision['kind'],
  { status: IncidentStatus; actionType: RecordedAction | null }
> = {
  suppress: { status: 'suppressed', actionType: null },
  refuse: { status: 'refused', actionType: null },
  alert: { status: 'alerted', actionType: 'ALERT_ONLY' },
  wait: { status: 'waiting', actionType: 'WAIT_RETRY' },
  restart: { status: 'acting', actionType: 'DOCKER_RESTART' },
  diagnose: { status: 'acting', actionType: 'SSH_CMD' },
  code_fix: { status: 'awaiting_approval', actionType: 'CODE_FIX' },
};
