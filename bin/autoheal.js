#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The sources are TypeScript, run as they are; nothing is built.
register();
// A reader that has seen enough (`| head`) is no failure of ours, nor of a command that we run.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const { main } = await import('../client/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
// Whatever still holds the process (a connection that won't close) must not hold up a script.
globalThis.setTimeout(() => process.exit(), 3000).unref();
