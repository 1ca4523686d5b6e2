import { expect, it } from 'vitest';
import { taskSchema } from '../../../domain/estate.ts';
import { reportSchema } from '../../../domain/report/report.ts';
import { taskReport, type FailedRun } from '../../../domain/task/report.ts';
import { tailOf } from '../../../domain/task/run.ts';

const failed = (outputTail: string, more: object = {}, task: object = {}): FailedRun => ({
  name: 'run_auto_import_task',
  task: taskSchema.parse({ cron: '0 6 * * *', command: ['true'], host: 'ollama-188', ...task }),
  end: { kind: 'failed', reason: 'ended with exit code 1', exitCode: 1, outputTail, durationMs: 5, ...more },
  run: 2,
  occurredAt: '2026-04-19T03:00:00Z',
  reportId: 'run/2',
});

it('takes type and message from the last exception of the chain', () => {
  const output = `Traceback (most recent call last):
  File "a.py", line 1, in <module>
KeyError: 'first'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 2, in <module>
psycopg2.OperationalError: could not translate host name "momo-postgres"`;
  const report = taskReport(failed(output));
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.error).toMatchObject({
    type: 'psycopg2.OperationalError',
    message: 'could not translate host name "momo-postgres"',
  });
  expect(report).toMatchObject({ source: 'task', task: 'run_auto_import_task', host: 'ollama-188' });
});

it('goes by the last words where there is no traceback', () => {
  expect(taskReport(failed('one\n\ntwo\n')).error.message).toBe(
    'run_auto_import_task ended with exit code 1: one\ntwo',
  );
  expect(taskReport(failed('')).error).toEqual({
    message: 'run_auto_import_task ended with exit code 1 and no output',
  });
});

it('does not take the words of a program that was cut off for the reason of its end', () => {
  const report = taskReport(
    failed('all is well', { reason: 'did not end within 2 s and was ended', exitCode: null }),
  );
  expect(report.error.message).toBe('run_auto_import_task did not end within 2 s and was ended');
});

it('names the target without the host, which may be another one', () => {
  const report = taskReport(failed('x', {}, { target: 'momo-scheduler' }));
  expect(report.target).toBe('momo-scheduler');
  expect(report.host).toBeUndefined();
});

it('keeps the end of a long output, from the beginning of a line', () => {
  expect(tailOf('first line\nsecond line\nthird', 12)).toBe('third');
  expect(tailOf('x'.repeat(30), 12)).toBe('x'.repeat(12));
});
