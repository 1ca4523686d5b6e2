import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { autoheal } from '../client/program.ts';
import { until } from '../faults/reports.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'autoheal.js');
const usualPort = 8313;
let home: string;
let other: Server | null;
let up: ChildProcess;
let said = '';
let announced: { http: string; temporalAddress: string };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ah-up-'));
  // Another installation has the usual port.
  other = createServer();
  await new Promise<void>((done) => {
    other?.once('error', () => done());
    other?.listen(usualPort, '127.0.0.1', () => done());
  });
  up = spawn(process.execPath, [program, 'up', '--json'], {
    env: { PATH: process.env['PATH'], HOME: home, AUTOHEAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let line = '';
  up.stdout?.on('data', (chunk: Buffer) => (line += chunk.toString()));
  up.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('up has announced itself', () => line.includes('\n'), 150_000);
  announced = JSON.parse(line) as typeof announced;
});
afterAll(async () => {
  up?.kill('SIGKILL');
  other?.close();
  await rm(home, { recursive: true, force: true });
});

const answers = async (path: string): Promise<boolean> =>
  fetch(`${announced.http}${path}`).then(
    (response) => response.ok,
    () => false,
  );

/** The embedded Temporal server of this state folder. */
async function temporalPid(): Promise<number | null> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(join(home, 'temporal.db')) && line.includes('start-dev')) return Number(pid);
  }
  return null;
}

it('takes another port for HTTP where the usual one is taken, and says which', async () => {
  expect(announced.http).not.toContain(`:${usualPort}`);
  await until('HTTP is ready', () => answers('/readyz'));
});

it('starts Temporal again on the same port when it is killed, and work goes on', async () => {
  const pid = await temporalPid();
  expect(pid).not.toBeNull();
  process.kill(pid ?? 0, 'SIGKILL');
  await until('up has noticed', () => said.includes('Temporal has ended; starting it again'));
  await until('HTTP is ready again', () => answers('/readyz'), 90_000);
  const ran = await autoheal(
    ['report', '--json', '--wait', '60', '--message', 'ValueError: after the kill'],
    {
      env: { AUTOHEAL_HOME: home },
    },
  );
  expect(ran.json<{ result?: { status: string } }>().result?.status).toBe('alerted');
});

it('stops within ten seconds when nothing runs', async () => {
  const begunMs = Date.now();
  up.kill('SIGINT');
  await new Promise((done) => up.once('exit', done));
  expect(Date.now() - begunMs).toBeLessThan(10_000);
});
