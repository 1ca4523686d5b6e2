import { describe, expect, it } from 'vitest';
import { parseEstate } from '../../settings/read-estate.ts';

const read = (entry: string) => () => parseEstate('estate.yaml', `hosts: {}\nprotected:\n  - ${entry}\n`);

describe('an entry under protected', () => {
  it.each([
    ['"momo-*"', 'momo-*'],
    ['"postgres:16"', 'postgres:16'],
    ['/momo-redis', '/momo-redis'],
    ['momo redis', 'momo redis'],
    ['"-"', '-'],
    ['""', '""'],
    ['sha256abcdef', 'sha256abcdef'],
    ['a'.repeat(65), 'a'.repeat(65)],
    ['12345678', '12345678'],
    ['123456e7', '1234560000000'],
  ])('that can match nothing is an error that names it and its line: %s', (entry, named) => {
    expect(read(entry)).toThrow(/estate\.yaml:3: protected\.0: /);
    expect(read(entry)).toThrow(named);
    expect(read(entry)).toThrow('can match no container');
  });

  it.each(['momo-redis', 'ABCDEF012345', '"12345678"', 'proj_billing_1', 'x'])('may be %s', (entry) => {
    expect(read(entry)).not.toThrow();
  });
});
