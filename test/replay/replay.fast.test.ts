import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { cacheDir } from '../support/cache-dir.ts';
import { readStored } from './store.ts';

const root = join(import.meta.dirname, '..', '..');
const stored = readStored();
let bundle: WorkflowBundle;
beforeAll(async () => {
  bundle = await workflowBundle(cacheDir);
});

const replay = (code: WorkflowBundle, { workflowId, history }: (typeof stored)[number]): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: code }, history, workflowId);

describe('an open incident of an earlier version goes on with this code', () => {
  it('there is a stored history of each way a heal can end, and of each fault that one can live through', () => {
    expect(stored.length).toBeGreaterThanOrEqual(30);
  });

  it.each(stored)('$name', async (one) => {
    await replay(bundle, one);
  });
});

describe('a change that would break open incidents', () => {
  it('fails the replay: watching before acting', async () => {
    const copy = await mkdtemp(join(root, '.autoheal', 'broken-'));
    try {
      for (const room of ['domain', 'workflows', 'activities'])
        await cp(join(root, room), join(copy, room), { recursive: true });
      await writeFile(join(copy, 'package.json'), '{"type":"module"}');
      await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
      const file = join(copy, 'workflows', 'heal', 'actions', 'restart-attempt.ts');
      const code = await readFile(file, 'utf8');
      const changed = code.replace(
        '  incident.apply(firing);\n',
        '  incident.apply(firing);\n  await sleep(1000);\n',
      );
      expect(changed).not.toBe(code);
      await writeFile(file, changed);
      const broken = await bundleWorkflowCode({ workflowsPath: join(copy, 'workflows', 'index.ts') });
      const restarted = stored.find(({ name }) => name === 'resolved-by-restart');
      if (restarted === undefined) throw new Error('there is no history of a restart');
      await expect(replay(broken, restarted)).rejects.toThrow(/[Nn]ondeterminism/);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
