import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import pc from 'picocolors';
import { deliverReport } from '../client/delivery/deliver-report.ts';
import { dataConverterOf } from '../client/payload-codec.ts';
import { readPlaybooks } from '../settings/read-playbooks.ts';
import { readConfig, type Config } from '../settings/settings.ts';
import { protectedSideEffects, readBack, untilNothingIsOwed, type SceneEnd } from './demo/read-back.ts';
import { scenes, type Stage } from './demo/scenes.ts';
import { shortenWaits } from './demo/short-waits.ts';
import type { Child } from './embedded/child.ts';
import { startStack, type Stack } from './embedded/stack.ts';

const sceneLimitMs = 90_000;

const importTask = {
  run_auto_import_task: {
    cron: '0 6 * * *',
    timezone: 'Asia/Taipei',
    command: ['momo-import', 'momo-scheduler'],
    host: 'ollama-188',
    target: 'momo-scheduler',
    timeoutSec: 60,
  },
};

/**
 * Shows AutoHeal at work on real parts: a Temporal server, a database, a lab behind a bastion, and four failures.
 * @returns the exit code: 0 when every scene ended as told
 */
export async function demo({ json }: { json: boolean }): Promise<number> {
  const begunMs = Date.now();
  const say = (line: string): void => {
    process.stderr.write(
      `${pc.dim(`${((Date.now() - begunMs) / 1000).toFixed(1).padStart(5)} s`)}  ${line}\n`,
    );
  };
  const base = readConfig();
  const home = join(base.home, 'demo');
  await rm(home, { recursive: true, force: true });
  const config: Config = {
    ...readConfig({
      AUTOHEAL_HOME: home,
      AUTOHEAL_LOCALE: base.AUTOHEAL_LOCALE,
      // The worker is a child with this process's environment, so it encrypts with this key.
      AUTOHEAL_CODEC_KEY: base.AUTOHEAL_CODEC_KEY,
      PATH: base.searchPath,
    }),
    estateFile: null,
  };
  say(`Starting the embedded parts in ${home}`);
  const stack = await startStack({
    config,
    cacheDir: join(base.home, 'cache'),
    isolated: true,
    lab: { estate: { tasks: importTask } },
    log: say,
    onLine: (name, line) => showLine(name, line, say),
  });
  try {
    return await play(stack, config, { say, json, begunMs });
  } finally {
    await stack.stop();
  }
}

async function play(
  stack: Stack,
  config: Config,
  { say, json, begunMs }: { say: (line: string) => void; json: boolean; begunMs: number },
): Promise<number> {
  const { lab } = stack;
  if (lab === null) throw new Error('the demo plays in its own lab');
  await shortenWaits(stack.databaseUrl);
  const worker = stack.startWorker();
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, ...dataConverterOf(config) });
  const { rules } = readPlaybooks();
  const taskQueue = config.AUTOHEAL_TASK_QUEUE;
  say(`Temporal UI: ${pc.cyan(stack.temporalUi ?? 'none')}`);
  const over = sceneLimit(worker);
  const played = await Promise.allSettled(
    scenes.map(async (scene) => {
      const stage: Stage = {
        client,
        taskQueue,
        lab,
        report: (report) => deliverReport({ client, taskQueue, rules, estate: lab.estate, report }),
        say: (line) => say(`${pc.bold(scene.name)}: ${line}`),
      };
      stage.say(scene.title);
      await Promise.race([scene.play(stage), over]);
      stage.say(pc.green('settled'));
    }),
  );
  for (const [at, result] of played.entries()) {
    if (result.status === 'rejected') say(pc.red(`${scenes[at]?.name}: ${String(result.reason)}`));
  }
  await untilNothingIsOwed(client, stack.databaseUrl);
  const ends = await readBack(stack.databaseUrl, config.home, scenes);
  const touched = protectedSideEffects(lab);
  const ok = ends.every(({ asTold }) => asTold) && touched === 0;
  await connection.close();
  process.stderr.write(
    `${tableOf(ends)}\nSide effects on protected containers: ${touched}. ${((Date.now() - begunMs) / 1000).toFixed(1)} s in all.\n`,
  );
  if (json) {
    const shown = ends.map(({ asTold: _, ...end }) => end);
    process.stdout.write(
      `${JSON.stringify({ ok, temporalUi: stack.temporalUi, protectedSideEffects: touched, scenes: shown })}\n`,
    );
  }
  return ok ? 0 : 1;
}

/** Rejects when the worker is gone, or a scene takes longer than any may. */
function sceneLimit(worker: Child): Promise<never> {
  const limit = new Promise<never>((_, reject) => {
    void worker.ended.then(() => reject(new Error('the worker ended; see its words above')));
    setTimeout(
      () => reject(new Error(`it did not end within ${sceneLimitMs / 1000} s`)),
      sceneLimitMs,
    ).unref();
  });
  limit.catch(() => undefined);
  return limit;
}

function tableOf(ends: readonly SceneEnd[]): string {
  const table = new Table({
    head: [
      'scene',
      'status',
      'action',
      'attempts',
      'verdict',
      'ms',
      'heal logs',
      'insights',
      'messages',
      'as told',
    ],
  });
  for (const end of ends) {
    const { name, status, actionType, attempts, verdict, durationMs, healLogs, insights, messages, asTold } =
      end;
    table.push([
      name,
      status,
      actionType,
      attempts,
      verdict,
      durationMs,
      healLogs,
      insights,
      messages,
      asTold ? 'yes' : 'NO',
    ]);
  }
  return table.toString();
}

/** Messages to people are shown as they are; log lines only when something is wrong. */
function showLine(name: string, line: string, say: (line: string) => void): void {
  if (!line.startsWith('{')) {
    if (line.trim() !== '') process.stderr.write(`         ${pc.yellow(line)}\n`);
    return;
  }
  const entry = JSON.parse(line) as { level?: number; msg?: string };
  if ((entry.level ?? 0) >= 40) say(`${name}: ${entry.msg ?? line}`);
}
