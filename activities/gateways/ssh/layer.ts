import { setTimeout as sleep } from 'node:timers/promises';
import type { Estate } from '../../../domain/estate.ts';
import type { RemoteResult } from '../../../domain/policy/remote.ts';
import { quoteArgv } from '../../../domain/policy/shell-argument.ts';
import { runCommand } from './command.ts';
import { SshConnections } from './connections.ts';
import type { SshFailure } from './failure.ts';
import { resolveHosts, type SshHost } from './hosts.ts';
import { SshSlots } from './slots.ts';

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
  /**
   * Whether standard output, as far as it has come, is the whole answer of a command that went well: then it is
   * taken as its end, with exit code 0. Behind a bastion the exit status itself comes some 45 ms later, because
   * sshd leaves Nagle's algorithm on for forwarded connections (docs/benchmarks.md).
   */
  isWhole?: (stdout: string) => boolean;
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
  const slots = new SshSlots();
  const run = (request: RemoteRequest): Promise<RemoteResult> =>
    runRemote(request, { hosts, connections, slots });
  return {
    run,
    check: (host) => run({ host, argv: ['uptime'], timeoutMs: 20_000 }),
    close: () => connections.close(),
  };
}

interface Parts {
  hosts: ReadonlyMap<string, SshHost>;
  connections: SshConnections;
  slots: SshSlots;
}

async function runRemote(
  request: RemoteRequest,
  { hosts, connections, slots }: Parts,
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

  const turn = slots.take(host.name);
  const release = await inTime(turn, request, elapsedMs());
  if (release === null) {
    void turn.then((late) => late());
    return failed(outOfTime(request, host, false), false);
  }
  let gone: Promise<unknown> = Promise.resolve();
  try {
    return await runOn(host, quoted.commandLine);
  } finally {
    void gone.then(release);
  }

  async function runOn(host: SshHost, commandLine: string): Promise<RemoteResult> {
    for (let attempt = 1; ; attempt++) {
      const connected = await inTime(connections.take(host), request, elapsedMs());
      if (connected === null || request.signal?.aborted)
        return failed(outOfTime(request, host, false), false);
      if (!connected.ok) return failed(connected.failure, false);
      const { master } = connected;
      const { end, sent, remoteStatus } = await runCommand(master, connections.logFile(master), commandLine, {
        timeoutMs: Math.max(1, request.timeoutMs - elapsedMs()),
        signal: request.signal,
        maxOutputBytes: request.maxOutputBytes,
        isWhole: request.isWhole,
      });
      gone = end.gone;
      if (end.how === 'exited' && (end.exitCode !== 255 || remoteStatus === 255) && end.exitCode !== null) {
        const { exitCode, stdout, stderr, truncated } = end;
        return { kind: 'done', exitCode, stdout, stderr, truncated, durationMs: elapsedMs() };
      }
      // Whatever is wrong with it, the next command shall not find it out again.
      if (end.how !== 'aborted') connections.drop(master);
      if (end.how === 'timed_out' || end.how === 'aborted')
        return failed(outOfTime(request, host, sent), sent);
      // Proven not to have left this machine: once more, over a new connection.
      if (sent || attempt === 2) return failed(connectionLost(host, sent), sent);
    }
  }
}

/** Null when the time is up or the caller has gone first. The connection goes on being opened, for the next one. */
async function inTime<T>(
  work: Promise<T>,
  { timeoutMs, signal }: RemoteRequest,
  elapsedMs: number,
): Promise<T | null> {
  if (elapsedMs >= timeoutMs) return null;
  const done = new AbortController();
  const stop = signal ? AbortSignal.any([done.signal, signal]) : done.signal;
  const limit = sleep(timeoutMs - elapsedMs, null, { signal: stop }).catch(() => null);
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
