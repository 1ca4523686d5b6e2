import { describe, expect, it } from 'vitest';
import { classify, compileRules, RuleError, rulesOf } from '../../../domain/report/classify.ts';
import type { Report } from '../../../domain/report/report.ts';
import { errorTypes } from '../../../domain/vocabulary/vocabulary.ts';
import { readPlaybooks } from '../../../settings/read-playbooks.ts';
import { classifyCases } from './classify-cases.ts';

const { files, rules } = readPlaybooks();
const shipped = files.flatMap(({ content }) => content.rules ?? []);

const report = (error: Report['error'], rest: Partial<Report> = {}): Report => ({
  source: 'task',
  error,
  ...rest,
});

describe('the shipped rules', () => {
  it.each(classifyCases)(
    'say $expect of "$message"',
    ({ message, type, traceback, expect: expected, facts }) => {
      const error = {
        message,
        ...(type !== undefined && { type }),
        ...(traceback !== undefined && { traceback }),
      };
      const classification = classify(report(error), rules);
      expect(classification.errorType).toBe(expected);
      if (facts !== undefined) expect(classification.facts).toEqual(facts);
      if (expected !== 'UNKNOWN') expect(classification.rule).not.toBeNull();
    },
  );

  it('know every error type', () => {
    const known = new Set(shipped.map((rule) => rule.errorType));
    expect([...known].sort()).toEqual(errorTypes.toSorted());
    expect(new Set(classifyCases.map((each) => each.expect))).toEqual(new Set(errorTypes));
  });

  it('call an outage of the database or of names P1 or P2 (ADR-013 A15)', () => {
    const outages = classifyCases.filter((each) => /^DB_UNREACHABLE|^DNS_FAIL/.test(each.expect));
    expect(outages.length).toBeGreaterThan(10);
    for (const { expect: _, facts: __, ...error } of outages) {
      expect(classify(report(error), rules).severity, error.message).toMatch(/^P[12]$/);
    }
  });

  it('find the cause in a chain that ends in another exception', () => {
    const traceback =
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n' +
      'Traceback (most recent call last):\n  File "b.py", line 2, in <module>\npsycopg2.OperationalError: could not translate host name "momo-postgres" to address: Name or service not known\n';
    const { errorType, facts } = classify(
      report({ message: 'run_auto_import_task failed', traceback }),
      rules,
    );
    expect({ errorType, facts }).toEqual({ errorType: 'DNS_FAIL', facts: { name: 'momo-postgres' } });
  });
});

describe('classification', () => {
  it("takes the report's severity before the rule's, and P3 where neither names one", () => {
    const dns = { message: 'getaddrinfo ENOTFOUND db' };
    expect(classify(report(dns, { severity: 'P4' }), rules).severity).toBe('P4');
    expect(classify(report(dns), rules).severity).toBe('P2');
    expect(classify(report({ message: 'odd' }), rules).severity).toBe('P3');
  });

  it('takes the first rule whose every pattern matches', () => {
    const own = compileRules(
      rulesOf('own.yaml', [
        { errorType: 'FIRST', type: 'ValueError', message: 'stock' },
        { errorType: 'SECOND', message: '(?P<container>stock)', severity: 'P1' },
      ]),
    );
    expect(classify(report({ type: 'ValueError', message: 'stock' }), own)).toMatchObject({
      rule: 'own.yaml#1',
    });
    expect(classify(report({ type: 'KeyError', message: 'stock' }), own)).toMatchObject({
      errorType: 'SECOND',
      severity: 'P1',
      rule: 'own.yaml#2',
      facts: { container: 'stock' },
    });
  });

  it('names file, rule and field of every bad pattern', () => {
    const bad = rulesOf('own.yaml', [
      { errorType: 'GOOD', message: 'x' },
      { errorType: 'BAD', message: '(', anywhere: '(?=x)' },
      { errorType: 'EMPTY' },
    ]);
    const lines = () => {
      try {
        compileRules(bad);
        return [];
      } catch (error) {
        return error instanceof RuleError ? error.problems : [String(error)];
      }
    };
    expect(lines()).toEqual([
      expect.stringMatching(/^own\.yaml, rule 2 \(BAD\), message: .*missing/),
      expect.stringMatching(/^own\.yaml, rule 2 \(BAD\), anywhere: /),
      expect.stringMatching(/^own\.yaml, rule 3 \(EMPTY\): has no pattern/),
    ]);
  });

  it.each([
    ['could not translate host name "a;rm -rf /" to address'],
    ['could not translate host name "-oProxyCommand=x" to address'],
    ['could not translate host name "$(id)" to address'],
  ])('keeps no fact of the wrong shape: %s', (message) => {
    expect(classify(report({ message }), rules).facts).toEqual({});
  });

  it.each([
    ['https://user:secret@api.example.com/x', false],
    ['http://169.254.169.254/latest/meta-data', false],
    ['https://api.example.com/health', true],
  ])('takes %s for a fact: %s', (url, kept) => {
    const own = compileRules(rulesOf('o.yaml', [{ errorType: 'OWN', message: '(?P<url>\\S+)' }]));
    expect(classify(report({ message: url }), own).facts).toEqual(kept ? { url } : {});
  });

  it('is quick with the largest report', () => {
    const started = performance.now();
    classify(
      report({ message: 'timeout 504 '.repeat(8000), traceback: "host='a' Errno ".repeat(33_000) }),
      rules,
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
