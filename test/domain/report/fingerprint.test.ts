import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../domain/report/evidence.ts';
import { earlierFingerprintsOf, fingerprintOf } from '../../../domain/report/fingerprint.ts';
import { fnv1a128 } from '../../../domain/report/fnv.ts';
import { withPlaceholders } from '../../../domain/report/placeholders.ts';
import type { Report } from '../../../domain/report/report.ts';

const of = (report: Report): string => fingerprintOf(report, readEvidence(report.error));
const reported = (error: string | Report['error'], rest: Partial<Report> = {}): Report => ({
  source: 'task',
  target: 'momo-web',
  error: typeof error === 'string' ? { message: error } : error,
  ...rest,
});
const python = (file: string, func: string, end: string, line = 3): Report['error'] => ({
  message: 'job failed',
  traceback: `Traceback (most recent call last):\n  File "${file}", line ${line}, in ${func}\n    x()\n${end}\n`,
});

describe('a fingerprint is the same', () => {
  it.each([
    ['ids', 'order 1234567 failed', 'order 99 failed'],
    [
      'uuid',
      'job 5f2b1c7e-8a4d-4c1e-9b7a-0123456789ab died',
      'job 00000000-8a4d-4c1e-9b7a-ffffffffffff died',
    ],
    ['ISO times', 'at 2026-04-19T03:00:00Z: lost', 'at 2026-04-20 17:45:12.345+08:00: lost'],
    ['ctime', 'Mon Mar  2 21:17:36 2026: lost', 'Tue Dec 10 01:02:03 2027: lost'],
    ['RFC 2822', 'Sun, 01 Mar 2026 03:00:01 GMT: lost', 'Fri, 13 Nov 2026 13:10:00 +0800: lost'],
    ['Apache', '[01/Mar/2026:03:00:01 +0000] lost', '[13/Nov/2026:13:10:00 +0000] lost'],
    ['syslog', 'Mar  2 21:17:36 lost', 'Dec 12 01:02:03 lost'],
    ['Chinese dates', '2026年3月1日 庫存為零', '2026年11月13日 庫存為零'],
    ['compact dates', 'no file /in/orders_20260301.csv', 'no file /in/orders_20261224.csv'],
    ['hexadecimal', 'at 0x7f12ab object', 'at 0xdeadbeef00 object'],
    ['container ids', 'container 0123456789ab died', 'container fedcba987654 died'],
    ['hexadecimal that reads like a date', 'at 0x20210305 object', 'at 0xdeadbeef object'],
    ['hashes of letters', 'trace deadbeef ended', 'trace 7f3a91c0 ended'],
    ['temporary paths', "cannot open '/tmp/x8d7/a.csv'", "cannot open '/tmp/another/b.csv'"],
    [
      'Windows paths',
      'cannot read C:\\Users\\a\\AppData\\Local\\Temp\\t1\\x.csv',
      'cannot read C:\\Users\\a\\AppData\\Local\\Temp\\t2\\y.csv',
    ],
    ['shares and sizes', 'used 91.5% of 20 GiB', 'used 99% of 18.2 GiB'],
    ['bytes', 'short read: 0 bytes', 'short read: 4219316 bytes'],
    ['durations', 'gave up after 985.86µs', 'gave up after 30 seconds'],
    ['white space and case', 'Connection  lost\n', 'connection lost'],
    ['lines of a source', 'error in /app/a.py:12', 'error in /app/a.py:900'],
    ['client addresses', 'client 10.0.0.4:51234 left', 'client 10.0.0.9:40022 left'],
    ['IPv6', 'from ::1 to fe80::1', 'from 2001:db8::7 to fe80::abcd'],
    ['mail', 'cannot invite alice@example.com', 'cannot invite bob.smith@example.org'],
    [
      'users',
      'password authentication failed for user "alice"',
      'password authentication failed for user "bob"',
    ],
    [
      'SQL values',
      'DETAIL:  Key (email)=(a@b.example) already exists.',
      'DETAIL:  Key (email)=(Jo Smith) already exists.',
    ],
    ['statements', 'bad row\n[SQL: INSERT INTO a VALUES (1)]', 'bad row\n[SQL: INSERT INTO a VALUES (2, 3)]'],
    [
      'a URL query',
      '502 for https://a.example/v1?cursor=eyJh&ts=17',
      '502 for https://a.example/v1?cursor=b&ts=9',
    ],
    ['pods', 'failed in pod web-849dcb7499-9chrt', 'failed in pod web-849dcb7499-k2lqp'],
    ['replicas of compose', 'container shop-web-1 is unhealthy', 'container shop-web-2 is unhealthy'],
    [
      'request ids',
      '<RequestId>ec3dfa7f-6b83-11e4-adb9-63c309e27d3f</RequestId> slow',
      '<RequestId>4442587FB7D0A2F9</RequestId> slow',
    ],
  ])('whatever %s a message holds', (_, first, second) => {
    expect(of(reported(first))).toBe(of(reported(second)));
  });

  it('in every release, and wherever the line has moved to', () => {
    const first = python('/srv/app/releases/20260301/jobs/import.py', 'parse', "KeyError: 'price'", 77);
    const second = python('/srv/app/releases/20260302/jobs/import.py', 'parse', "KeyError: 'price'", 80);
    expect(of(reported(first))).toBe(of(reported(second)));
  });

  it('from whichever function of a job what is away was called', () => {
    const end =
      'psycopg2.OperationalError: could not translate host name "momo-postgres" to address: Name or service not known';
    expect(of(reported(python('/app/orders.py', 'load', end)))).toBe(
      of(reported(python('/app/users.py', 'load', end))),
    );
  });

  it('through whatever a log shipper puts before the lines', () => {
    const plain = python('/app/a.py', 'run', "KeyError: 'price'");
    const shipped = (plain.traceback ?? '').replaceAll(/^/gm, 'momo-scheduler-1  | ');
    expect(of(reported({ ...plain, traceback: shipped }))).toBe(of(reported(plain)));
  });

  it('whatever ids and times of a kind a message holds', () => {
    const kinds = [
      fc.uuid(),
      // Eight digits may be a date.
      fc.nat({ max: 9_999_999 }).map(String),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
        .map((date) => date.toISOString()),
      fc.stringMatching(/^[0-9a-f]{10}[a-f][0-9]$/),
      fc.nat().map((n) => `0x${n.toString(16)}`),
    ];
    const pair = fc.oneof(...kinds.map((kind) => fc.tuple(kind, kind)));
    const words = fc.array(fc.constantFrom('order', 'failed', 'for', 'the', 'momo-web', '"name"'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.array(pair, { minLength: 1 }), (text, ids) => {
        const message = (which: 0 | 1) =>
          ids.map((id, at) => `${text[at % text.length]} ${id[which]}`).join(' ');
        expect(withPlaceholders(message(0))).toBe(withPlaceholders(message(1)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a fingerprint is another one', () => {
  it.each([
    ['port', 'connect ECONNREFUSED momo-cache:6379', 'connect ECONNREFUSED momo-cache:9200'],
    ['server', 'connect ECONNREFUSED 10.0.0.5:6379', 'connect ECONNREFUSED 10.9.9.9:6379'],
    ['host name', 'could not translate host name "a-db"', 'could not translate host name "b-db"'],
    ['status', '500 Server Error for url: x', '507 Server Error for url: x'],
    ['errno', '[Errno 5] failed', '[Errno 30] failed'],
    ['Oracle code', 'ORA-00942: see log', 'ORA-00904: see log'],
    ['exit code', 'job ended with exit code 1', 'job ended with exit code 139'],
    ['signal', 'killed by signal 9', 'killed by signal 11'],
    ['numbered name', 'host web01 does not answer', 'host web02 does not answer'],
    ['shard', 'shard 3 lags', 'shard 7 lags'],
    ['version', 'GET /v1/prices failed', 'GET /v2/prices failed'],
    ['year in a name', 'backup2024 is missing', 'backup2025 is missing'],
    ['device', '/dev/sda1 is at 91%', '/dev/sdb1 is at 91%'],
    ['socket', 'cannot bind /run/app/web.sock', 'cannot bind /run/app/admin.sock'],
    ['member of a cluster', "replica 'pg-a7f3e21' lags", "replica 'pg-b9c4d10' lags"],
    ['column', 'column "price" does not exist', 'column "prize" does not exist'],
  ])('for another %s', (_, first, second) => {
    expect(of(reported(first))).not.toBe(of(reported(second)));
  });

  it.each([
    ['class', reported({ type: 'KeyError', message: '42' }), reported({ type: 'IndexError', message: '42' })],
    [
      'place',
      reported(python('/app/a.py', 'check_stock', 'AssertionError')),
      reported(python('/app/b.py', 'check_price', 'AssertionError')),
    ],
    ['target', reported('x'), reported('x', { target: 'momo-api' })],
    [
      'task',
      reported('x', { target: undefined, task: 'a' }),
      reported('x', { target: undefined, task: 'b' }),
    ],
    ['host', reported('x', { target: undefined }), reported('x', { target: undefined, host: 'ollama-188' })],
    ['action', reported('x'), reported('x', { action: { type: 'DOCKER_RESTART' } })],
    [
      'reason behind a long preamble',
      reported(`${'step done '.repeat(400)}\ndisk is full`),
      reported(`${'step done '.repeat(400)}\nprice is wrong`),
    ],
  ])('for another %s', (_, first, second) => {
    expect(of(first)).not.toBe(of(second));
  });

  it('counts task and host only where there is no target', () => {
    expect(of(reported('x', { task: 'a', host: 'b' }))).toBe(of(reported('x')));
  });
});

describe('a fingerprint', () => {
  it('is 32 hexadecimal digits for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (message, target) => {
        expect(of(reported(message, { target }))).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  it('names what the first version would have said, so that an update splits no open incident', () => {
    const report = reported('could not connect');
    // As version 1 computed it, kept as it was.
    expect(earlierFingerprintsOf(report, 'DB_UNREACHABLE', report.error.message)).toEqual([
      fnv1a128('14:DB_UNREACHABLE6:target8:momo-web17:could not connect'),
    ]);
  });

  it('takes time linear in the text', () => {
    const started = performance.now();
    for (const text of [
      '1.',
      'a1',
      ':',
      '0x',
      '-',
      'ab:',
      '/tmp/',
      'user ',
      'jan 1 ',
      '[sql: ',
      'a@',
      'x/',
    ]) {
      withPlaceholders(text.repeat(50_000));
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('FNV-1a, 128 bit', () => {
  // Vectors of the reference implementation.
  it.each([
    ['', '6c62272e07bb014262b821756295c58d'],
    ['a', 'd228cb696f1a8caf78912b704e4a8964'],
    ['foobar', '343e1662793c64bf6f0d3597ba446f18'],
  ])('of %j is %s', (text, hash) => {
    expect(fnv1a128(text)).toBe(hash);
  });
});
