import { expect, it } from 'vitest';
import { probeFor } from '../../../domain/container/probe-for.ts';
import { probeSchema } from '../../../domain/container/probe.ts';
import { place } from '../loop-samples.ts';

const nowhere = { host: null, target: null, container: null };

it.each([
  ['DNS_FAIL', { name: 'momo-db' }, { kind: 'resolve', name: 'momo-db' }],
  ['DNS_FAIL', {}, { kind: 'container' }],
  ['DB_UNREACHABLE', { host: 'momo-db', port: '5433' }, { kind: 'database', host: 'momo-db' }],
  ['CONNECTION_REFUSED', { host: '10.0.0.2', port: '8080' }, { kind: 'port', host: '10.0.0.2', port: 8080 }],
  ['CONNECTION_REFUSED', { host: '10.0.0.2' }, { kind: 'container' }],
  ['CONTAINER_EXITED', {}, { kind: 'container' }],
])('looks at what failed, by %s with %j', (errorType, facts: Record<string, string>, probe) => {
  const found = probeFor({ errorType, facts }, place, 'momo-db');
  expect(found).toEqual(probe);
  expect(probeSchema.parse(found)).toEqual(probe);
});

it('looks at nothing where no host is known and the text tells nothing', () => {
  expect(probeFor({ errorType: 'CONTAINER_EXITED', facts: {} }, nowhere, 'momo-db')).toBeNull();
});

it('looks at a name from the worker where no host is known', () => {
  const probe = probeFor({ errorType: 'DNS_FAIL', facts: { name: 'momo-db' } }, nowhere, null);
  expect(probe).toEqual({ kind: 'resolve', name: 'momo-db' });
});
