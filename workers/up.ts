import { join } from 'node:path';
import pc from 'picocolors';
import { readAddresses, removeAddresses, writeAddresses } from '../settings/addresses.ts';
import { ConfigProblem, readConfig } from '../settings/settings.ts';
import { freePort } from './embedded/temporal-server.ts';
import { startStack, type Stack } from './embedded/stack.ts';
import { superviseChild } from './embedded/supervise.ts';

/** The ports that people expect; another free one where something else has it. */
const wishes = { temporal: 7233, temporalUi: 8233, database: 5433 };

/** Everything in one process group, until it is told to stop. @returns the exit code */
export async function up({ json }: { json: boolean }): Promise<number> {
  const config = readConfig();
  const running = readAddresses(config.home);
  if (running !== null && isAlive(running.pid)) {
    throw new ConfigProblem(
      `AutoHeal runs already in ${config.home} (process ${running.pid}). Stop it first, or set AUTOHEAL_HOME.`,
    );
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  // Another installation on this machine may have the usual one.
  const httpPort = config.http.loopback ? await freePort(config.http.port) : config.http.port;
  const httpAddr = config.AUTOHEAL_HTTP_ADDR.replace(/\d+$/, String(httpPort));
  const stack = await startStack({
    httpAddr,
    config,
    cacheDir: join(config.home, 'cache'),
    ports: {
      temporal: await freePort(wishes.temporal),
      temporalUi: await freePort(wishes.temporalUi),
      database: await freePort(wishes.database),
    },
    lab: {},
    log: (line) => say(pc.dim(line)),
    onLine: (name, line) => say(`${pc.dim(name.padEnd(8))} ${line}`),
  });
  const http = `http://${httpAddr}`;
  writeAddresses(config.home, {
    temporal: stack.temporalAddress,
    temporalUi: stack.temporalUi,
    databaseUrl: stack.databaseUrl,
    http,
    estateFile: stack.estateFile,
    pid: process.pid,
  });
  const worker = superviseChild(() => stack.startWorker(), say);
  const service = superviseChild(() => stack.startHttp(), say);
  const bot = config.TELEGRAM_BOT_TOKEN === undefined ? null : superviseChild(() => stack.startBot(), say);
  announce(stack, http, json);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  say(
    'Stopping: running remote commands are finished first; what waits goes on at the next start. Press Ctrl-C again to stop now.',
  );
  process.once('SIGINT', () => process.exit(1));
  worker.release();
  service.release();
  bot?.release();
  await stack.stop();
  removeAddresses(config.home);
  return 0;
}

function announce(stack: Stack, http: string, json: boolean): void {
  const lines = [
    `Temporal UI  ${pc.cyan(stack.temporalUi ?? 'see your Temporal')}`,
    `HTTP         ${pc.cyan(http)}   (openapi: ${http}/openapi.json)`,
    `Temporal     ${stack.temporalAddress}`,
    `Database     ${new URL(stack.databaseUrl).host}`,
    `Estate       ${stack.estateFile}`,
  ];
  process.stderr.write(
    `\n${lines.join('\n')}\n\nTry: npx autoheal report --source cli --target momo-web --message "container momo-web is unhealthy"\n\n`,
  );
  if (json) {
    const { temporalUi, temporalAddress, estateFile } = stack;
    process.stdout.write(
      `${JSON.stringify({ temporalUi, temporalAddress, http, estateFile, pid: process.pid })}\n`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
