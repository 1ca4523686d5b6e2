import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

/** Every file of the work tree that is not ignored by git, as a checkout has them. */
export const checkoutFiles = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((path) => path !== '' && readable(path));

/** The paths that `docker build` hands over, by the rules of .dockerignore: the last rule that matches decides. */
export function contextOf(paths: readonly string[]): string[] {
  const rules = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!?\/?/, '')) }));
  return paths.filter((path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps ?? true);
}

/** A pattern stands for a file, or for a folder with all in it; `*` stays in its folder, `**` doesn't. */
function patternOf(rule: string): RegExp {
  const body = rule
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${body}(?:/.*)?$`);
}

/** Makes the build context in `dir`, and what the image holds in `out`, by the Dockerfile's own command. */
export function assembleImage(dir: string, out: string): SpawnSyncReturns<string> {
  for (const path of contextOf(checkoutFiles())) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    cpSync(join(root, path), join(dir, path));
  }
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  const command = /^RUN (node_modules\/\.bin\/tsx .*) \/out$/m.exec(
    readFileSync(join(root, 'Dockerfile'), 'utf8'),
  );
  const [program, ...args] = (command?.[1] ?? 'false').split(' ');
  return spawnSync(program ?? 'false', [...args, out], { cwd: dir, encoding: 'utf8' });
}

function readable(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false;
  }
}
