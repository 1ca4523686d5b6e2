import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { failureConverterPath } from '../client/payload-codec.ts';

const root = join(import.meta.dirname, '..');
const version = (createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string })
  .version;

/** One for workers that read payloads as they are, one for workers with a codec key. */
export const bundleKinds = ['workflows', 'encrypted-workflows'] as const;
export type BundleKind = (typeof bundleKinds)[number];

/** Where a production build holds its bundles, relative to the program's root. */
export const shippedBundle = (kind: BundleKind): string => `workflow-bundles/${kind}.js`;

/**
 * The workflow code as one bundle: the one that a production build brings, else one that is made once for each
 * state of the sources and kept in the cache. @param dataConverter the worker's own, where it has one
 * @returns what a Worker takes as `workflowBundle`
 */
export async function workflowBundle(
  cacheDir: string,
  dataConverter?: DataConverter,
): Promise<WorkflowBundle> {
  const kind = dataConverter?.failureConverterPath === undefined ? 'workflows' : 'encrypted-workflows';
  const shipped = await textOf(join(root, shippedBundle(kind)));
  if (shipped !== null) return { code: shipped };
  const file = join(cacheDir, `${kind}-${await sourcesHash()}.js`);
  const cached = await textOf(file);
  if (cached !== null) return { code: cached };
  const code = await makeWorkflowBundle(kind);
  await mkdir(cacheDir, { recursive: true });
  const scratch = `${file}.${process.pid}`;
  await writeFile(scratch, code);
  await rename(scratch, file);
  return { code };
}

const textOf = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);

/** Bundles the workflow code. @throws Error with webpack's own words: which file imports what it may not */
export async function makeWorkflowBundle(kind: BundleKind): Promise<string> {
  const errors: string[] = [];
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', 'index.ts'),
    ...(kind === 'workflows' ? {} : { failureConverterPath }),
    // Quiet unless it fails.
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
  return bundle.code;
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
