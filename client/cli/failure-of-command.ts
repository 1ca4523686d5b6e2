import { cutEnd } from '../../domain/redact/seam.ts';
import type { Report } from '../../domain/report/report.ts';
import { readTraceback } from '../../domain/report/traceback.ts';
import type { CommandEnd } from './run-command.ts';

const lastLines = 3;

/** What a failed command says of its failure: the exception its output ends in, else its exit and its last words. */
export function failureOfCommand(task: string, end: CommandEnd): Report['error'] {
  const { exitStatus, signal, startProblem, tail } = end;
  if (startProblem !== null)
    return { type: 'CommandNotStarted', message: `${task} could not be started: ${startProblem}` };
  const traceback = tail === '' ? {} : { traceback: tail };
  const exception = readTraceback(tail);
  if (exception !== null)
    return { type: exception.type, message: exception.message || exception.type, ...traceback };
  const how = signal === null ? `ended with exit status ${exitStatus}` : `was killed by ${signal}`;
  const words = tail.trim().split(/\r?\n/).slice(-lastLines).join('\n').trim();
  const message = words === '' ? `${task} ${how}` : `${task} ${how}: ${words}`;
  return {
    type: signal === null ? 'ExitStatus' : 'KilledBySignal',
    message: cutEnd(message, 100_000),
    ...traceback,
  };
}
