import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type * as Playbook from '../../domain/playbook/playbook.ts';
import type * as Candidate from '../../domain/matching/candidate.ts';
import type * as Decide from '../../domain/incident/decide.ts';
import type * as Outlook from '../../domain/incident/outlook.ts';
import type * as Action from '../../domain/policy/action.ts';
import type * as Lint from '../../domain/playbook/lint.ts';
import type * as Actions from '../../domain/vocabulary/actions.ts';
import type * as EstateFile from '../../domain/estate.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** A trial: what a further type of action takes is a row, a file, and two lines that the compiler asks for. */

const root = join(import.meta.dirname, '..', '..');
let copy: string;

beforeAll(async () => {
  await mkdir(join(root, '.autoheal'), { recursive: true });
  copy = await mkdtemp(join(root, '.autoheal', 'trial-'));
  for (const room of ['domain', 'workflows', 'activities', 'files'])
    await cp(join(root, room), join(copy, room), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await writeFile(
    join(copy, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['domain', 'workflows'], exclude: [] }),
  );
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

async function insert(file: string, before: string, text: string): Promise<void> {
  const path = join(copy, file);
  const code = await readFile(path, 'utf8');
  expect(code).toContain(before);
  await writeFile(path, code.replace(before, `${text}\n${before}`));
}

/** The files of which the compiler says that something is missing. */
async function filesWithErrors(): Promise<string[]> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', 'tsc.info'];
  const { stdout } = await execa(process.execPath, [tsc, ...options], { cwd: copy, reject: false });
  const named = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file ?? '');
  return [...new Set(named)].sort();
}

const executor = 'workflows/heal/execute-decision.ts';
const words = 'workflows/heal/dry-run.ts';

it('the compiler names every other place that a new row needs, and no more', async () => {
  await insert(
    'domain/vocabulary/actions.ts',
    '  SSH_CMD: {',
    `  DOCKER_START: {
    decision: 'start',
    rule: 12,
    status: 'acting',
    needs: 'container',
    hasSideEffect: true,
    cures: true,
    ofPlaybooks: true,
  },`,
  );
  await writeFile(
    join(copy, 'workflows/heal/actions/start.ts'),
    `import type { ActionDecision } from '../../../domain/incident/decide.ts';
import { resolved, type Outcome } from '../../../domain/incident/outcome.ts';
import type { Incident } from '../incident.ts';
import { passGuard } from '../guard.ts';

export async function start(incident: Incident, { playbook, place }: ActionDecision<'start'>): Promise<Outcome> {
  const { stopped } = await passGuard(incident, playbook, place, { sideEffect: true });
  return stopped ?? resolved('started');
}
`,
  );
  expect(await filesWithErrors()).toEqual([words, executor]);

  await insert(executor, "    case 'restart':", "    case 'start':\n      return start(incident, decision);");
});

it('then every rule of the loop holds for it: playbook, protection, request, lint, grades, dry run', async () => {
  const load = <T>(file: string): Promise<T> => import(join(copy, file)) as Promise<T>;
  const { playbookSchema } = await load<typeof Playbook>('domain/playbook/playbook.ts');
  const { checkCandidate } = await load<typeof Candidate>('domain/matching/candidate.ts');
  const { decide } = await load<typeof Decide>('domain/incident/decide.ts');
  const { outlookOf } = await load<typeof Outlook>('domain/incident/outlook.ts');
  const { authoriseAction } = await load<typeof Action>('domain/policy/action.ts');
  const { lintPlaybooks } = await load<typeof Lint>('domain/playbook/lint.ts');
  const { curingActions } = await load<typeof Actions>('domain/vocabulary/actions.ts');
  const { estateSchema } = await load<typeof EstateFile>('domain/estate.ts');
  const host = { address: '192.0.2.188', user: 'ollama', identityFile: 'k', knownHostsFile: 'h' };
  const estate = estateSchema.parse({ hosts: { h: host }, targets: { web: { host: 'h' } } });
  const playbook = playbookSchema.parse({
    ...{ name: 'start-it', errorType: 'CONTAINER_EXITED', actionType: 'DOCKER_START' },
  });

  const decisionFor = (target: string) => {
    const place = { host: 'h', target, container: target };
    const incident = { estate, errorType: 'CONTAINER_EXITED', facts: {}, place, namedHost: 'h' };
    const candidate = checkCandidate(playbook, { ...incident, namedTarget: target });
    return decide({ pauses: [], requested: null, candidates: [candidate], unknown: false });
  };
  expect(decisionFor('web')).toMatchObject({ kind: 'start', rule: 12 });
  expect(decisionFor('momo-db')).toMatchObject({ rule: 5, refused: { rule: 'protected-name' } });
  expect(decisionFor('nobody')).toMatchObject({ kind: 'refuse', rule: 3 });

  expect(outlookOf(decisionFor('web').kind)).toEqual({ status: 'acting', actionType: 'DOCKER_START' });
  expect(authoriseAction({ type: 'DOCKER_START', target: 'web' }, { estate })).toMatchObject({ ok: true });
  expect(authoriseAction({ type: 'DOCKER_START', target: 'momo-db' }, { estate })).toMatchObject({
    ok: false,
  });
  const own = { ...playbook, actionParams: { ...playbook.actionParams, target: 'momo-db' } };
  expect(lintPlaybooks([own], { errorTypes: new Set(['CONTAINER_EXITED']), estate })).toHaveLength(1);
  expect(curingActions).toContain('DOCKER_START');
});
