import { Command } from 'commander';
import Table from 'cli-table3';
import { describeScheduleChange } from '../../domain/task/schedule.ts';
import { readAddresses } from '../../settings/addresses.ts';
import { readEstate } from '../../settings/read-estate.ts';
import { openClient } from '../connect.ts';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  planSchedules,
  resumeSchedule,
  triggerSchedule,
  type ScheduleContext,
} from '../operator/schedules.ts';

export interface OpenSchedules extends ScheduleContext {
  close(): Promise<void>;
}

interface Flags {
  json?: boolean;
  dryRun?: boolean;
  note?: string;
}

/**
 * `autoheal schedules apply | list | trigger | pause | resume`. Exit code 1 where a schedule could not be applied;
 * what is thrown is for the caller to show.
 * @param open the way to Temporal and the estate file; default: by the environment's configuration
 */
export function schedulesCommand(open: () => Promise<OpenSchedules> = openByConfig): Command {
  const schedules = new Command('schedules').description("the estate file's tasks as Temporal Schedules");

  schedules
    .command('apply')
    .description("make the server's schedules those of the estate file; what they differ in is shown first")
    .option('--dry-run', 'show the difference, change nothing')
    .option('--json', 'print one JSON object as the last line')
    .action(async ({ json, dryRun }: Flags) =>
      using(open, async (context) => {
        const changes = await planSchedules(context);
        changes.forEach((change) => say(json, describeScheduleChange(change)));
        if (dryRun === true) return void answer(json, { applied: false, changes: changes });
        const applied = await applySchedules(context);
        const problems = applied.filter(({ problem }) => problem !== null);
        problems.forEach(({ change, problem }) => process.stderr.write(`${change.task}: ${problem}\n`));
        say(json, problems.length === 0 ? 'Applied.' : `Applied, but for ${problems.length}.`);
        answer(json, {
          applied: problems.length === 0,
          changes: applied.map(({ change, problem }) => ({ ...change, problem })),
        });
        if (problems.length > 0) process.exitCode = 1;
      }),
    );

  schedules
    .command('list')
    .description('when each task runs next, and whether it is paused')
    .option('--json', 'print one JSON array as the last line')
    .action(async ({ json }: Flags) =>
      using(open, async (context) => {
        const rows = await listSchedules(context);
        answer(json, rows);
        if (json === true) return;
        const table = new Table({
          head: ['task', 'cron', 'timezone', 'next run', 'last run', 'state'],
          style: { head: [] },
        });
        for (const row of rows) {
          const paused = row.paused ? `paused: ${row.note || 'no note'}` : '';
          const state = row.running.length > 0 ? 'running' : paused;
          table.push([
            row.task,
            row.cron ?? '',
            row.timezone,
            row.nextRunAt ?? '',
            row.lastRunAt ?? '',
            state,
          ]);
        }
        say(
          json,
          rows.length === 0
            ? 'There are no schedules. `autoheal schedules apply` makes them.'
            : table.toString(),
        );
      }),
    );

  const act = (
    name: string,
    description: string,
    run: (context: OpenSchedules, task: string, note: string) => Promise<void>,
  ) =>
    schedules
      .command(name)
      .argument('<task>', 'name of the task in the estate file')
      .description(description)
      .option('--note <text>', 'who and why', `by autoheal schedules ${name}`)
      .option('--json', 'print one JSON object as the last line')
      .action(async (task: string, { json, note }: Flags) =>
        using(open, async (context) => {
          await run(context, task, note ?? '');
          say(json, `${task}: ${name}, done.`);
          answer(json, { task, done: name });
        }),
      );
  act('trigger', 'run the task now, unless it runs already', triggerSchedule);
  act('pause', 'no runs until it is resumed', pauseSchedule);
  act('resume', 'runs again by its schedule', resumeSchedule);
  return schedules;
}

async function using(
  open: () => Promise<OpenSchedules>,
  work: (context: OpenSchedules) => Promise<void>,
): Promise<void> {
  const context = await open();
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

/** The estate file is read strictly: an empty one in its place would delete every schedule. */
async function openByConfig(): Promise<OpenSchedules> {
  const { readConfig } = await import('../../settings/settings.ts');
  const config = readConfig();
  const file = config.estateFile ?? readAddresses(config.home)?.estateFile;
  if (file === undefined) {
    throw new Error(
      'There is no estate file. Set AUTOHEAL_ESTATE to its path, or run from the folder that holds estate.yaml.',
    );
  }
  const estate = readEstate(file);
  const opened = openClient(config);
  return {
    client: opened.client,
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    estate,
    close: () => opened.close(),
  };
}

function say(json: boolean | undefined, line: string): void {
  (json === true ? process.stderr : process.stdout).write(`${line}\n`);
}

function answer(json: boolean | undefined, value: object): void {
  if (json === true) process.stdout.write(`${JSON.stringify(value)}\n`);
}
