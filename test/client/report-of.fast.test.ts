import { describe, expect, it } from 'vitest';
import { reportOf } from '../../client/delivery/report-from-error.ts';
import { reportSchema } from '../../domain/report/report.ts';

class OperationalError extends Error {
  override readonly name = 'OperationalError';
}

describe('a report of an error', () => {
  it('has its name, message and stack', () => {
    const { source, task, error } = reportOf(new OperationalError('no route'), {
      task: 'run_auto_import_task',
    });
    expect({ source, task }).toEqual({ source: 'task', task: 'run_auto_import_task' });
    expect(error).toMatchObject({ type: 'OperationalError', message: 'no route' });
    expect(error.traceback).toContain('report-of.fast.test');
  });

  it('has the chain of causes: what broke, and what it broke', () => {
    const { error } = reportOf(
      new Error('import failed', { cause: new OperationalError('connection refused') }),
    );
    expect(error.message).toBe('import failed; caused by: connection refused');
    expect(error.traceback).toContain('[cause]: OperationalError: connection refused');
  });

  it('has what an AggregateError gathered, and the code where Node leaves the message empty', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(reportOf(new AggregateError([refused, new Error('second')])).error.message).toBe(
      'ECONNREFUSED; caused by: second',
    );
  });

  it('ends for an error that causes itself', () => {
    const error = new Error('round');
    error.cause = error;
    expect(reportOf(error).error.message).toBe('round');
  });

  it.each([
    ['a string', 'out of memory', 'out of memory'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 42, '42'],
    ['an object', { status: 500 }, '{ status: 500 }'],
    ['an empty string', '', 'an empty string'],
    ['something like an error', { message: 'from another realm' }, 'from another realm'],
    ['an error without a message', new Error(), 'Error'],
  ])('understands %s that was thrown', (_, thrown, message) => {
    const report = reportOf(thrown);
    expect(report.error.message).toBe(message);
    expect(reportSchema.safeParse(report).success).toBe(true);
  });

  it('survives what cannot even be looked at', () => {
    const trap = (): never => {
      throw new Error('gotcha');
    };
    const hostile = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });
    expect(reportOf(hostile).error.message).toContain('cannot be read');
  });

  it('stays within the limits however much was thrown', () => {
    const huge = new Error('x'.repeat(1_000_000));
    huge.stack = 'y'.repeat(2_000_000);
    const report = reportOf(huge);
    expect(reportSchema.safeParse(report).success).toBe(true);
    expect(report.error.message.length).toBeGreaterThan(90_000);
  });

  it('leaves out what breaks a rule, says so, and reports all the same', () => {
    const report = reportOf(new Error('x'), { task: '', severity: 'P9' as never, target: 'momo-web' });
    expect(report).toMatchObject({ target: 'momo-web', error: { message: 'x' } });
    expect(report.labels?.['leftOut']).toContain('task: must not be empty');
    expect(reportSchema.safeParse(report).success).toBe(true);
  });

  it('has an id and a time, by which it is counted once and in its place', () => {
    const [first, second] = [reportOf(new Error('x')), reportOf(new Error('x'))];
    expect(first.reportId).not.toBe(second.reportId);
    expect(reportOf(new Error('x'), { occurredAt: new Date('2026-04-19T03:00:00Z') }).occurredAt).toBe(
      '2026-04-19T03:00:00.000Z',
    );
    expect(
      Date.parse(reportOf(new Error('x'), { occurredAt: 'yesterday' }).occurredAt ?? ''),
    ).toBeGreaterThan(0);
  });
});
