import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDir } from './cache-dir.ts';

/** The release lines of Node that AutoHeal promises to run on, beside the one that runs the tests. */
export const otherNodeLines = ['22', '24'] as const;

/** The `node` program of a release line, brought by npm's package `node` and kept between test runs. */
export async function nodeOfLine(line: (typeof otherNodeLines)[number]): Promise<string> {
  const folder = join(cacheDir, `node-${line}`);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(folder, { recursive: true });
    // Its install script only puts the binary of this platform in place.
    await execa('npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      `node@${line}`,
    ]);
  }
  return program;
}
