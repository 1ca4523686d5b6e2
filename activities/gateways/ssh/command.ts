import { readFile, rm } from 'node:fs/promises';
import { socketArguments, type SshMaster } from './master.ts';
import { runSsh, type SshProcessEnd, type SshProcessOptions } from './process.ts';

export interface CommandEnd {
  end: SshProcessEnd;
  /** False only where ssh's own log shows that the command was not handed over, or not taken. */
  sent: boolean;
  /** The remote command's own exit status, to tell its 255 from ssh's. */
  remoteStatus: number | null;
}

/**
 * Runs a command over an open connection, and never over one of its own: the `false` in the proxy's place makes
 * ssh give up where it would silently connect by itself. Its log goes to a file, apart from the command's output.
 */
export async function runCommand(
  master: SshMaster,
  logFile: string,
  commandLine: string,
  options: SshProcessOptions,
): Promise<CommandEnd> {
  const end = await runSsh(
    [
      ...['-F', 'none', '-T', '-E', logFile, '-o', 'LogLevel=DEBUG3', '-o', 'BatchMode=yes'],
      ...['-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', ...socketArguments(master.socket)],
      ...['--', master.host, commandLine],
    ],
    options,
  );
  const settled = end.how === 'exited' && end.exitCode !== 255 && end.exitCode !== null;
  const log = settled ? null : await readFile(logFile, 'utf8').catch(() => null);
  void rm(logFile, { force: true });
  const status = /Received exit status from master (\d+)/.exec(log ?? '')?.[1];
  return {
    end,
    sent: log === null ? end.how !== 'not_started' : wasSent(log),
    remoteStatus: status === undefined ? null : Number(status),
  };
}

/** The answer to "are you alive" is the last thing before the command goes out; a refusal is final. */
const wasSent = (log: string): boolean =>
  /mux_client_request_alive: done/.test(log) &&
  !/session request failed|Master refused session request/.test(log);
