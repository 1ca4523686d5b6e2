import { inOneLine } from '../../../domain/message/readable.ts';
import type { Decision } from '../../../domain/incident/decide.ts';
import { alerted, escalated, type Outcome } from '../../../domain/incident/outcome.ts';
import { attemptBegun, firing } from '../../../domain/incident/transitions.ts';
import { PauseWatch } from '../guard.ts';
import type { Incident } from '../incident.ts';
import { ask } from './approval.ts';
import { reportOf, runRemote } from './run-remote.ts';
import { because } from '../../../domain/message/reasons.ts';

const approvalDeadlineMin = 60;

const logged = {
  done: 'success',
  failed: 'failure',
  unseen: 'failure',
  unknown: 'unknown',
  overtaken: 'skipped',
  refused: 'refused',
} as const;

/**
 * ADR-013 A13: a code fix is asked for, never taken. Approved by a person, the estate file's one command line runs
 * once, on a work branch; whether its result is any good is for a person to say.
 */
export async function fixCode(
  incident: Incident,
  { host, command, timeoutSec }: Extract<Decision, { kind: 'code_fix' }>,
): Promise<Outcome> {
  const note = incident.state.classified.report.action?.note;
  const wish = note === undefined ? '' : ` — asked for: ${inOneLine(note).slice(0, 500)}`;
  const pauses = new PauseWatch(incident, { host, target: null });
  const asked = `CODE_FIX on ${host}: ${command}${wish}`;
  const no = (await ask(incident, asked, approvalDeadlineMin)) ?? (await pauses.stops());
  if (no !== null) return no;
  incident.apply((now) => firing(attemptBegun(now, 1)));
  incident.become('acting');
  const startedAtMs = Date.now();
  const done = await runRemote(
    { kind: 'code_fix', timeoutSec, approved: { host, command } },
    { summary: `code fix on ${host}`, startToCloseTimeout: (timeoutSec + 30) * 1000 },
  );
  const { output, error: problem } = reportOf(done);
  const error = done.kind === 'unknown' ? `${done.reason}; it is not run again` : problem;
  incident.log({
    attempt: 1,
    actionType: 'CODE_FIX',
    command,
    result: logged[done.kind],
    output,
    error,
    startedAtMs,
    steps: [{ step: 'act', durationMs: Date.now() - startedAtMs, detail: error ?? command }],
  });
  const advice = { en: 'Review the work branch before it is merged.', 'zh-TW': '合併前請先審查工作分支。' };
  return done.kind === 'done'
    ? alerted(because('code_fix_ran', {}), { advice, output })
    : escalated(error ?? done.kind, { advice, output });
}
