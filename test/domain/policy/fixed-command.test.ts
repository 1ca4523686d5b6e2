import { describe, expect, it } from 'vitest';
import { estateSchema } from '../../../domain/estate.ts';
import { asRun, fixedCommandRefusal } from '../../../domain/policy/fixed-command.ts';
import { fixedCommandCases, programs } from '../../security/fixed-command-cases.ts';

const estate = estateSchema.parse({ programs });
const judge = (line: string) => fixedCommandRefusal(line.split(' '), estate);

describe("the operator's fixed commands", () => {
  it.each(fixedCommandCases)('answer $rule to "$line"', ({ line, rule }) => {
    const refused = judge(line);
    if (rule === null) expect(refused).toBeNull();
    else if (rule === 'protected-name') expect(refused).toMatchObject({ rule });
    else {
      expect(refused?.rule).toBe('fixed-command');
      expect(refused?.reason).toContain(`is refused by the rule ${rule}: `);
    }
  });

  it('say which word is wrong, by which rule, and what to do', () => {
    expect(judge('/opt/w/x --then=/usr/bin/docker-compose')).toEqual({
      ok: false,
      rule: 'fixed-command',
      reason:
        '"--then=/usr/bin/docker-compose" is refused by the rule container-engine: it reaches a container engine',
      wayForward: 'put the work into a script on that machine and name the script by its absolute path',
    });
    expect(judge('uptime')?.wayForward).toContain('programs: { uptime: /usr/bin/uptime }');
  });

  it('are refused where a word could not be sent, here and on a host alike', () => {
    expect(fixedCommandRefusal(['/opt/fix.sh', 'a b'], estate)).toMatchObject({ rule: 'character' });
    expect(fixedCommandRefusal([], estate)).toMatchObject({ rule: 'character' });
  });

  it('run the program that the estate names, whatever the search path holds', () => {
    expect(asRun(['python', '-m', 'jobs.auto_import'], estate)).toEqual([
      '/usr/bin/python3',
      '-m',
      'jobs.auto_import',
    ]);
    expect(asRun(['/opt/x.sh', 'python'], estate)).toEqual(['/opt/x.sh', 'python']);
    expect(asRun(['constructor'], estate)).toEqual(['constructor']);
  });
});
