import type { Client } from '@temporalio/client';
import type { Lab } from '../../lab/lab.ts';
import type { Report } from '../../domain/report/report.ts';
import { workflowTypes } from '../../domain/workflow-ids.ts';

/** What a scene may use, and how it tells of its progress. */
export interface Stage {
  client: Client;
  taskQueue: string;
  lab: Lab;
  report: (report: Report) => Promise<{ workflowId: string; runId: string }>;
  say: (line: string) => void;
}

/** One failure of the demo, and how it has to end. */
export interface Scene {
  name: string;
  title: string;
  /** What the failing program reports as; how its incident is found again. */
  task: string;
  expected: { status: string; actionType: string; verdict: string };
  /** Breaks something, and returns when its program has the verdict. */
  play: (stage: Stage) => Promise<void>;
}

const untilUnhealthy = async (lab: Lab, name: string): Promise<void> => {
  while (lab.container(name).view().health !== 'unhealthy')
    await new Promise((resolve) => setTimeout(resolve, 50));
};

const finished = async ({ client, report }: Stage, of: Report): Promise<void> => {
  const { workflowId, runId } = await report(of);
  await client.workflow.getHandle(workflowId, runId).result();
};

const hungContainer: Scene = {
  name: 'hung-container',
  title: 'run_auto_import_task fails because its container hangs',
  task: 'run_auto_import_task',
  expected: { status: 'resolved', actionType: 'DOCKER_RESTART', verdict: 'retry_now' },
  async play({ client, taskQueue, lab, say }) {
    lab.container('momo-scheduler').hang();
    await untilUnhealthy(lab, 'momo-scheduler');
    say('momo-scheduler hangs; the scheduler starts the task');
    const ran = (await client.workflow.execute(workflowTypes.scheduledTask, {
      workflowId: 'task/run_auto_import_task',
      taskQueue,
      args: [{ task: 'run_auto_import_task' }],
    })) as { runs: number; outputTail: string };
    say(`the task ran through at run ${ran.runs}: ${ran.outputTail.trim().split('\n').at(-1) ?? ''}`);
  },
};

const lostName: Scene = {
  name: 'dns-of-momo-postgres',
  title: 'the ADR’s own: could not translate host name "momo-postgres"',
  task: 'run_icaim_analysis_task',
  expected: { status: 'resolved', actionType: 'WAIT_RETRY', verdict: 'retry_now' },
  async play(stage) {
    const { lab, say } = stage;
    lab.names.delete('momo-postgres');
    say('momo-postgres no longer resolves');
    const back = setTimeout(() => {
      lab.names.set('momo-postgres', '10.0.0.9');
      say('momo-postgres resolves again');
    }, 4000);
    await finished(stage, {
      source: 'task',
      task: 'run_icaim_analysis_task',
      target: 'momo-web',
      error: {
        type: 'psycopg2.OperationalError',
        message: 'could not translate host name "momo-postgres" to address: Name or service not known',
      },
    }).finally(() => clearTimeout(back));
  },
};

const crashLoop: Scene = {
  name: 'crash-loop',
  title: 'momo-worker dies again after each restart',
  task: 'run_weekly_strategy_task',
  expected: { status: 'escalated', actionType: 'DOCKER_RESTART', verdict: 'give_up' },
  async play(stage) {
    const { lab, say } = stage;
    lab.container('momo-worker').setFate({ kind: 'dies-after-start', afterMs: 300 });
    lab.container('momo-worker').kill();
    say('momo-worker exited, and will again after each start');
    await finished(stage, {
      source: 'task',
      task: 'run_weekly_strategy_task',
      target: 'momo-worker',
      error: { type: 'docker.errors.ContainerError', message: 'container momo-worker exited with code 1' },
    });
  },
};

const neverSeen: Scene = {
  name: 'unknown-exception',
  title: 'an exception that nobody has seen before',
  task: 'nightly_report',
  expected: { status: 'alerted', actionType: 'ALERT_ONLY', verdict: 'give_up' },
  async play(stage) {
    await finished(stage, {
      source: 'task',
      task: 'nightly_report',
      target: 'momo-web',
      error: { type: 'momo.errors.Riddle', message: 'the flux is out of balance by 17 units' },
    });
  },
};

export const scenes: readonly Scene[] = [hungContainer, lostName, crashLoop, neverSeen];
