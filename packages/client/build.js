import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// One file that holds all but Temporal's client, so that a caller installs nothing else. Beside it stands what is read
// at run time: the rules by which a failure is told from another, and what the SDK loads where payloads are encrypted.
await rm(here('dist'), { recursive: true, force: true });
await rm(here('playbooks'), { recursive: true, force: true });
await build({
  entryPoints: [here('src/index.ts')],
  outfile: here('dist/index.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['@temporalio/client', '@temporalio/common', '@temporalio/proto'],
  banner: {
    js: "import { createRequire as autohealRequire } from 'node:module'; const require = autohealRequire(import.meta.url);",
  },
  legalComments: 'inline',
  logLevel: 'warning',
});
await cp(here('../../client/encoded-failures.cjs'), here('dist/encoded-failures.cjs'));
await cp(here('../../playbooks'), here('playbooks'), { recursive: true });
await cp(here('../../LICENSE'), here('LICENSE'));
