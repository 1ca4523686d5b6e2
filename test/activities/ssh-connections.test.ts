import { execa } from 'execa';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { done, failed, host, isAlive, masterPid, masterPids, newFolder, withSsh } from './ssh-fixture.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ dir: await newFolder(), containers: [] });
});
afterAll(async () => {
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});

const timeoutMs = 30_000;
const echo = ['echo', 'well'];
const received = (word: string): Promise<unknown> =>
  lab.runs.next((run) => run.kind === 'command' && run.commandLine.includes(word));
const countOf = (word: string): number =>
  lab.runs.commandLines().filter((line) => line.includes(word)).length;

describe('a connection that goes bad is replaced', () => {
  it('killed', async () => {
    await withSsh(lab, async (ssh, home) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      process.kill(await masterPid(home), 'SIGKILL');
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
    });
  });

  it('hanging, and the one that hangs is ended', async () => {
    await withSsh(lab, async (ssh, home) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      const hung = await masterPid(home);
      process.kill(hung, 'SIGSTOP');
      const results = await Promise.all([1, 2, 3].map(() => ssh.run({ host, argv: echo, timeoutMs })));
      expect(results.map((result) => done(result).stdout)).toEqual(['well', 'well', 'well']);
      await ssh.close();
      expect(await isAlive(hung)).toBe(false);
    });
  });

  it('cut while nothing ran', async () => {
    await withSsh(lab, async (ssh) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      lab.cutConnections();
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
    });
  });

  it('with its folder swept away', async () => {
    await withSsh(lab, async (ssh, home) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      const pid = await masterPid(home);
      await rm(join(home, 'ssh'), { recursive: true });
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
      await ssh.close();
      expect(await isAlive(pid)).toBe(false);
    });
  });
});

describe('a command whose end is not known', () => {
  it('is not sent again when the connection was cut in its middle, and is said to have maybe run', async () => {
    await withSsh(lab, async (ssh) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      const arrived = received('cut-in-the-middle');
      lab.delayNext({ matching: 'cut-in-the-middle', ms: 1000, when: 'before' });
      const running = ssh.run({ host, argv: ['echo', 'cut-in-the-middle'], timeoutMs });
      await arrived;
      lab.cutConnections();
      expect(failed(await running)).toMatchObject({ reason: 'connection_lost', maybeRan: true });
      expect(countOf('cut-in-the-middle')).toBe(1);
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
    });
  });

  it('is said to have maybe run when its connection is killed', async () => {
    await withSsh(lab, async (ssh, home) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      const pid = await masterPid(home);
      const arrived = received('sleep');
      const running = ssh.run({ host, argv: ['sleep', '2'], timeoutMs });
      await arrived;
      process.kill(pid, 'SIGKILL');
      expect(failed(await running)).toMatchObject({ reason: 'connection_lost', maybeRan: true });
    });
  });

  it('times out without holding up those beside it, and the next one gets a new connection', async () => {
    await withSsh(lab, async (ssh, home) => {
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      const first = await masterPid(home);
      const beside = ssh.run({ host, argv: ['sleep', '1.5'], timeoutMs });
      const slow = failed(await ssh.run({ host, argv: ['sleep', '10'], timeoutMs: 700 }));
      expect(slow).toMatchObject({ reason: 'timed_out', maybeRan: true });
      expect(slow.durationMs).toBeGreaterThanOrEqual(690);
      expect(slow.durationMs).toBeLessThan(5000);
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
      expect(await masterPids(home)).not.toContain(first);
      expect(done(await beside).exitCode).toBe(0);
    });
  });

  it('did not run when the time was over before the connection was there', async () => {
    lab.freeze('bastion', true);
    try {
      await withSsh(lab, async (ssh) => {
        const before = lab.runs.commandLines().length;
        const late = failed(await ssh.run({ host, argv: echo, timeoutMs: 500 }));
        expect(late).toMatchObject({ reason: 'timed_out', maybeRan: false });
        expect(lab.runs.commandLines().length).toBe(before);
      });
    } finally {
      lab.freeze('bastion', false);
    }
  });
});

describe('more commands than a connection takes', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `many-${i}`);

  it('wait in line instead of being refused', async () => {
    await withSsh(lab, async (ssh) => {
      const before = lab.connections().host;
      const results = await Promise.all(
        many(24).map((word) => ssh.run({ host, argv: ['echo', word], timeoutMs })),
      );
      expect(results.map((result) => done(result).stdout)).toEqual(many(24));
      expect(lab.connections().host).toBe(before + 1);
    });
  });

  it('run out of time in the line without having been sent', async () => {
    await withSsh(lab, async (ssh) => {
      const slow = many(8).map(() => ssh.run({ host, argv: ['sleep', '2'], timeoutMs }));
      const late = await ssh.run({ host, argv: ['echo', 'never-sent'], timeoutMs: 300 });
      expect(failed(late)).toMatchObject({ reason: 'timed_out', maybeRan: false });
      for (const result of await Promise.all(slow)) done(result);
      expect(countOf('never-sent')).toBe(0);
      expect(done(await ssh.run({ host, argv: echo, timeoutMs })).stdout).toBe('well');
    });
  });

  it('refused by the host, are known not to have run', async () => {
    lab.limitSessions(0);
    try {
      await withSsh(lab, async (ssh) => {
        const refused = await ssh.run({ host, argv: ['echo', 'refused-session'], timeoutMs });
        expect(failed(refused)).toMatchObject({ reason: 'connection_lost', maybeRan: false });
        expect(countOf('refused-session')).toBe(0);
      });
    } finally {
      lab.limitSessions(10);
    }
  });
});

describe('connections of other processes', () => {
  const holder = fileURLToPath(new URL('ssh-holder.ts', import.meta.url));

  it('are not shared while these live, and are ended by the next start once they are gone', async () => {
    const home = await newFolder();
    const other = execa('node', ['--import', 'tsx', holder, lab.estateFile, home], { reject: false });
    await new Promise<void>((resolve, reject) => {
      other.stdout.on('data', (chunk: Buffer) => (String(chunk).includes('ready') ? resolve() : undefined));
      void other.then((end) => reject(new Error(`the other process ended: ${end.stderr}`)));
    });
    const theirs = await masterPid(home);
    const { openSsh } = await import('../../activities/gateways/ssh/layer.ts');
    const start = async (): Promise<void> => {
      const ssh = openSsh({ estate: lab.estate, estateDir: lab.dir, home });
      done(await ssh.run({ host, argv: echo, timeoutMs }));
      await ssh.close();
    };
    await start();
    expect(await isAlive(theirs)).toBe(true);
    expect(await masterPids(home)).toEqual([theirs]);

    other.kill('SIGKILL');
    await other;
    await start();
    expect(await readdir(join(home, 'ssh'))).toEqual([]);
    const deadline = Date.now() + 10_000;
    while ((await isAlive(theirs)) && Date.now() < deadline) await sleep(50);
    expect(await isAlive(theirs)).toBe(false);
    await rm(home, { recursive: true, force: true });
  });
});
