import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { writeFileAtomically } from '../activities/gateways/atomic-file.ts';

const root = join(import.meta.dirname, '..');
const version = (createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string })
  .version;

/**
 * The workflow code as one bundle, made once for each state of the sources and kept in the cache: a worker's start
 * costs a file read then. @param dataConverter the worker's own, where it has one
 * @returns what a Worker takes as `workflowBundle`
 */
export async function workflowBundle(
  cacheDir: string,
  dataConverter?: DataConverter,
): Promise<WorkflowBundle> {
  const failureConverterPath = dataConverter?.failureConverterPath;
  const kind = failureConverterPath === undefined ? 'workflows' : 'encrypted-workflows';
  const file = join(cacheDir, `${kind}-${await sourcesHash()}.js`);
  const cached = await readFile(file, 'utf8').catch(() => null);
  if (cached !== null) return { code: cached };
  const errors: string[] = [];
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', 'index.ts'),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    // Quiet unless it fails: then webpack's own words say which file imports what it may not.
    logger: {
      trace() {},
      debug() {},
      info() {},
      warn() {},
      error: (message) => void errors.push(message),
      log() {},
    },
  }).catch((error: unknown) => {
    throw new Error(`The workflow code could not be bundled. ${errors.join('\n').slice(-4000)}`, {
      cause: error,
    });
  });
  await writeFileAtomically(file, bundle.code);
  return bundle;
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256').update(version);
  for (const room of ['domain', 'workflows']) {
    const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}
