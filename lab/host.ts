import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, ServerChannel } from 'ssh2';
import type { Recorder } from './recorder.ts';
import { startSshServer, type LabSshServer } from './ssh-server.ts';

export interface LabHostOptions {
  hostKey: string;
  user: string;
  authorizedKey: string;
  recorder: Recorder;
  /** Folders searched for programs, the lab's stand-ins first. */
  searchPath: string;
  homeDir: string;
  /** Where the stand-ins find the container engine, the names and the rest. */
  environment: Readonly<Record<string, string>>;
  /** A script and its arguments, run in the command's place with SSH_ORIGINAL_COMMAND set, as sshd's forced command is. */
  forcedCommand?: readonly string[];
}

export interface Delay {
  /** Part of the command line, or a pattern. */
  matching: string | RegExp;
  ms: number;
  /**
   * Before the command is run; after it has run and before anything of it is told; or before its exit status is
   * told, its output being out.
   */
  when: 'before' | 'after' | 'before status';
}

export interface LabHost extends LabSshServer {
  delayNext(delay: Delay): void;
  /** How many sessions one connection may hold at once: sshd's MaxSessions, 10 by default. */
  limitSessions(most: number): void;
}

/** More than any command's output that is held back. */
const heldBytes = 1_048_576;

/** The host behind the bastion: it runs commands by `/bin/sh -c`, as sshd does, and nothing else. */
export async function startHost(options: LabHostOptions): Promise<LabHost> {
  const delays: Delay[] = [];
  let lastCommandId = 0;
  let maxSessions = 10;
  const takeDelay = (commandLine: string, when: Delay['when']): number => {
    const index = delays.findIndex(
      (delay) =>
        delay.when === when &&
        (typeof delay.matching === 'string'
          ? commandLine.includes(delay.matching)
          : delay.matching.test(commandLine)),
    );
    return index < 0 ? 0 : (delays.splice(index, 1)[0]?.ms ?? 0);
  };

  const serve = async (commandLine: string, channel: ServerChannel): Promise<void> => {
    const commandId = ++lastCommandId;
    const startedMs = performance.now();
    options.recorder.add({ kind: 'command', commandId, commandLine });
    const beforeMs = takeDelay(commandLine, 'before');
    const afterMs = takeDelay(commandLine, 'after');
    const statusMs = takeDelay(commandLine, 'before status');
    if (beforeMs > 0) await sleep(beforeMs);
    const held = afterMs > 0 ? new PassThrough({ highWaterMark: heldBytes }) : null;
    const exitCode = await runCommand(options, commandLine, commandId, { channel, out: held ?? channel });
    options.recorder.add({
      kind: 'finished',
      commandId,
      exitCode,
      durationMs: Math.round(performance.now() - startedMs),
    });
    if (held !== null) {
      await sleep(afterMs);
      channel.write((held.read() as Buffer | null) ?? '');
    }
    if (statusMs > 0) await sleep(statusMs);
    channel.exit(exitCode);
    channel.end();
  };

  const onClient = (client: Connection): void => {
    client.on('tcpip', (_accept, reject) => reject());
    let sessions = 0;
    client.on('session', (accept, reject) => {
      if (sessions >= maxSessions) return reject();
      sessions++;
      const session = accept();
      session.on('close', () => sessions--);
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on('error', () => undefined);
        void serve(command, channel);
      });
    });
  };
  const server = await startSshServer({ ...options, onClient });
  return {
    ...server,
    delayNext: (delay) => void delays.push(delay),
    limitSessions: (most) => void (maxSessions = most),
  };
}

/** Like sshd, it lets a command run to its end when the connection goes away in the middle. */
function runCommand(
  options: LabHostOptions,
  commandLine: string,
  commandId: number,
  { channel, out }: { channel: ServerChannel; out: ServerChannel | PassThrough },
): Promise<number> {
  const environment = {
    ...options.environment,
    PATH: options.searchPath,
    HOME: options.homeDir,
    USER: options.user,
    LAB_COMMAND_ID: String(commandId),
  };
  const child =
    options.forcedCommand === undefined
      ? spawn('/bin/sh', ['-c', commandLine], { env: environment, cwd: options.homeDir, stdio: 'pipe' })
      : spawn('/bin/sh', options.forcedCommand, {
          env: { ...environment, SSH_ORIGINAL_COMMAND: commandLine },
          cwd: options.homeDir,
          stdio: 'pipe',
        });
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  // Nobody reads any more: drain the pipes, or a chatty command would never end.
  channel.on('close', () => {
    child.stdout.unpipe(out).resume();
    child.stderr.unpipe(channel.stderr).resume();
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 255));
  });
}
