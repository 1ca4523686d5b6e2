import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Estate } from '../../domain/estate.ts';
import type { RemoteResult } from '../../domain/remote.ts';
import { quoteArgv } from '../../domain/shell-argument.ts';
import { SshConnections } from './ssh-connections.ts';
import type { SshFailure } from './ssh-failure.ts';
import { resolveHosts, type SshHost } from './ssh-hosts.ts';
import { socketArguments, type SshMaster } from './ssh-master.ts';
import { runSsh, type SshProcessEnd } from './ssh-process.ts';

export interface RemoteRequest {
  /** A host of the estate file. */
  host: string;
  /** Program and arguments, of the closed character set of domain/shell-argument. */
  argv: readonly string[];
  /** For everything, a new connection included. */
  timeoutMs: number;
  /** Per stream; default 64 KiB. Head and tail are kept. */
  maxOutputBytes?: number;
  signal?: AbortSignal;
}

/** The one way to a host, for every healer (ADR-013 A5): the system's `ssh`, pinned keys, one warm connection a host. */
export interface SshLayer {
  /** Runs one command, at most once. Every failure is a result that says whether the command may have run. */
  run(request: RemoteRequest): Promise<RemoteResult>;
  /** Whether a host can be reached and lets us in: runs `uptime` there. */
  check(host: string): Promise<RemoteResult>;
  /** Ends the connections that this layer opened. */
  close(): Promise<void>;
}

export interface SshOptions {
  estate: Estate;
  /** The folder of the estate file: paths in it are relative to it. */
  estateDir: string;
  /** The state folder (`AUTOHEAL_HOME`). */
  home: string;
}

/** Opens the layer; nothing is connected yet. Throws an Error that names the field when a host makes no sense. */
export function openSsh({ estate, estateDir, home }: SshOptions): SshLayer {
  const hosts = resolveHosts(estate, estateDir);
  const connections = new SshConnections(home, hosts.values());
  const run = (request: RemoteRequest): Promise<RemoteResult> => runRemote(request, hosts, connections);
  return {
    run,
    check: (host) => run({ host, argv: ['uptime'], timeoutMs: 20_000 }),
    close: () => connections.close(),
  };
}

async function runRemote(
  request: RemoteRequest,
  hosts: ReadonlyMap<string, SshHost>,
  connections: SshConnections,
): Promise<RemoteResult> {
  const begunMs = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - begunMs);
  const failed = (failure: SshFailure, maybeRan: boolean): RemoteResult => ({
    kind: 'failed',
    ...failure,
    maybeRan,
    durationMs: elapsedMs(),
  });

  const host = hosts.get(request.host);
  if (!host) return failed(hostUnknown(request.host), false);
  const quoted = quoteArgv(request.argv);
  if (!quoted.ok) return failed(argumentRefused(quoted.reason), false);

  for (let attempt = 1; ; attempt++) {
    const connected = await inTime(connections.take(host), request, elapsedMs());
    if (connected === null) return failed(outOfTime(request, host, false), false);
    if (!connected.ok) return failed(connected.failure, false);
    const { end, sent, remoteStatus } = await runOver(connected.master, connections, quoted.commandLine, {
      ...request,
      timeoutMs: Math.max(1, request.timeoutMs - elapsedMs()),
    });
    if (end.how === 'exited' && (end.exitCode !== 255 || remoteStatus === 255) && end.exitCode !== null) {
      const { exitCode, stdout, stderr, truncated } = end;
      return { kind: 'done', exitCode, stdout, stderr, truncated, durationMs: elapsedMs() };
    }
    // Whatever is wrong with it, the next command shall not find it out again.
    if (end.how !== 'aborted') connections.drop(connected.master);
    if (end.how === 'timed_out' || end.how === 'aborted') return failed(outOfTime(request, host, sent), sent);
    // Proven not to have left this machine: once more, over a new connection.
    if (sent || attempt === 2) return failed(connectionLost(host, sent), sent);
  }
}

interface OverMaster {
  end: SshProcessEnd;
  /** False only where ssh's own log shows that it had not yet begun to hand the command over. */
  sent: boolean;
  /** The remote command's own exit status, to tell its 255 from ssh's. */
  remoteStatus: number | null;
}

/**
 * Runs a command over an open connection, and never over one of its own: the `false` in the proxy's place makes
 * ssh give up where it would silently connect by itself. Its log goes to a file, apart from the command's output.
 */
async function runOver(
  master: SshMaster,
  connections: SshConnections,
  commandLine: string,
  { timeoutMs, maxOutputBytes, signal }: RemoteRequest,
): Promise<OverMaster> {
  const log = connections.logFile(master);
  const end = await runSsh(
    [
      ...['-F', 'none', '-T', '-E', log, '-o', 'LogLevel=DEBUG3', '-o', 'BatchMode=yes'],
      ...['-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', ...socketArguments(master.socket)],
      ...['--', master.host, commandLine],
    ],
    { timeoutMs, signal, ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }) },
  );
  const settled = end.how === 'exited' && end.exitCode !== 255 && end.exitCode !== null;
  const text = settled ? '' : await readFile(log, 'utf8').catch(() => null);
  void rm(log, { force: true });
  const status = /Received exit status from master (\d+)/.exec(text ?? '')?.[1];
  return {
    end,
    sent: settled || text === null ? end.how !== 'not_started' : /mux_client_request_alive: done/.test(text),
    remoteStatus: status === undefined ? null : Number(status),
  };
}

/** Null when the time is up or the caller has gone first. The connection goes on being opened, for the next one. */
async function inTime<T>(
  work: Promise<T>,
  { timeoutMs, signal }: RemoteRequest,
  elapsedMs: number,
): Promise<T | null> {
  const done = new AbortController();
  const stop = signal ? AbortSignal.any([done.signal, signal]) : done.signal;
  const limit = sleep(Math.max(1, timeoutMs - elapsedMs), null, { signal: stop }).catch(() => null);
  try {
    return await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}

const hostUnknown = (host: string): SshFailure => ({
  reason: 'host_unknown',
  message: `there is no host ${JSON.stringify(host.slice(0, 100))} in the estate file`,
  advice: 'Add it under hosts, or correct the name.',
});

const argumentRefused = (reason: string): SshFailure => ({
  reason: 'argument_refused',
  message: `the command is not sent: ${reason}`,
  advice: 'Use a command and names of plain characters; anything else is done by hand on the host.',
});

const outOfTime = ({ timeoutMs, signal }: RemoteRequest, { name }: SshHost, sent: boolean): SshFailure => ({
  reason: 'timed_out',
  message: signal?.aborted
    ? `the command on ${name} was given up by its caller`
    : `${sent ? 'the command' : 'the connection'} on the way to ${name} took more than ${timeoutMs / 1000} s`,
  advice: sent
    ? `It may have run, or be running still: look on ${name} before repeating it.`
    : `Nothing was sent. Check the load of ${name} and of the network to it.`,
});

const connectionLost = ({ name }: SshHost, sent: boolean): SshFailure => ({
  reason: 'connection_lost',
  message: `the connection to ${name} broke ${sent ? 'after the command was sent' : 'before the command was sent'}`,
  advice: sent
    ? `It may have run: look on ${name} before repeating it.`
    : `Nothing was sent. Check ${name}, and sshd's MaxSessions and MaxStartups there.`,
});
