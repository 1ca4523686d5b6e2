import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryProblem } from '../../client/delivery/delivery-problem.ts';
import { drainSpool } from '../../client/spool/drain.ts';
import { countSpooled, keepInSpool } from '../../client/spool/spool.ts';
import type { Report } from '../../domain/report/report.ts';

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'ah-spool-')), 'spool');
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

const report = (message: string, more: Partial<Report> = {}): Report => ({
  source: 'api',
  error: { message },
  reportId: message,
  ...more,
});

function collect(fail: (report: Report) => Error | null = () => null) {
  const got: string[] = [];
  const deliver = async (delivered: Report): Promise<void> => {
    const error = fail(delivered);
    if (error !== null) throw error;
    got.push(delivered.error.message);
  };
  return { got, deliver };
}

describe('keeping a report', () => {
  it('writes files that only their owner can read', async () => {
    const kept = await keepInSpool(dir, report('x'));
    expect(kept.kept).toBe(true);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    const [file = ''] = await readdir(dir);
    expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
  });

  it('closes a folder that others could read', async () => {
    await mkdir(dir, { mode: 0o755 });
    await chmod(dir, 0o755);
    await keepInSpool(dir, report('x'));
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
  });

  it('writes no secret', async () => {
    await keepInSpool(
      dir,
      report('connect failed: postgres://momo:very-secret-pw@momo-db/momo', { reportId: 'one' }),
    );
    const [file = ''] = await readdir(dir);
    const text = await readFile(join(dir, file), 'utf8');
    expect(text).toContain('momo-db');
    expect(text).not.toContain('very-secret-pw');
  });

  it('takes no new ones when it is full, by count or by bytes, and says why', async () => {
    const limits = { reports: 2, bytes: 100_000 };
    await keepInSpool(dir, report('1'), limits);
    await keepInSpool(dir, report('2'), limits);
    expect(await keepInSpool(dir, report('3'), limits)).toMatchObject({
      kept: false,
      reason: expect.stringContaining('full') as string,
    });
    expect(await keepInSpool(dir, report('x'.repeat(90_000)), { reports: 10, bytes: 10_000 })).toMatchObject({
      kept: false,
    });
    expect(await countSpooled(dir)).toBe(2);
  });

  it('never throws, whatever is in its place', async () => {
    await writeFile(dir, 'a file');
    expect(await keepInSpool(dir, report('x'))).toMatchObject({ kept: false });
    await rm(dir);
    await symlink(tmpdir(), dir);
    expect(await keepInSpool(dir, report('x'))).toMatchObject({ kept: false });
  });
});

describe('draining', () => {
  it('delivers in order, each once', async () => {
    const messages = Array.from({ length: 30 }, (_, number) => `report ${number}`);
    for (const message of messages) await keepInSpool(dir, report(message));
    const { got, deliver } = collect();
    expect(await drainSpool({ dir, deliver })).toEqual({
      delivered: 30,
      left: 0,
      setAside: 0,
      busy: false,
      problem: null,
    });
    expect(got).toEqual(messages);
    expect(await readdir(dir)).toEqual([]);
  });

  it('is nothing where there is no spool', async () => {
    expect(await drainSpool({ dir, deliver: collect().deliver })).toMatchObject({
      delivered: 0,
      left: 0,
      problem: null,
    });
  });

  it('stops when Temporal is away, and goes on where it stopped', async () => {
    for (const message of ['1', '2', '3']) await keepInSpool(dir, report(message));
    let away = true;
    const { got, deliver } = collect(({ error }) =>
      away && error.message === '2' ? new DeliveryProblem('TEMPORAL_AWAY', 'away') : null,
    );
    expect(await drainSpool({ dir, deliver })).toMatchObject({ delivered: 1, left: 2, problem: 'away' });
    away = false;
    expect(await drainSpool({ dir, deliver })).toMatchObject({ delivered: 2, left: 0 });
    expect(got).toEqual(['1', '2', '3']);
  });

  it('sets aside what can never be delivered, and what is no report, so that it holds up nothing', async () => {
    for (const message of ['1', 'poison', '3']) await keepInSpool(dir, report(message));
    const name = `${String(1).padStart(15, '0')}-000001-1-abcdef.json`;
    await writeFile(join(dir, name), '{"half a fi');
    const said: string[] = [];
    const { got, deliver } = collect(({ error }) =>
      error.message === 'poison' ? new DeliveryProblem('REPORT_REFUSED', 'too large') : null,
    );
    const drained = await drainSpool({ dir, deliver, log: (line) => said.push(line) });
    expect(drained).toMatchObject({ delivered: 2, left: 0, setAside: 2 });
    expect(got).toEqual(['1', '3']);
    expect(await readdir(join(dir, 'corrupt'))).toEqual([name]);
    expect(await readdir(join(dir, 'refused'))).toHaveLength(1);
    expect(said).toHaveLength(2);
  });

  it('ignores what is not its own, and files that are half written', async () => {
    await keepInSpool(dir, report('1'));
    await writeFile(join(dir, '.something.json.tmp'), '{');
    await writeFile(join(dir, 'README'), 'hands off');
    const { got, deliver } = collect();
    await drainSpool({ dir, deliver });
    expect(got).toEqual(['1']);
    expect((await readdir(dir)).sort()).toEqual(['.something.json.tmp', 'README']);
  });

  it('is done by one at a time', async () => {
    for (let number = 0; number < 20; number += 1) await keepInSpool(dir, report(String(number)));
    const { got, deliver } = collect();
    const slow = async (one: Report): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await deliver(one);
    };
    const drained = await Promise.all([1, 2, 3].map(() => drainSpool({ dir, deliver: slow })));
    expect(drained.filter(({ busy }) => busy)).toHaveLength(2);
    expect(got).toHaveLength(20);
    expect(new Set(got).size).toBe(20);
  });

  it.each([
    ['whose process is gone', `${hostname()} 4194999 token`, 0],
    ['that nobody has refreshed for long', 'another-machine 1 token', 120],
  ])('takes over a lock %s', async (_, token, ageSec) => {
    await keepInSpool(dir, report('1'));
    const lock = join(dir, 'draining.lock');
    await writeFile(lock, token);
    const then = Date.now() / 1000 - ageSec;
    await utimes(lock, then, then);
    expect(await drainSpool({ dir, deliver: collect().deliver })).toMatchObject({
      delivered: 1,
      busy: false,
    });
    expect(await readdir(dir)).toEqual([]);
  });

  it('leaves a lock of another machine alone', async () => {
    await keepInSpool(dir, report('1'));
    await writeFile(join(dir, 'draining.lock'), 'another-machine 1 token');
    expect(await drainSpool({ dir, deliver: collect().deliver })).toMatchObject({
      delivered: 0,
      busy: true,
      left: 1,
    });
  });
});
