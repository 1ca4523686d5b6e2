import { join } from 'node:path';
import { execa } from 'execa';
import { nodeOfLine, otherNodeLines } from './node-versions.ts';

/** `npm run test:nodes`: the fast tests on each other release line of Node that AutoHeal promises to run on. */
const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');

for (const line of otherNodeLines) {
  const node = await nodeOfLine(line);
  const { stdout: version } = await execa(node, ['--version']);
  process.stdout.write(`The fast tests on Node ${version}\n`);
  const { exitCode } = await execa(node, [vitest, 'run', '--project', 'fast', '--reporter=dot'], {
    stdio: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) process.exit(exitCode ?? 1);
}
