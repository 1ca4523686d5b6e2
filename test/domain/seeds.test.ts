import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { playbookFileSchema } from '../../domain/playbook/playbook.ts';
import { errorTypes } from '../../domain/vocabulary/vocabulary.ts';

const text = readFileSync(join(import.meta.dirname, '../../playbooks/seeds.yaml'), 'utf8');
const seeds = playbookFileSchema.parse(parse(text)).playbooks ?? [];

describe('the seed playbooks', () => {
  it('know every error type', () => {
    expect(new Set(seeds.map((seed) => seed.errorType))).toEqual(new Set(errorTypes));
  });

  it('tell a person what to do, in English and in Chinese', () => {
    for (const { name, actionParams } of seeds) {
      expect(actionParams.advice?.['en']?.length, name).toBeGreaterThan(20);
      expect(actionParams.advice?.['zh-TW'], name).toMatch(/\p{Script=Han}/u);
    }
  });

  it('only wait where a database or a name is away (ADR-013 A9)', () => {
    const waiting = seeds.filter((seed) => ['DB_UNREACHABLE', 'DNS_FAIL'].includes(seed.errorType));
    expect(waiting.map((seed) => [seed.actionType, seed.actionParams.probe?.kind, seed.severity])).toEqual([
      ['WAIT_RETRY', 'database', 'P1'],
      ['WAIT_RETRY', 'resolve', 'P1'],
    ]);
  });

  it('restart nothing but the container of the incident itself', () => {
    for (const seed of seeds) expect(seed.actionParams.target, seed.name).toBeUndefined();
  });

  it('leave an unknown failure to a person', () => {
    expect(seeds.find((seed) => seed.errorType === 'UNKNOWN')?.actionType).toBe('ALERT_ONLY');
  });
});
