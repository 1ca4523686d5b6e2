import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { quickPlaybooks, wideLimits } from '../chaos/site/quick-playbooks.ts';
import { openSite, type Site } from '../chaos/site/site.ts';
import { checkWorkers } from '../../workers/doctor/check-workers.ts';
import { autoheal } from '../client/program.ts';
import { breakContainer, exited, heal, restartsOf, until } from '../faults/reports.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite({ workers: 2, prepare: quickPlaybooks, lab: { estate: { limits: wideLimits } } });
});
afterAll(() => site?.close());

interface Finding {
  part: string;
  state: string;
  detail: string;
}

/** What doctor says of the estate file and of each worker. */
async function doctor(): Promise<Finding[]> {
  const ran = await autoheal(['doctor', '--json'], { env: { ...site.environment } });
  const { findings } = ran.json<{ findings: Finding[] }>();
  return findings.filter(({ part }) => part === 'estate' || part.startsWith('worker'));
}

const edit = async (path: string[], value: unknown): Promise<void> => {
  const document = parseDocument(await readFile(site.lab.estateFile, 'utf8'));
  document.setIn(path, document.createNode(value));
  await writeFile(site.lab.estateFile, document.toString());
};

const inForceEverywhere = (): Promise<void> =>
  until('every worker goes by the file', async () => {
    const findings = await doctor();
    return findings.length === 3 && findings.every(({ state }) => state === 'ok');
  });

it('what a person protects is not touched from then on, without a restart of any worker', async () => {
  await breakContainer(site.lab, 'momo-web');
  await edit(['protected'], ['momo-web']);
  const result = await heal(site, exited('momo-web'));
  expect(result.actionType).not.toBe('DOCKER_RESTART');
  expect(restartsOf(site.lab, 'momo-web')).toBe(0);
});

it('a target gets another name and is healed by it, and doctor sees every worker go by the file', async () => {
  await edit(['targets', 'momo-scheduler', 'aliases'], ['night-shift']);
  await inForceEverywhere();
  await breakContainer(site.lab, 'momo-scheduler');
  const result = await heal(site, exited('night-shift'));
  expect(result).toMatchObject({ status: 'resolved', actionType: 'DOCKER_RESTART' });
  expect(restartsOf(site.lab, 'momo-scheduler')).toBe(1);
});

it('a file that is wrong changes nothing, and doctor says so of every worker', async () => {
  const good = await readFile(site.lab.estateFile, 'utf8');
  await writeFile(site.lab.estateFile, `${good}hostz: {}\n`);
  await until('each worker has said that the file is wrong', () =>
    site.workers.every((worker) => worker.log().includes('hostz: unknown key')),
  );
  const findings = await doctor();
  expect(findings).toHaveLength(3);
  for (const { state, detail } of findings) {
    expect(state).toBe('fail');
    expect(detail).toContain('hostz: unknown key');
  }
  await breakContainer(site.lab, 'momo-worker');
  expect(await heal(site, exited('momo-worker'))).toMatchObject({ status: 'resolved' });
  await writeFile(site.lab.estateFile, good);
  await inForceEverywhere();
});

it('doctor sees that no worker has polled lately, although Temporal still lists one', async () => {
  await Promise.all(site.workers.map((worker) => worker.kill()));
  const [, worker] = await doctor();
  // Within the time of a long poll nobody can know; what is known is that it does not answer.
  expect(worker?.state).toBe('warn');
  expect(worker?.detail).toMatch(/polled autoheal \d+ s ago, and does not say what it goes by/);
  const [later] = await checkWorkers(site.client, site.taskQueue, site.lab.estateFile, 1);
  expect(later).toMatchObject({ part: 'worker', state: 'fail' });
  expect(later?.detail).toMatch(/^nobody polls autoheal; the last to do so: .* s ago/);
});
