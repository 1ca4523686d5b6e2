#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The sources are TypeScript, run as they are; a production build (deploy/image) holds them compiled.
const sources = new URL('../client/cli/main.ts', import.meta.url);
const compiled = new URL('../client/cli/main.js', import.meta.url);
const fromSources = existsSync(sources);
if (fromSources) (await import('tsx/esm/api')).register();
// A reader that has seen enough (`| head`) is no failure of ours, nor of a command that we run.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const { main } = await import(fromSources ? sources : compiled);
process.exitCode = await main(process.argv.slice(2));
// Whatever still holds the process (a connection that won't close) must not hold up a script.
globalThis.setTimeout(() => process.exit(), 3000).unref();
