import type { Estate } from '../../domain/estate.ts';
import { fixedCommandRefusal } from '../../domain/policy/fixed-command.ts';
import { fail, ok, type Finding } from './finding.ts';

/** The estate's own command lines, before the first of them is due: a refused one never runs. */
export function checkCommands(estate: Estate): Finding[] {
  const commands = Object.entries(estate.tasks).map(([name, { command }]): [string, string[]] => [
    `tasks.${name}`,
    command,
  ]);
  if (estate.codeFix !== undefined) commands.push(['codeFix', estate.codeFix.command]);
  if (commands.length === 0) return [];
  const findings = commands.flatMap(([where, command]) => {
    const wrong = fixedCommandRefusal(command, estate);
    return wrong === null ? [] : [fail(`${where}.command`, wrong.reason, wrong.wayForward)];
  });
  return findings.length > 0
    ? findings
    : [ok('commands', `${commands.length} of tasks and code fix may run`)];
}
