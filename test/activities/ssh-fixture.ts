import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import type { RemoteResult } from '../../domain/policy/remote.ts';
import type { Lab } from '../../lab/lab.ts';

export const host = 'ollama-188';
export type Done = Extract<RemoteResult, { kind: 'done' }>;
export type Failed = Extract<RemoteResult, { kind: 'failed' }>;

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'ah-test-'));

/** A layer of its own, with a state folder of its own, closed and removed after `use`. */
export async function withSsh<T>(
  lab: Pick<Lab, 'dir' | 'estate'>,
  use: (ssh: SshLayer, home: string) => Promise<T>,
): Promise<T> {
  const home = await newFolder();
  const ssh = openSsh({ estate: lab.estate, estateDir: lab.dir, home });
  try {
    return await use(ssh, home);
  } finally {
    await ssh.close();
    await rm(home, { recursive: true, force: true });
  }
}

export function done(result: RemoteResult): Done {
  if (result.kind === 'done') return result;
  throw new Error(`expected a command to be done, but: ${JSON.stringify(result)}`);
}

export function failed(result: RemoteResult): Failed {
  if (result.kind === 'failed') return result;
  throw new Error(`expected a failure, but: ${JSON.stringify(result)}`);
}

/** Process ids of the connections that a state folder holds open. */
export async function masterPids(home: string): Promise<number[]> {
  const pids: number[] = [];
  for (const dir of await readdir(join(home, 'ssh'))) {
    for (const file of await readdir(join(home, 'ssh', dir))) {
      if (!/^[0-9a-f]{8}\.\d+$/.test(file)) continue;
      const { stderr } = await execa('ssh', ['-S', join(home, 'ssh', dir, file), '-O', 'check', 'any'], {
        reject: false,
        timeout: 5000,
      });
      const pid = Number(/pid=(\d+)/.exec(stderr)?.[1]);
      if (pid > 0) pids.push(pid);
    }
  }
  return pids;
}

/** The one connection that is open. */
export async function masterPid(home: string): Promise<number> {
  const [pid] = await masterPids(home);
  if (pid === undefined) throw new Error('no connection is open');
  return pid;
}

/** Whether a process runs; one that has ended and that nobody has collected yet does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}
