import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findJsonFault } from '../../workers/http/json-position.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it('finds a fault exactly where the engine finds one', () => {
  const signs = [...'{}[],:"\\0123.eE+-tf \n\u0001é', 'true', 'null', '"a"', '"\\u00e9"', '{"a":', '1e5'];
  const soup = fc.array(fc.constantFrom(...signs), { maxLength: 12 }).map((parts) => parts.join(''));
  const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ...signs)).map(([json, at, sign]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + sign + json.slice(place + 1);
  });
  fc.assert(
    fc.property(fc.oneof(fc.json(), soup, mutated), (text) => {
      expect(findJsonFault(text) === null).toBe(isJson(text));
    }),
    { numRuns: 20_000 },
  );
});

it('names the same place as the engine, where the engine names one', () => {
  const text = '{"a": 1,\n "b" 2}';
  let told = '';
  try {
    JSON.parse(text);
  } catch (error) {
    told = String(error);
  }
  const fault = findJsonFault(text);
  expect(fault).toEqual({ offset: 14, line: 2, column: 6, found: '"2"' });
  expect(told).toContain(`position ${fault?.offset}`);
});

it('takes one pass over a mebibyte of whatever', () => {
  for (const unit of ['\\', '"', '[', '{"a":', '1', ' ', '"\\"', '0.']) {
    const text = `"${unit.repeat(1_048_576 / unit.length)}`;
    const begin = performance.now();
    findJsonFault(text);
    findJsonFault(text.slice(1));
    expect(performance.now() - begin).toBeLessThan(5_000);
  }
});
