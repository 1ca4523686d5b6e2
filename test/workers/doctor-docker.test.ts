import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { checkDocker } from '../../workers/doctor/check-docker.ts';
import { host, newFolder } from '../activities/ssh-fixture.ts';

let lab: Lab;
let ssh: SshLayer;
let file: string;
let original: string;
beforeAll(async () => {
  lab = await startLab({
    dir: await newFolder(),
    estate: { targets: { 'momo-web': { host }, 'momo-db': { host }, gone: { host } } },
  });
  ssh = openSsh({ estate: lab.estate, estateDir: lab.dir, home: lab.dir });
  file = join(dirname(lab.estate.programs['uptime'] ?? ''), 'docker');
  original = await readFile(file, 'utf8');
});
afterAll(async () => {
  await ssh.close();
  await lab.close();
  await rm(lab.dir, { recursive: true, force: true });
});

/** Docker's program answers `docker version` as the real one does; what stands before it comes first. */
const docker = async (before: string): Promise<void> => {
  const [first = '', ...rest] = original.split('\n');
  const version = `[ "$1" = version ] && echo 'Client:' && exit 0`;
  await writeFile(file, [first, before, version, ...rest].join('\n'));
};
const findings = async () =>
  (await checkDocker(ssh, host, lab.estate)).map(({ part, state }) => [part, state]);

it('goes the way of a heal to each target: there, protected, or gone', async () => {
  await docker('');
  expect(await findings()).toEqual([
    [`docker ${host}`, 'ok'],
    ['target momo-web', 'ok'],
    ['target momo-db', 'ok'],
    ['target gone', 'fail'],
  ]);
});

it.each([
  ['exec no-such-docker', /not found/, /Install the CLI/],
  [
    'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
    /Cannot connect/,
    /systemctl start docker/,
  ],
  [
    'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
    /permission denied/,
    /usermod/,
  ],
])('fails with the cure where no heal could work: %s', async (before, detail, advice) => {
  await docker(before);
  const found = await checkDocker(ssh, host, lab.estate);
  expect(found).toMatchObject([{ part: `docker ${host}`, state: 'fail' }]);
  expect(found[0]?.detail).toMatch(detail);
  expect(found[0]?.advice).toMatch(advice);
});

it('warns of what a login prints, and reads past it', async () => {
  await docker('echo "Welcome to the host"');
  expect((await findings()).slice(0, 3)).toEqual([
    [`docker ${host}`, 'ok'],
    [`docker ${host}`, 'warn'],
    ['target momo-web', 'ok'],
  ]);
});
