import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { estateSchema } from '../../../domain/estate.ts';
import { playbookFileSchema } from '../../../domain/playbook/playbook.ts';
import { readPlaybooks, shippedPlaybooks } from '../../../settings/read-playbooks.ts';
import { simulateDecision } from '../../../domain/matching/simulate-decision.ts';

const schemaFile = join(shippedPlaybooks, 'playbook.schema.json');

/** What editors go by; its source is the schema that AutoHeal itself reads the files with. */
async function schemaForEditors(): Promise<string> {
  const { $schema, ...schema } = z.toJSONSchema(playbookFileSchema, { io: 'input' });
  const titled = {
    $schema,
    title: 'AutoHeal playbooks: rules that classify failures, and playbooks that heal them',
    ...schema,
  };
  return format(JSON.stringify(titled), { ...(await resolveConfig(schemaFile)), parser: 'json' });
}

it('the JSON Schema for editors is that of the program (renew it with vitest --update)', async () => {
  await expect(await schemaForEditors()).toMatchFileSnapshot(schemaFile);
});

describe('the shipped files', () => {
  const { files, rules, playbooks } = readPlaybooks();

  it('name the schema, so that editors check and complete them', () => {
    for (const { file } of files) {
      expect(readFileSync(file, 'utf8'), file).toMatch(
        /^# yaml-language-server: \$schema=playbook\.schema\.json\n/,
      );
    }
  });

  const samples = files.flatMap(({ content }) =>
    (content.playbooks ?? []).flatMap(({ name, samples: own = [] }) =>
      own.map((sample): [string, typeof sample] => [`${name}: ${sample.report.error.message}`, sample]),
    ),
  );

  it('have a sample for every playbook', () => {
    const sampled = new Set(samples.map(([, { expect: expected }]) => expected.playbook));
    expect(playbooks.filter(({ name }) => !sampled.has(name))).toEqual([]);
  });

  it.each(samples)('decide as their samples say: %s', async (_, sample) => {
    const host = { address: '192.0.2.188', user: 'ollama' };
    const named =
      sample.report.target === undefined ? [] : [[sample.report.target, { host: 'ollama-188' }] as const];
    const estate = estateSchema.parse({ hosts: { 'ollama-188': host }, targets: Object.fromEntries(named) });
    expect(simulateDecision(sample.report, { estate, rules, playbooks })).toMatchObject(sample.expect);
  });
});
