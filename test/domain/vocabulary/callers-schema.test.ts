import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { callersSchemas } from '../../../domain/vocabulary/callers-schema.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'schema');

// Where this fails, the schemas have changed:
// `npx vitest run --project fast test/domain/vocabulary/callers-schema.test.ts --update` writes the files anew.
it.each(['report', 'result'] as const)(
  'docs/schema/%s.schema.json is what the program checks',
  async (name) => {
    const file = join(folder, `${name}.schema.json`);
    const style = await resolveConfig(file);
    const text = await format(JSON.stringify(callersSchemas()[name]), { ...style, parser: 'json' });
    await expect(text).toMatchFileSnapshot(file);
  },
);

it('requires of a report its source and its message, nothing more', () => {
  const { report } = callersSchemas() as {
    report: { required: string[]; properties: { error: { required: string[] } } };
  };
  expect(report.required).toEqual(['source', 'error']);
  expect(report.properties.error.required).toEqual(['message']);
});
