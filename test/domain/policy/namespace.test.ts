import { expect, it } from 'vitest';
import { estateSchema } from '../../../domain/estate.ts';
import { protectedGuestOf } from '../../../domain/policy/namespace.ts';
import { containerOf } from '../loop-samples.ts';

const estate = estateSchema.parse({});
const proxy = containerOf({ id: 'b'.repeat(64), name: 'netproxy' });
const guest = (name: string, networkMode: string) => containerOf({ id: 'c'.repeat(64), name, networkMode });

it('finds a protected container that would be cut off, by its host’s id or name', () => {
  for (const mode of [`container:${proxy.id}`, 'container:netproxy'])
    expect(protectedGuestOf(proxy, [proxy, guest('momo-db', mode)], estate)?.name).toBe('momo-db');
});

it('finds none where the guest is free, or lives elsewhere', () => {
  expect(protectedGuestOf(proxy, [guest('momo-web', `container:${proxy.id}`)], estate)).toBeNull();
  expect(protectedGuestOf(proxy, [guest('momo-db', `container:${'d'.repeat(64)}`)], estate)).toBeNull();
  expect(protectedGuestOf(proxy, [guest('momo-db', 'momo_default')], estate)).toBeNull();
});
