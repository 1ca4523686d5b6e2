import type { Command } from 'commander';
import { addCommand, onCall, type Cli } from './command.ts';
import { UsageProblem } from './output.ts';

/** The commands that are processes of their own, or stand for them. Each is loaded when it is called. */
export function addProcesses(program: Command, cli: Cli): void {
  type Options = { json?: boolean };
  const add = (
    name: string,
    description: string,
    run: (options: { json: boolean }) => Promise<number>,
  ): void => {
    onCall<Options>(addCommand(program, name, description), cli, ({ out }) => run({ json: out.json }));
  };
  add('up', 'start everything that is not configured, in one process group', async (options) =>
    (await embeddedPart(() => import('../../workers/up.ts'))).up(options),
  );
  add('demo', 'show four failures being healed on real parts, then end', async (options) =>
    (await embeddedPart(() => import('../../workers/demo.ts'))).demo(options),
  );
  add('worker', 'poll the task queue and heal', async () =>
    (await import('../../workers/worker-process.ts')).runWorker(),
  );
  add('http', 'take reports and webhooks by HTTP', async () =>
    (await import('../../workers/http-process.ts')).runHttp(),
  );
  const bot = addCommand(program, 'bot', 'answer admins on Telegram: incidents, approvals, pauses');
  bot.option('--wait-for-token', 'without a token wait, instead of ending (for containers)');
  onCall<{ waitForToken?: boolean }>(bot, cli, async ({ options }) =>
    (await import('../../workers/bot-process.ts')).runBotProcess(options),
  );
  add('migrate', 'bring the database up to date', async (options) =>
    (await import('../../workers/migrate.ts')).runMigrate(options),
  );
  add('doctor', 'look at every part, and say what to do', async (options) =>
    (await import('../../workers/doctor.ts')).runDoctor(options),
  );
}

/** What starts the embedded parts is in the source tree only; a production build leaves it out, with all it needs. */
async function embeddedPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageProblem(
      `This build has the production parts only (${why}). Run it from the source tree: npm ci, then npm start or npm run demo.`,
    );
  }
}
