import type { Estate } from '../estate.ts';
import { quoteArgv } from '../shell-argument.ts';
import { protectedForEver, protectedNameIn } from './protected-name.ts';
import { refusal, shown, type PolicyRefusal } from './refusal.ts';

/** Programs by which a fixed command could reach a container, or turn its arguments into other commands. */
export const forbiddenPrograms: ReadonlySet<string> = new Set([
  'docker', 'docker-compose', 'podman', 'podman-compose', 'nerdctl', 'ctr', 'crictl', 'kubectl', 'systemctl',
  'sh', 'bash', 'dash', 'zsh', 'ash', 'busybox', 'env', 'sudo', 'su', 'doas', 'xargs', 'eval', 'exec', 'nsenter',
  'ssh', 'nohup', 'setsid', 'timeout', 'kill', 'pkill', 'killall', 'shutdown', 'reboot', 'rm',
]); // prettier-ignore

/**
 * Checks a command line that an operator wrote into the estate file to run on a host (`codeFix`, a task with a
 * `host`). It is free text of the operator's, so only what could reach a protected container is refused: even the
 * operator's own file may not do that (ADR-013 A8). Null: nothing is wrong with it.
 */
export function fixedCommandRefusal(argv: readonly string[], estate: Estate): PolicyRefusal | null {
  const quoted = quoteArgv(argv);
  if (!quoted.ok)
    return refusal('character', quoted.reason, 'put it into a script on the host and name the script');
  const program = (argv[0] ?? '').split('/').at(-1) ?? '';
  if (forbiddenPrograms.has(program.toLowerCase())) {
    const reason = `"${shown(program)}" could act on containers or run other commands`;
    return refusal('fixed-command', reason, 'name the program that does the work itself');
  }
  const names = [...protectedForEver, ...estate.protected];
  for (const word of argv) {
    const by = word
      .split(/[=:/,@]/)
      .map((part) => protectedNameIn(part, names))
      .find((found) => found !== null);
    if (by != null) {
      return refusal('protected-name', `"${shown(word)}" names ${by}, which is protected`, 'leave it out');
    }
  }
  return null;
}
