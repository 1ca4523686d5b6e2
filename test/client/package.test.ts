import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOfLine, otherNodeLines } from '../support/node-versions.ts';
import { openWorld, type World } from '../support/world.ts';

/** The package as a stranger gets it: packed, and installed into a project that knows nothing of this repository. */

const root = join(import.meta.dirname, '..', '..');
let world: World;
let foreign: string;
beforeAll(async () => {
  world = await openWorld();
  foreign = await mkdtemp(join(tmpdir(), 'autoheal-caller-'));
  await execa('npm', ['pack', '--workspace', 'packages/client', '--pack-destination', foreign], {
    cwd: root,
  });
  const packed = (await readdir(foreign)).find((name) => name.endsWith('.tgz')) ?? '';
  await write('package.json', JSON.stringify({ name: 'caller', type: 'module', private: true }));
  await install(`./${packed}`);
}, 300_000);
afterAll(async () => {
  await world.close();
  await rm(foreign, { recursive: true, force: true });
});

const write = (name: string, text: string): Promise<void> => writeFile(join(foreign, name), text);
const install = (...packages: string[]) =>
  execa('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: foreign });

describe('@autoheal/client, installed into a foreign project', () => {
  it('weighs less than 40 MB with all that it needs', async () => {
    expect(await bytesBelow(join(foreign, 'node_modules'))).toBeLessThan(40_000_000);
  });

  it('passes the strictest type check of a TypeScript caller', async () => {
    await install('typescript@6.0', '@types/node@20');
    await write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
          types: ['node'],
        },
        include: ['caller.ts'],
      }),
    );
    await write('caller.ts', callerInTypeScript);
    const checked = await execa(join(foreign, 'node_modules/.bin/tsc'), [], { cwd: foreign, reject: false });
    expect(checked.stdout).toBe('');
    expect(checked.exitCode).toBe(0);
    await write(
      'wrong.ts',
      "import { withAutoHeal } from '@autoheal/client';\nawait withAutoHeal(5, () => 1);\n",
    );
    const wrong = await execa(
      join(foreign, 'node_modules/.bin/tsc'),
      [
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--ignoreConfig',
        'wrong.ts',
      ],
      { cwd: foreign, reject: false },
    );
    expect(wrong.stdout).toContain("'number' is not assignable to parameter of type 'string'");
  });

  it.each(['this', ...otherNodeLines] as const)('reports and gets its verdict on Node %s', async (line) => {
    const node = line === 'this' ? process.execPath : await nodeOfLine(line);
    await write('caller.js', callerInJavaScript);
    const home = join(foreign, `home-${line}`);
    await mkdir(home);
    const ran = await execa(node, ['caller.js', `a failure nobody knows on ${line}`], {
      cwd: foreign,
      extendEnv: false,
      env: {
        TEMPORAL_ADDRESS: world.config.TEMPORAL_ADDRESS ?? '',
        TEMPORAL_NAMESPACE: world.namespace,
        AUTOHEAL_TASK_QUEUE: world.taskQueue,
        AUTOHEAL_HOME: home,
      },
    });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      delivered: true,
      verdict: { kind: 'give_up' },
      result: { status: 'alerted' },
      own: 'the task’s own words',
    });
  });
});

const callerInJavaScript = `import { createAutoHeal } from '@autoheal/client';
const autoHeal = createAutoHeal();
const handed = await autoHeal.handleException(new Error(process.argv[2]), { task: 'nightly' }, { waitForVerdictMs: 60000 });
const own = await autoHeal
  .withAutoHeal('nightly', () => { throw new Error('the task’s own words'); }, { maxRuns: 1 })
  .catch((error) => error.message);
await autoHeal.close();
console.log(JSON.stringify({ ...handed, own }));
`;

const callerInTypeScript = `import {
  createAutoHeal,
  DeliveryProblem,
  handleException,
  reportException,
  requestAction,
  withAutoHeal,
  type HandedOver,
  type HealResult,
  type Verdict,
} from '@autoheal/client';

const rows: number = await withAutoHeal('run_auto_import_task', async (attempt) => attempt * 2, {
  target: 'momo-scheduler',
  onReported: ({ incidentId, verdict }) => console.log(incidentId ?? 'nowhere', verdict?.kind),
});
const handed: HandedOver = await handleException(new Error('x'), { task: 't' }, { waitForVerdictMs: 1000 });
const verdict: Verdict | undefined = handed.verdict;
const result: HealResult | undefined = handed.result;
try {
  const { incidentId, joined } = await reportException('words', { severity: 'P1', labels: { a: 'b' } });
  await requestAction({ source: 'api', type: 'DOCKER_RESTART', target: 'momo-web', reason: incidentId });
  console.log(joined, rows, verdict?.at, result?.status);
} catch (error) {
  if (error instanceof DeliveryProblem && error.code === 'TEMPORAL_AWAY') console.log(error.retryAfterSec);
}
await createAutoHeal({ address: '127.0.0.1:7233' }).close();
`;

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
