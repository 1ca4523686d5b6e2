import type { BenchWorld } from './bench-world.ts';
import { healOnce } from './heal-latency.ts';
import { inParallel, median, round, timed } from './measure.ts';
import type { Figure } from './report.ts';

/** Heals a second, with several under way at once: every one a restart on the host, with all its records. */
export async function benchThroughput(
  world: BenchWorld,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const { ms } = await timed(() => inParallel(count, 12, async () => void (await healOnce(world))));
  const perSecond = (count / ms) * 1000;
  log(`${count} heals in ${round(ms / 1000)} s`);
  return [
    {
      name: 'healsPerSec',
      what: 'heals a second, 12 at once, all records',
      value: round(perSecond),
      unit: '/s',
    },
  ];
}

/** A year's records, as `rows` earlier heals would have left them. */
async function fill(world: BenchWorld, rows: number): Promise<void> {
  await world.sql(
    `INSERT INTO incidents (id, fingerprint, error_type, severity, source, target, message, status, playbook, attempts,
       first_seen_at, last_seen_at, resolved_at)
     SELECT md5('bench' || n)::uuid, md5('f' || n % 500), 'OOM_KILLED', 'P2', 'api', 'old-' || n % 500,
       'container old-' || n % 500 || ' was OOM-killed', 'resolved', 'oom-killed', 1, at, at, at
     FROM generate_series(1, $1::int) AS n, LATERAL (SELECT now() - n * interval '5 minutes' AS at) AS t`,
    [rows],
  );
  await world.sql(
    `INSERT INTO heal_logs (incident_id, playbook, attempt, action_type, command, result, duration_ms, started_at, idempotency_key)
     SELECT md5('bench' || n)::uuid, 'oom-killed', 1, 'DOCKER_RESTART', 'docker restart', 'success', 900,
       now() - n * interval '5 minutes', 'bench/' || n
     FROM generate_series(1, $1::int) AS n`,
    [rows],
  );
  await world.sql('ANALYZE');
}

/** The next heal's cost on empty tables and beside `rows` old incidents and heal logs. */
export async function benchOldRecords(
  world: BenchWorld,
  { rows, rounds }: { rows: number; rounds: number },
  log: (line: string) => void,
): Promise<Figure[]> {
  const measure = async (): Promise<number> => {
    const times: number[] = [];
    for (let at = 0; at < rounds; at++) {
      await world.quietGuard();
      times.push((await healOnce(world)).wholeMs);
    }
    return median(times);
  };
  await healOnce(world);
  const before = await measure();
  await fill(world, rows);
  await healOnce(world);
  const after = await measure();
  log(`${round(before, 0)} ms on small tables, ${round(after, 0)} ms beside ${rows} heal logs`);
  return [
    {
      name: 'healSmallTablesMs',
      what: 'whole heal on small tables, median',
      value: round(before, 0),
      unit: 'ms',
    },
    {
      name: 'healBigTablesMs',
      what: `whole heal beside ${rows} heal logs, median`,
      value: round(after, 0),
      unit: 'ms',
    },
    {
      ...{ name: 'oldRecordsRatio', what: `${rows} old heal logs, beside none`, unit: '×', goal: 1.25 },
      value: round(after / before, 2),
    },
  ];
}
