import { describe, expect, it } from 'vitest';
import { environmentNames } from './environment-names.ts';
import { readText } from './repository-file.ts';

const dockerfile = readText('Dockerfile').replaceAll('\\\n', ' ');
const instructions = dockerfile
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ keyword: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));
const lastStage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM'));
const all = (keyword: string) => lastStage.filter((line) => line.keyword === keyword).map(({ rest }) => rest);

describe('Dockerfile', () => {
  it('builds on a Debian with glibc, which the Temporal bridge needs', () => {
    const bases = instructions
      .filter(({ keyword }) => keyword === 'FROM')
      .map(({ rest }) => rest.split(' ')[0]);
    expect(new Set(bases)).toEqual(new Set(['node:20-bookworm-slim']));
  });

  it('runs as a user who is not root, to the end', () => {
    const users = all('USER');
    expect(users).toEqual(['node']);
    const afterUser = lastStage.slice(lastStage.findIndex(({ keyword }) => keyword === 'USER') + 1);
    expect(afterUser.map(({ keyword }) => keyword)).toEqual(['STOPSIGNAL', 'ENTRYPOINT']);
  });

  it('starts the program itself, so that SIGTERM reaches it', () => {
    expect(all('ENTRYPOINT')).toEqual(['["node", "bin/autoheal.js"]']);
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(all('HEALTHCHECK')).toEqual([]);
  });

  it('brings the ssh client and takes npm away', () => {
    const runs = all('RUN').join('\n');
    expect(runs).toContain('openssh-client');
    expect(runs).toContain('/usr/local/bin/npm');
    expect(runs).not.toMatch(/npm (ci|install)/);
  });

  it('installs exactly what the lock file says, in the stage that builds; the last one gets what was put together', () => {
    expect(dockerfile).toMatch(/^RUN npm ci$/m);
    expect(all('COPY')).toEqual(['--from=build /out ./']);
  });

  it('bakes in no setting that the contract does not name, and no secret', () => {
    const names = all('ENV').flatMap((line) =>
      [...line.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name ?? ''),
    );
    expect(names.filter((name) => !environmentNames.has(name))).toEqual([]);
    expect(names.filter((name) => /TOKEN|PASSWORD|KEY|DATABASE_URL/.test(name))).toEqual([]);
  });
});
