import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleKinds, makeWorkflowBundle, shippedBundle } from '../../workers/workflow-bundle.ts';
import { tracePackages } from './trace-packages.ts';
import { traceSources } from './trace-sources.ts';

/**
 * Puts together what a production installation runs: the sources compiled, the workflow code bundled, and of
 * node_modules what they import, for this platform. Run where `npm ci` has been run:
 *
 *   tsx deploy/image/assemble.ts FOLDER
 */

const root = resolve(import.meta.dirname, '..', '..');

/** Bring up the embedded parts, which have a place in the source tree only. */
const embeddedOnly = new Set(['workers/up.ts', 'workers/demo.ts']);
/** Read by their place rather than imported. */
const folders = ['migrations', 'playbooks', 'deploy/docker'];
const files = ['bin/autoheal.js', 'package.json', 'LICENSE'];

/**
 * The SDK's worker loads its bundler when it is loaded itself. The workflow code comes bundled, so these are never
 * called: an empty package takes the place of those that are loaded at once, the others are left out.
 */
const bundlers = {
  loadedAtOnce: ['webpack', 'memfs', 'unionfs'],
  others: ['@swc/core', 'swc-loader', 'source-map-loader'],
};
/** What no program reads: types, maps of sources, and the sources that they point to. */
const unread = /\.(d\.[cm]?ts|[cm]?ts|map|md|flow)$/;

const { positionals } = parseArgs({ allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write('usage: tsx deploy/image/assemble.ts FOLDER\n');
  process.exit(2);
}
const out = resolve(folder);
if (existsSync(out) && readdirSync(out).length > 0) {
  process.stderr.write(`${out} is not empty. Give a new folder.\n`);
  process.exit(1);
}

const sources = traceSources(root, ['client/cli/main.ts'], embeddedOnly);
for (const [path, code] of sources.compiled) write(path, code);
for (const path of [...sources.assets, ...folders, ...files]) copy(path);
const leaveOut = new Set([...bundlers.loadedAtOnce, ...bundlers.others]);
for (const path of tracePackages(root, sources.packages, leaveOut)) copyPackage(path);
for (const name of bundlers.loadedAtOnce) {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
  write(`node_modules/${name}/index.js`, '// Not needed here: the workflow code comes bundled.\n');
}
keepOwnPlatform(join(out, 'node_modules/@temporalio/core-bridge/releases'));
for (const kind of bundleKinds) write(shippedBundle(kind), await makeWorkflowBundle(kind));
process.stderr.write(
  `${sources.compiled.size} modules, ${sources.packages.size} packages imported: ${out}\n`,
);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

function copy(path: string): void {
  cpSync(join(root, path), join(out, path), { recursive: true });
}

/** Without the packages that it holds in turn: those are found, and copied, by themselves. */
function copyPackage(path: string): void {
  const own = join(root, path);
  const nested = join(own, 'node_modules');
  cpSync(own, join(out, path), {
    recursive: true,
    dereference: true,
    filter: (file) => file !== nested && !unread.test(file),
  });
}

function keepOwnPlatform(releases: string): void {
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const own = readdirSync(releases).filter((name) => name.startsWith(cpu) && name.includes(process.platform));
  if (own.length === 0)
    throw new Error(`Temporal's SDK has no binary for ${process.platform} on ${process.arch}`);
  for (const name of readdirSync(releases))
    if (!own.includes(name)) rmSync(join(releases, name), { recursive: true });
}
