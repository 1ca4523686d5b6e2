import type { Task } from '../estate.ts';
import type { Report } from '../report/report.ts';
import { tailOf, type TaskEnd } from './run.ts';
import { readTraceback } from '../report/traceback.ts';

/** As much of the output as classification reads (domain/report/classify.ts). */
const tracebackLength = 32_768;
const lastWordsLength = 2000;
const lastWordsLines = 5;

export interface FailedRun {
  /** The task's name in the estate file. */
  name: string;
  task: Task;
  end: Exclude<TaskEnd, { kind: 'done' }>;
  /** Number of the run, from 1. */
  run: number;
  /** ISO time. */
  occurredAt: string;
  reportId: string;
}

/**
 * The report of a task's failed run (ADR-013 A4): type and message of the last exception in its output, else what
 * it said last. The host stands in it only where no target does, as a target has a host of its own.
 */
export function taskReport({ name, task, end, run, occurredAt, reportId }: FailedRun): Report {
  const output = tailOf(end.outputTail, tracebackLength);
  return {
    source: 'task',
    task: name,
    ...(task.target !== undefined && { target: task.target }),
    ...(task.target === undefined && task.host !== undefined && { host: task.host }),
    error: { ...failureOf(name, end), ...(output !== '' && { traceback: output }) },
    occurredAt,
    labels: { run: String(run), ended: end.reason.slice(0, 2000) },
    reportId,
  };
}

/** What failed, in one line for people: `psycopg2.OperationalError: could not translate host name …`. */
export function describeFailure(name: string, end: Exclude<TaskEnd, { kind: 'done' }>): string {
  const { type, message } = failureOf(name, end);
  const line = (type === undefined ? message : `${type}: ${message}`).replaceAll(/\s+/g, ' ');
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

function failureOf(
  name: string,
  end: Exclude<TaskEnd, { kind: 'done' }>,
): { type?: string; message: string } {
  const said = `${name} ${end.reason}`;
  // Only a program that ended by itself has said why: the last words of one that was cut off are about something else.
  if (end.kind === 'failed' && end.exitCode !== null) {
    const thrown = readTraceback(end.outputTail);
    if (thrown !== null) {
      const message = thrown.message === '' ? `${thrown.type} without a message` : thrown.message;
      return { type: thrown.type.slice(0, 500), message };
    }
    const words = lastWords(end.outputTail);
    return { message: words === '' ? `${said} and no output` : `${said}: ${words}` };
  }
  return { message: said };
}

function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-lastWordsLines).join('\n').slice(-lastWordsLength).trim();
}
