import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, fnv1a128, normaliseMessage } from '../../../domain/report/fingerprint.ts';

const failure = { errorType: 'DB_UNREACHABLE', target: 'momo-web', message: 'could not connect' };
const same = (first: string, second: string) =>
  expect(fingerprintOf({ ...failure, message: first })).toBe(fingerprintOf({ ...failure, message: second }));

describe('a fingerprint', () => {
  it.each([
    ['order 1234567 failed after 30s', 'order 99 failed after 1500 ms'],
    ['job 5f2b1c7e-8a4d-4c1e-9b7a-0123456789ab died', 'job 00000000-8a4d-4c1e-9b7a-ffffffffffff died'],
    ['at 2026-04-19T03:00:00Z: lost', 'at 2026-04-20 17:45:12.345+08:00: lost'],
    ['connect ECONNREFUSED 172.18.0.3:5432', 'connect ECONNREFUSED 10.0.0.17:5433'],
    ['at 0x7f12ab object', 'at 0xdeadbeef00 object'],
    ['container 0123456789ab died', 'container fedcba987654 died'],
    ["cannot open '/tmp/x8d7/a.csv'", "cannot open '/tmp/another/b.csv'"],
    ['used 91.5% of 20 GiB', 'used 99% of 18.2 GiB'],
    ['Connection  refused\n', 'connection refused'],
    ['line 12, column 7', 'line 900, column 1'],
    ['from ::1 to fe80::1', 'from 2001:db8::7 to fe80::abcd'],
  ])('is the same for "%s" and "%s"', same);

  it('is the same whatever ids, times and addresses a message holds', () => {
    const volatile = fc.oneof(
      fc.uuid(),
      fc.ipV4(),
      fc.nat().map(String),
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
        .map((date) => date.toISOString()),
      fc.stringMatching(/^[0-9a-f]{11}[0-9]$/),
      fc.nat().map((n) => `0x${n.toString(16)}`),
    );
    const words = fc.array(fc.constantFrom('order', 'failed', 'for', 'the', 'host', 'momo-web', '"name"'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        words,
        fc.array(volatile, { minLength: 1 }),
        fc.infiniteStream(volatile),
        (text, first, others) => {
          const second = first.map(() => String(others.next().value));
          const message = (ids: string[]) => ids.map((id, at) => `${text[at % text.length]} ${id}`).join(' ');
          same(message(first), message(second));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    { target: 'momo-api' },
    { errorType: 'DNS_FAIL' },
    { message: 'could not bind' },
    { action: { type: 'DOCKER_RESTART' } },
    { action: { type: 'DOCKER_RESTART', target: 'momo-web' } },
    { target: undefined, task: 'run_auto_import_task' },
    { target: undefined, host: 'ollama-188' },
    { target: undefined },
  ])('is another for %j', (other) => {
    expect(fingerprintOf({ ...failure, ...other })).not.toBe(fingerprintOf(failure));
  });

  it('counts task and host only where there is no target', () => {
    expect(fingerprintOf({ ...failure, task: 'a', host: 'b' })).toBe(fingerprintOf(failure));
    const noTarget = { errorType: 'UNKNOWN', message: 'x' };
    expect(fingerprintOf({ ...noTarget, task: 'a' })).not.toBe(fingerprintOf({ ...noTarget, task: 'b' }));
  });

  it('is 32 hexadecimal digits for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, target) => {
        expect(fingerprintOf({ errorType: 'X', message, target })).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  it('normalises in time linear in the text', () => {
    const started = performance.now();
    for (const text of ['1.', 'a1', ':', '0x', '-', 'ab:', '/tmp/']) normaliseMessage(text.repeat(50_000));
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
