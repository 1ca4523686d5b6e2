import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);

/** A file of the repository, by its path from the root. */
export const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The same as YAML, with merge keys (`<<`) as Compose understands them. */
export const readYaml = (path: string): unknown => parse(readText(path), { merge: true, logLevel: 'error' });
