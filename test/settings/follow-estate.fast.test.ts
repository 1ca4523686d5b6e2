import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Estate } from '../../domain/estate.ts';
import { followEstate, type FollowedEstate, type FollowOptions } from '../../settings/follow-estate.ts';

const hosts = `hosts:
  h: { address: 192.0.2.1, user: ops, identityFile: k, knownHostsFile: kh }
`;
const targets = (...names: string[]): string =>
  `targets:\n${names.map((name) => `  ${name}: { host: h }\n`).join('')}`;
const everyMs = 40;

let dir: string;
let file: string;
let lines: { line: string; broken: boolean }[];
let followed: FollowedEstate | null;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ah-estate-'));
  file = join(dir, 'estate.yaml');
  lines = [];
  followed = null;
});
afterEach(() => {
  followed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const follow = (more: Partial<FollowOptions> = {}): FollowedEstate => {
  followed = followEstate({
    file,
    everyMs,
    log: (line, broken) => void lines.push({ line, broken }),
    ...more,
  });
  return followed;
};
const write = (text: string): void => writeFileSync(file, text);
const settled = (): Promise<void> => sleep(everyMs * 5);
const targetsOf = ({ estate }: FollowedEstate): string[] => Object.keys(estate.targets);

describe('a change of the estate file', () => {
  it('is in force without a restart, however the file was replaced', async () => {
    write(hosts + targets('a'));
    const mine = follow();
    const before = mine.inForce.hash;
    writeFileSync(`${file}.new`, hosts + targets('a', 'b'));
    renameSync(`${file}.new`, file);
    await settled();
    expect(targetsOf(mine)).toEqual(['a', 'b']);
    expect(mine.inForce).toMatchObject({ problem: null });
    expect(mine.inForce.hash).not.toBe(before);
    expect(lines).toEqual([{ line: expect.stringContaining('in force') as string, broken: false }]);
  });

  it('protects at the first look, before the rest of it counts', () => {
    write(`${hosts}${targets('a', 'b')}restartableDatabases: [a, b]\n`);
    const mine = follow();
    write(`${hosts}${targets('a')}protected: [b]\nrestartableDatabases: [a]\n`);
    mine.look();
    expect(mine.estate.protected).toEqual(['b']);
    expect(mine.estate.restartableDatabases).toEqual(['a']);
    expect(targetsOf(mine)).toEqual(['a', 'b']);
  });

  it('protects even where the rest of the file is wrong', async () => {
    write(hosts + targets('a'));
    const mine = follow();
    write(`${hosts}${targets('a')}protected: [a]\nhomes: {}\n`);
    await settled();
    expect(mine.estate.protected).toEqual(['a']);
    expect(mine.inForce.problem).toContain('unknown key');
  });

  it('takes a protection away only when the whole of it is known to be so', () => {
    write(`${hosts}${targets('a')}protected: [a]\n`);
    const mine = follow();
    write(hosts + targets('a'));
    mine.look();
    expect(mine.estate.protected).toEqual(['a']);
  });

  it('is taken whole or not at all: who adopts it sees one estate after the other', async () => {
    write(hosts + targets('a'));
    const seen: Estate[] = [];
    follow({ adopt: (estate) => void seen.push(estate) });
    write(hosts + targets('b'));
    await settled();
    expect(seen.map((estate) => Object.keys(estate.targets))).toEqual([['a'], ['b']]);
  });
});

describe('a file that is wrong', () => {
  it.each([
    ['not YAML', 'hosts: {', 'estate.yaml'],
    ['an unknown key', `${hosts}hostz: {}\n`, 'hostz: unknown key'],
    ['a host that is not there', `${hosts}targets: { a: { host: other } }\n`, 'there is no host "other"'],
    ['empty, as a file is that is being written', '', 'is empty'],
  ])('keeps the last good content and says why: %s', async (_what, text, why) => {
    write(hosts + targets('a'));
    const mine = follow();
    write(text);
    await settled();
    expect(targetsOf(mine)).toEqual(['a']);
    expect(mine.inForce.problem).toContain(why);
    expect(lines.filter(({ broken }) => broken)).toHaveLength(1);
    write(hosts + targets('a'));
    await settled();
    expect(mine.inForce.problem).toBeNull();
  });

  it('keeps the last good content when it is gone, or makes no sense to who adopts it', async () => {
    write(hosts + targets('a'));
    const mine = follow({
      adopt: (estate) => {
        if ('c' in estate.targets) throw new Error('hosts.h.jump: goes round in a circle');
      },
    });
    rmSync(file);
    await settled();
    expect(mine.inForce.problem).toContain('there is no such file');
    write(hosts + targets('c'));
    await settled();
    expect(mine.inForce.problem).toContain('circle');
    expect(targetsOf(mine)).toEqual(['a']);
  });

  it('at the start: the copy of the last good content serves, and what the file protects is protected', () => {
    const lastGoodFile = join(dir, 'kept', 'estate.yaml');
    write(hosts + targets('a'));
    follow({ lastGoodFile }).stop();
    write('protected: [a]\nhostz: {}\n');
    const mine = follow({ lastGoodFile });
    expect(targetsOf(mine)).toEqual(['a']);
    expect(mine.estate.protected).toEqual(['a']);
    expect(mine.inForce.problem).toContain('hostz');
    expect(lines.at(-1)?.broken).toBe(true);
  });

  it('at the very first start ends a worker, and lets a service that only takes reports go on', () => {
    write('hostz: {}\n');
    expect(() => follow()).toThrow(/hostz/);
    expect(targetsOf(follow({ emptyAtWorst: true }))).toEqual([]);
  });
});
