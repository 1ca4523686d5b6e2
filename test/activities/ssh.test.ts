import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSsh } from '../../activities/gateways/ssh/layer.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { done, failed, host, newFolder, withSsh } from './ssh-fixture.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ dir: await newFolder(), containers: [] });
});
afterAll(async () => {
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});

const timeoutMs = 30_000;

describe('the ssh layer', () => {
  it('runs a command on a host behind a bastion, each hop with its pinned key and the one identity', async () => {
    await withSsh(lab, async (ssh) => {
      const before = lab.connections();
      const result = done(await ssh.run({ host, argv: ['echo', 'over', 'two', 'hops'], timeoutMs }));
      expect(result).toMatchObject({ exitCode: 0, stdout: 'over two hops', stderr: '', truncated: false });
      expect(lab.connections()).toEqual({ bastion: before.bastion + 1, host: before.host + 1 });
      expect(lab.runs.commandLines().at(-1)).toBe("'echo' 'over' 'two' 'hops'");
    });
  });

  it('keeps the connection warm: the next commands need none of their own and are much faster', async () => {
    await withSsh(lab, async (ssh) => {
      const cold = done(await ssh.run({ host, argv: ['true'], timeoutMs }));
      const before = lab.connections();
      const warm: number[] = [];
      for (let i = 0; i < 5; i++)
        warm.push(done(await ssh.run({ host, argv: ['true'], timeoutMs })).durationMs);
      expect(lab.connections()).toEqual(before);
      expect(Math.min(...warm)).toBeLessThan(cold.durationMs / 2);
    });
  });

  it('opens one connection for all who come first at once', async () => {
    await withSsh(lab, async (ssh) => {
      const before = lab.connections();
      const numbers = Array.from({ length: 8 }, (_, i) => String(i));
      const results = await Promise.all(numbers.map((n) => ssh.run({ host, argv: ['echo', n], timeoutMs })));
      expect(results.map((result) => done(result).stdout)).toEqual(numbers);
      expect(lab.connections().host).toBe(before.host + 1);
    });
  });

  it('tells exit code, output and error output apart, and a remote 255 from its own', async () => {
    await withSsh(lab, async (ssh) => {
      const missing = done(await ssh.run({ host, argv: ['ls', '/no-such-folder'], timeoutMs }));
      expect(missing.exitCode).toBe(2);
      expect(missing.stderr).toContain('no-such-folder');
      expect(missing.stdout).toBe('');
      await writeFile(join(lab.dir, 'ends-with-255'), 'exit 255\n');
      const own = done(await ssh.run({ host, argv: ['sh', 'ends-with-255'], timeoutMs }));
      expect(own).toMatchObject({ exitCode: 255, stdout: '', stderr: '' });
    });
  });

  it('keeps head and tail of an output over the limit and says what is missing', async () => {
    await withSsh(lab, async (ssh) => {
      const result = done(
        await ssh.run({ host, argv: ['seq', '1', '200000'], timeoutMs, maxOutputBytes: 2000 }),
      );
      expect(result.truncated).toBe(true);
      expect(result.stdout).toMatch(/^1\n2\n3\n/);
      expect(result.stdout).toMatch(/199999\n200000$/);
      expect(result.stdout).toMatch(/\[… \d+ bytes left out …\]/);
      expect(Buffer.byteLength(result.stdout)).toBeLessThan(2100);
    });
  });

  it('sends nothing that is outside the closed character set', async () => {
    await withSsh(lab, async (ssh) => {
      const before = lab.runs.commandLines().length;
      for (const word of [
        '$(id)',
        'a b',
        "a'b",
        'a;b',
        'a\nb',
        '',
        'ü',
        '`id`',
        'a|b',
        '>x',
        '*',
        '~',
        '{{json',
        '!',
      ]) {
        const refused = failed(await ssh.run({ host, argv: ['echo', word], timeoutMs }));
        expect(refused).toMatchObject({ reason: 'argument_refused', maybeRan: false });
      }
      expect(lab.runs.commandLines().length).toBe(before);
    });
  });

  it('refuses a host that the estate does not have', async () => {
    await withSsh(lab, async (ssh) => {
      for (const name of ['other', '', '-oProxyCommand=id', 'bastion-110 -x']) {
        expect(failed(await ssh.run({ host: name, argv: ['true'], timeoutMs })).reason).toBe('host_unknown');
      }
    });
  });

  it('stops waiting when its caller does', async () => {
    await withSsh(lab, async (ssh) => {
      const stop = new AbortController();
      const received = lab.runs.next((run) => run.kind === 'command' && run.commandLine.includes('sleep'));
      const running = ssh.run({ host, argv: ['sleep', '5'], timeoutMs, signal: stop.signal });
      await received;
      stop.abort();
      expect(failed(await running)).toMatchObject({ reason: 'timed_out', maybeRan: true });
      const late = await ssh.run({ host, argv: ['true'], timeoutMs, signal: stop.signal });
      expect(failed(late)).toMatchObject({ reason: 'timed_out', maybeRan: false });
    });
  });

  it('checks a host by a command that changes nothing', async () => {
    await withSsh(lab, async (ssh) => {
      expect(done(await ssh.check(host)).exitCode).toBe(0);
      expect(lab.runs.commandLines().at(-1)).toBe("'uptime'");
    });
  });

  it('keeps its configuration and sockets for its owner only, and removes them at the end', async () => {
    await withSsh(lab, async (ssh, home) => {
      await ssh.run({ host, argv: ['true'], timeoutMs });
      const [dir = ''] = await readdir(join(home, 'ssh'));
      expect((await stat(join(home, 'ssh', dir))).mode & 0o777).toBe(0o700);
      const config = (await readdir(join(home, 'ssh', dir))).find((file) => file.endsWith('.conf')) ?? '';
      expect((await stat(join(home, 'ssh', dir, config))).mode & 0o777).toBe(0o600);
      const text = await readFile(join(home, 'ssh', dir, config), 'utf8');
      expect(text.match(/StrictHostKeyChecking yes/g)).toHaveLength(2);
      expect(text).toContain('ProxyJump bastion-110');
      await ssh.close();
      expect(await readdir(join(home, 'ssh'))).toEqual([]);
    });
  });

  it('works from folders with spaces and percent signs, and from ones too deep for a socket', async () => {
    const odd = join(await newFolder(), `a 100% odd folder ${'x'.repeat(80)}`);
    const there = await startLab({ dir: odd, containers: [] });
    const ssh = openSsh({ estate: there.estate, estateDir: odd, home: join(odd, 'state') });
    try {
      expect(done(await ssh.run({ host, argv: ['echo', 'there'], timeoutMs })).stdout).toBe('there');
    } finally {
      await ssh.close();
      await there.close();
      await rm(join(odd, '..'), { recursive: true, force: true });
    }
  });

  it('names the field of an estate that makes no sense', () => {
    const open = (change: object): unknown =>
      openSsh({
        estate: { ...lab.estate, hosts: { ...lab.estate.hosts, ...change } },
        estateDir: lab.dir,
        home: lab.dir,
      });
    const base = { address: '127.0.0.1', port: 22, user: 'ollama', gate: false };
    expect(() => open({ a: { ...base, jump: 'nowhere' } })).toThrow(
      /hosts\.a\.jump: there is no host nowhere/,
    );
    expect(() => open({ a: { ...base, jump: 'b' }, b: { ...base, jump: 'a' } })).toThrow(/circle/);
    expect(() => open({ a: { ...base, address: '-oProxyCommand=id' } })).toThrow(/hosts\.a\.address/);
    expect(() => open({ a: { ...base, identityFile: 'x"\nProxyCommand id' } })).toThrow(
      /hosts\.a\.identityFile/,
    );
  });
});
