import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Estate } from '../../domain/estate.ts';
import type { PauseScope } from '../../domain/guard/guard.ts';
import { resolveTarget } from '../../domain/policy/target.ts';
import { describeScope, pause, resume } from '../operator/pauses.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { UsageProblem } from './output.ts';
import { parseDuration, parseTime } from './parse.ts';
import { loadConfig, loadEstate, withClient } from './session.ts';

interface ScopeOptions {
  estate?: boolean;
  host?: string;
  target?: string;
  owner?: string;
  reason?: string;
}

/** `autoheal pause` and `autoheal resume`: maintenance windows, and the kill switch. */
export function addPauses(program: Command, cli: Cli): void {
  const withScope = (command: Command): Command =>
    command
      .option('--estate', 'everything: the kill switch')
      .option('--host <name>', 'everything on a host')
      .option('--target <name>', 'one container')
      .option('--owner <name>', 'who answers for it; default: you');
  const pausing = withScope(
    addCommand(program, 'pause', 'stop healing; incidents are recorded and told once'),
  )
    .option('--until <time>', 'ISO time of its end')
    .option('--for <duration>', 'how long: 30m, 2h, 1d')
    .option('--reason <text>', 'why');
  onCall<ScopeOptions & { until?: string; for?: string }>(pausing, cli, async ({ options, out }) => {
    const until = readEnd(options);
    if (options.reason === undefined)
      throw new UsageProblem('--reason: missing. Others will want to know why nothing is healed.');
    const { reason } = options;
    const config = await loadConfig();
    const scope = readScope(options, loadEstate(config));
    const owner = options.owner ?? userInfo().username;
    const done = await withClient(config, ({ client, taskQueue }) =>
      pause(client, taskQueue, { scope, owner, reason, until }),
    );
    if (!done.paused) {
      const by =
        done.by === null
          ? ''
          : ` by ${done.by.owner} (${done.by.reason}), ${done.by.until === null ? 'until it is lifted' : `until ${done.by.until}`}`;
      return out.fail(
        new Error(
          `Paused already: ${describeScope(scope)}${by}. Lift that one first with \`autoheal resume\`.`,
        ),
      );
    }
    const end = done.until === null ? 'until `autoheal resume`' : `until ${done.until}`;
    out.result(
      { ok: true, ...done, scope, owner, reason },
      `Paused: ${describeScope(scope)}, ${end}. It is the workflow ${done.holdId} in the Temporal UI.`,
    );
    return 0;
  });

  const resuming = withScope(addCommand(program, 'resume', 'lift a pause')).option(
    '--reason <text>',
    'why',
    'by the command line',
  );
  onCall<ScopeOptions & { reason: string }>(resuming, cli, async ({ options, out }) => {
    const config = await loadConfig();
    const scope = readScope(options, loadEstate(config));
    const by = options.owner ?? userInfo().username;
    const lifted = await withClient(config, ({ client }) =>
      resume(client, scope, { by, reason: options.reason }),
    );
    out.result(
      { ok: true, lifted, scope },
      lifted ? `Healing goes on: ${describeScope(scope)}.` : `${describeScope(scope)} was not paused.`,
    );
    return 0;
  });
}

/** Exactly one scope, and one that exists: a pause of a misspelt name would pause nothing. */
function readScope({ estate: all, host, target }: ScopeOptions, estate: Estate): PauseScope {
  const given = [all === true, host !== undefined, target !== undefined].filter(Boolean).length;
  if (given !== 1) throw new UsageProblem('Give exactly one of --estate, --host NAME and --target NAME.');
  if (all === true) return { kind: 'estate', name: '' };
  if (host !== undefined) {
    if (Object.hasOwn(estate.hosts, host)) return { kind: 'host', name: host };
    throw new UsageProblem(
      `--host: there is no host "${host}" in the estate file; there is ${Object.keys(estate.hosts).join(', ') || 'none'}`,
    );
  }
  const resolved = resolveTarget(target, null, estate);
  if (resolved.ok) return { kind: 'target', name: resolved.targetKey };
  throw new UsageProblem(`--target: ${resolved.reason}; ${resolved.wayForward}`);
}

function readEnd({ until, for: length }: { until?: string; for?: string }): Date | null {
  if (until !== undefined && length !== undefined) throw new UsageProblem('Give --until or --for, not both.');
  const end =
    until !== undefined
      ? parseTime('--until', until)
      : length !== undefined
        ? new Date(Date.now() + parseDuration('--for', length))
        : null;
  if (end !== null && end.getTime() <= Date.now())
    throw new UsageProblem(`--until: ${end.toISOString()} is over`);
  return end;
}
