import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workflowBundle } from '../../workers/workflow-bundle.ts';

it('carries no schema library: it would be built anew, and kept, for each run', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ah-bundle-'));
  try {
    const bundle = await workflowBundle(dir);
    const code = 'code' in bundle ? bundle.code : '';
    expect(code).toContain('HealWorkflow');
    expect(code).not.toMatch(/node_modules\/(zod|re2js)\//);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}, 30_000);
