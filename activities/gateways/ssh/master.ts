import { open, readFile, rm, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { explainConnection, type SshFailure } from './failure.ts';
import type { SshHost } from './hosts.ts';
import { runSsh } from './process.ts';

/** How long a connection that nobody uses stays open. Also the life of one whose process was killed. */
const persistSec = 600;
/** For all hops of a new connection together. */
const openTimeoutMs = 20_000;
/** A master greets whoever connects at once; one that doesn't within this is stopped or stuck. */
const greetingTimeoutMs = 1500;

/** One authenticated connection to a host, held open by an ssh process of its own and shared by commands. */
export interface SshMaster {
  host: string;
  socket: string;
  pid: number | null;
}

/** The control path as ssh's command line takes it: a percent sign would begin a token. */
export const socketArguments = (socket: string): string[] => ['-S', socket.replaceAll('%', '%%')];

/**
 * Opens a connection in the background. What ssh says about the host goes to one log (-E), what the jump hosts'
 * ssh processes say to another (their standard error; `-v`, or ssh would throw it away).
 */
export async function openMaster(
  host: SshHost,
  configFile: string,
  socket: string,
  signal: AbortSignal,
): Promise<{ ok: true; master: SshMaster } | { ok: false; failure: SshFailure }> {
  const outerLog = `${socket}.log`;
  const innerLog = `${socket}.jump.log`;
  const stderr = await open(innerLog, 'a', 0o600);
  try {
    const end = await runSsh(
      [
        ...['-F', configFile, '-f', '-N', '-v', '-E', outerLog],
        ...['-o', 'ControlMaster=yes', '-o', `ControlPersist=${persistSec}`, ...socketArguments(socket)],
        ...['--', host.name],
      ],
      { timeoutMs: openTimeoutMs, stderrFd: stderr.fd, signal },
    );
    if (end.how === 'not_started') return { ok: false, failure: noProgram };
    if (end.how === 'exited' && end.exitCode === 0) {
      return { ok: true, master: { host: host.name, socket, pid: await pidOf(socket) } };
    }
    const [outer, inner] = await Promise.all([readLog(outerLog), readLog(innerLog)]);
    const failure = explainConnection(host, { outer, inner, timedOut: end.how === 'timed_out' });
    await Promise.all([socket, outerLog, innerLog].map((file) => rm(file, { force: true })));
    return { ok: false, failure };
  } finally {
    await stderr.close();
  }
}

const noProgram: SshFailure = {
  reason: 'target_unreachable',
  message: 'the program ssh is not installed on the machine that AutoHeal runs on',
  advice: 'Install the OpenSSH client (Debian: apt install openssh-client).',
};

const readLog = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** Whether somebody answers on the control socket. Costs less than a millisecond and starts no process. */
export function isAnswering({ socket }: SshMaster): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    const answer = (alive: boolean): void => {
      clearTimeout(timer);
      probe.destroy();
      resolve(alive);
    };
    const timer = setTimeout(() => answer(false), greetingTimeoutMs);
    probe.once('data', () => answer(true));
    probe.once('error', () => answer(false));
    probe.once('close', () => answer(false));
  });
}

/** Keeps the logs of a long-lived connection from growing: ssh appends to them for as long as it lives. */
export async function trimLogs({ socket }: SshMaster): Promise<void> {
  await Promise.all(
    [`${socket}.log`, `${socket}.jump.log`].map((file) => truncate(file).catch(() => undefined)),
  );
}

/**
 * Ends a connection: `stop` lets the commands finish that run over it, `exit` doesn't. One that no longer listens
 * is killed, if the process is still the one that we started.
 */
export async function endMaster({ socket, pid }: SshMaster, how: 'stop' | 'exit'): Promise<void> {
  const end = await control(socket, how);
  if (!end.ok && pid !== null && (await holdsSocket(pid, socket))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
  await Promise.all([socket, `${socket}.log`, `${socket}.jump.log`].map((file) => rm(file, { force: true })));
}

async function control(
  socket: string,
  order: 'check' | 'stop' | 'exit',
): Promise<{ ok: boolean; stderr: string }> {
  const end = await runSsh(['-F', 'none', ...socketArguments(socket), '-O', order, '--', 'master'], {
    timeoutMs: greetingTimeoutMs,
  });
  return { ok: end.exitCode === 0, stderr: end.stderr };
}

async function pidOf(socket: string): Promise<number | null> {
  const { stderr } = await control(socket, 'check');
  const pid = Number(/pid=(\d+)/.exec(stderr)?.[1]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

/** A process id may have been given to another program: ssh shows its control path in its title. */
async function holdsSocket(pid: number, socket: string): Promise<boolean> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return title.includes(socket);
}
