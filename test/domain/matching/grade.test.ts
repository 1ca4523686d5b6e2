import { expect, it } from 'vitest';
import { describeGrade, isHopeless } from '../../../domain/matching/grade.ts';

const grade = (resolved: number, failed: number) => ({ playbook: 'container-unhealthy', resolved, failed });

it.each([
  [undefined, false],
  [grade(0, 4), false],
  [grade(0, 5), true],
  [grade(1, 4), true],
  [grade(1, 3), false],
  [grade(2, 6), false],
  [grade(2, 7), true],
  [grade(5, 0), false],
])('takes a playbook for hopeless only where it mostly failed in enough cases: %j', (known, hopeless) => {
  expect(isHopeless(known)).toBe(hopeless);
});

it('says in words how a playbook has done', () => {
  expect(describeGrade(grade(4, 1))).toBe('container-unhealthy helped in 4 of 5 cases here');
});
