import { expect, it } from 'vitest';
import { describePlaybookChange, planPlaybooks, playbookForFile } from '../../../domain/playbook/change.ts';
import { playbookSchema, type Playbook } from '../../../domain/playbook/playbook.ts';
import { parseYaml } from '../../../settings/yaml-file.ts';
import { playbooksToYaml } from '../../../settings/playbook-yaml.ts';
import { playbookFileSchema } from '../../../domain/playbook/playbook.ts';

const playbook = (name: string, more: object = {}): Playbook =>
  playbookSchema.parse({ name, errorType: 'DISK_FULL', actionType: 'ALERT_ONLY', ...more });

it('a plan names what is new, what differs by field, what is the same, and what only the database has', () => {
  const files = [
    playbook('new-one'),
    playbook('changed', { cooldownMin: 5, actionParams: { backoffSec: 3 } }),
    playbook('same-one'),
  ];
  const database = [
    playbook('changed', { id: 7, version: 3 }),
    playbook('same-one', { id: 8, version: 9 }),
    playbook('by-hand', { id: 9 }),
  ];
  const plan = planPlaybooks(files, database);
  expect(plan.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'add new-one',
    'change changed',
    'same same-one',
    'only_in_database by-hand',
  ]);
  expect(describePlaybookChange(plan[1] ?? { kind: 'same', name: '' })).toBe(
    '~ changed\n    cooldownMin: 10 → 5\n    actionParams.backoffSec: 10 → 3',
  );
});

it('the order of keys, which jsonb changes, is no difference', () => {
  const advice = { en: 'Look.', 'zh-TW': '請查看。' };
  const turned = { 'zh-TW': '請查看。', en: 'Look.' };
  expect(
    planPlaybooks(
      [playbook('one', { actionParams: { advice } })],
      [playbook('one', { actionParams: { advice: turned } })],
    ),
  ).toEqual([{ kind: 'same', name: 'one' }]);
});

it('an exported playbook reads back as the same, without what is the default', () => {
  const own = playbook('one', {
    pattern: 'no space',
    requiresApproval: true,
    priority: 5,
    actionParams: { backoffSec: 1 },
  });
  expect(playbookForFile(own)).toEqual({
    name: 'one',
    errorType: 'DISK_FULL',
    pattern: 'no space',
    actionType: 'ALERT_ONLY',
    requiresApproval: true,
    priority: 5,
    actionParams: { backoffSec: 1 },
  });
  const read = parseYaml('exported.yaml', playbooksToYaml([own]), playbookFileSchema).playbooks ?? [];
  expect(read.map((fields) => playbookSchema.parse(fields))).toEqual([own]);
});
