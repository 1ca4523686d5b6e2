import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../client/cli/run-command.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'autoheal-run-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** `autoheal run -- COMMAND | READER`, as a shell would have it. @returns the status of autoheal, and its stderr */
async function piped(command: string, reader: string): Promise<{ status: number; stderr: string }> {
  const line = `"$NODE" "$AUTOHEAL" run --task t -- sh -c "$COMMAND" | ${reader} >/dev/null; exit "\${PIPESTATUS[0]}"`;
  const ran = await execa('bash', ['-c', line], {
    reject: false,
    timeout: 60_000,
    env: {
      NODE: process.execPath,
      AUTOHEAL: program,
      COMMAND: command,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      AUTOHEAL_HOME: home,
    },
  });
  return { status: ran.exitCode ?? -1, stderr: ran.stderr };
}

describe('a command whose reader goes away', () => {
  it('ends as it would alone, and is not reported', async () => {
    const { status, stderr } = await piped('while :; do echo a line; done', 'head -1');
    expect(status).toBe(141);
    expect(stderr).toContain('no longer read');
    expect(stderr).not.toContain('Temporal');
  });

  it('may say so in its own words', async () => {
    const { status, stderr } = await piped('trap "" PIPE; while echo a line; do :; done; exit 3', 'head -1');
    expect(status).toBe(3);
    expect(stderr).toContain('no longer read');
  });

  it('is reported when it fails for another reason', async () => {
    const silent = 'trap "" PIPE; sleep 1; echo a line 2>/dev/null; echo "no such table: orders" >&2; exit 4';
    const { status, stderr } = await piped(silent, 'true');
    expect(status).toBe(4);
    expect(stderr).toContain('Temporal');
  });
});

it('a background child that keeps the streams open does not hold up the end of its command', async () => {
  const begun = Date.now();
  const end = await runCommand(['sh', '-c', 'echo words; sleep 30 & exit 7'], {
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().resume(),
  });
  expect(end).toMatchObject({ exitStatus: 7, tail: 'words\n', endedByClosedPipe: false });
  expect(Date.now() - begun).toBeLessThan(15_000);
});
