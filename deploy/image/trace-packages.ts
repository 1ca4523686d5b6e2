import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The folders of the given packages and of all that they depend on, relative to `root`, found as Node finds them.
 * @param leaveOut names that are not followed
 * @throws Error when a package that is no optional one is not installed
 */
export function tracePackages(
  root: string,
  names: Iterable<string>,
  leaveOut: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const follow = (name: string, from: string, optional: boolean): void => {
    if (leaveOut.has(name)) return;
    const folder = installed(root, name, from);
    if (folder === null) {
      if (optional) return;
      throw new Error(
        `${relative(root, from) || 'package.json'} needs ${name}, which is not installed. Run npm ci.`,
      );
    }
    const path = relative(root, folder);
    if (found.has(path)) return;
    found.add(path);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
    for (const each of Object.keys(dependencies)) follow(each, folder, each in optionalDependencies);
    for (const each of Object.keys({ ...optionalDependencies, ...peerDependencies }))
      follow(each, folder, true);
  };
  for (const name of names) follow(name, root, false);
  return found;
}

interface Manifest {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

function installed(root: string, name: string, from: string): string | null {
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return null;
}
