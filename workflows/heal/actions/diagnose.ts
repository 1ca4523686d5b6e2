import type { RemoteOutcome } from '../../../activities/execute-ssh.ts';
import type { Decision } from '../../../domain/incident/decide.ts';
import { escalated, refused, type Outcome } from '../../../domain/incident/outcome.ts';
import { attemptBegun } from '../../../domain/incident/transitions.ts';
import { passGuard } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { reportOf, runRemote } from './run-remote.ts';
import { because } from '../../../domain/message/reasons.ts';

/** Rule 12 for SSH_CMD: a diagnosis cures nothing, so its (redacted) output goes to a person. */
export async function diagnose(
  incident: Incident,
  { playbook, place, command }: Extract<Decision, { kind: 'diagnose' }>,
): Promise<Outcome> {
  const { stopped } = await passGuard(incident, playbook, place);
  if (stopped !== null) return stopped;
  const host = place.host ?? '';
  let last: RemoteOutcome | null = null;
  const isOver = () => last?.kind === 'done' || last?.kind === 'refused';
  for (let attempt = 1; attempt <= playbook.maxRetries && !isOver(); attempt++) {
    incident.apply((now) => attemptBegun(now, attempt));
    incident.become('acting');
    const startedAtMs = Date.now();
    // Read-only, so one whose worker was lost is tried again.
    last = await runRemote({ kind: 'command', host, command }, { summary: `${command} on ${host}` });
    const { output, error } = reportOf(last);
    incident.log({
      attempt,
      actionType: 'SSH_CMD',
      command,
      result: last.kind === 'refused' ? 'refused' : last.kind === 'done' ? 'success' : 'failure',
      output,
      error,
      startedAtMs,
      steps: [{ step: 'act', durationMs: Date.now() - startedAtMs, detail: error ?? command }],
    });
  }
  return endOf(last, command);
}

function endOf(last: RemoteOutcome | null, command: string): Outcome {
  if (last?.kind === 'refused') return refused(last.reason, last.wayForward);
  const why = because(last?.kind === 'done' ? 'diagnosed' : 'not_diagnosed', { command });
  return escalated(why, { output: reportOf(last).output });
}
