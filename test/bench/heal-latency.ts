import { execa } from 'execa';
import { deliverReport } from '../../client/delivery/deliver-report.ts';
import type { Report } from '../../domain/report/report.ts';
import type { BenchWorld } from './bench-world.ts';
import { median, nowEpochMs, quantile, round, timed } from './measure.ts';
import type { Figure } from './report.ts';

/** A failure that a restart cures, of a container that runs: nothing is adopted, nothing is waited for. */
export const restartReport = (target: string): Report => ({
  source: 'api',
  target,
  error: { type: 'ContainerOOM', message: `container ${target} was OOM-killed` },
});

/** One heal from the report to its result. */
export async function healOnce(world: BenchWorld): Promise<{ toDockerMs: number; wholeMs: number }> {
  const { name, id } = world.nextTarget();
  const begunMs = nowEpochMs();
  const { workflowId } = await deliverReport({ ...world.context, report: restartReport(name) });
  const result = (await world.result(workflowId)) as { status: string; steps?: string[] };
  const endedMs = nowEpochMs();
  if (result.status !== 'resolved') {
    throw new Error(`a heal ended as ${result.status}: ${(result.steps ?? []).join('; ')}`);
  }
  const calls = await world.dockerCalls();
  const restarts = calls.filter(({ commandLine }) => commandLine === `docker restart -t 10 ${id}`);
  const [restart] = restarts;
  if (restart === undefined || restarts.length !== 1)
    throw new Error(`${restarts.length} restarts of ${name}`);
  return { toDockerMs: restart.atEpochMs - begunMs, wholeMs: endedMs - begunMs };
}

/** What a person would type: two logins and the command, each time anew. */
async function coldRestart(world: BenchWorld): Promise<number> {
  const { id } = world.nextTarget();
  const { program, args } = world.sshd.plainSsh;
  const { ms } = await timed(() => execa(program, [...args, `docker restart -t 10 ${id}`]));
  return ms;
}

/**
 * A heal over the warm connection beside a cold `ssh -J bastion host docker restart`, taken in turn, so that both
 * see the same noise.
 */
export async function benchLatency(
  world: BenchWorld,
  rounds: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  for (let at = 0; at < 5; at++) {
    await coldRestart(world);
    await healOnce(world);
  }
  const cold: number[] = [];
  const toDocker: number[] = [];
  const whole: number[] = [];
  for (let at = 0; at < rounds; at++) {
    await world.quietGuard();
    cold.push(await coldRestart(world));
    const heal = await healOnce(world);
    toDocker.push(heal.toDockerMs);
    whole.push(heal.wholeMs);
    log(
      `cold ${round(cold.at(-1) ?? 0)} ms, to docker ${round(heal.toDockerMs)} ms, whole ${round(heal.wholeMs)} ms`,
    );
  }
  return [
    {
      name: 'coldSshMs',
      what: 'cold `ssh -J` docker restart, median',
      value: round(median(cold)),
      unit: 'ms',
    },
    {
      name: 'toDockerMs',
      what: 'report → remote docker call, median',
      value: round(median(toDocker)),
      unit: 'ms',
    },
    {
      name: 'toDockerP95Ms',
      what: 'report → remote docker call, p95',
      value: round(quantile(toDocker, 0.95)),
      unit: 'ms',
    },
    {
      name: 'wholeHealMs',
      what: 'report → result, all records written, median',
      value: round(median(whole)),
      unit: 'ms',
    },
    {
      name: 'wholeHealP95Ms',
      what: 'report → result, all records written, p95',
      value: round(quantile(whole, 0.95)),
      unit: 'ms',
    },
    {
      ...{ name: 'toDockerRatio', what: 'report → docker call, beside cold ssh', unit: '×', goal: 0.35 },
      value: round(median(toDocker) / median(cold), 2),
    },
    {
      ...{ name: 'wholeHealRatio', what: 'whole heal, beside cold ssh', unit: '×', goal: 0.6 },
      value: round(median(whole) / median(cold), 2),
    },
  ];
}
