import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** What programs are made of, found by following what they import. */
export interface TracedSources {
  /** Compiled text by its path below the root, with `.js` for `.ts`. */
  compiled: Map<string, string>;
  /** Files that code names by `new URL(…, import.meta.url)` or requires, taken as they are. */
  assets: Set<string>;
  /** Names of the packages that are imported. */
  packages: Set<string>;
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/**
 * Compiles the given files and everything that they import, statically or with `import('…')`.
 * @param entries paths below `root`
 * @param leaveOut paths below `root` that are not followed: what only they need is not taken
 * @throws Error naming the importing file when an imported file is not there
 */
export function traceSources(
  root: string,
  entries: readonly string[],
  leaveOut: ReadonlySet<string>,
): TracedSources {
  const traced: TracedSources = { compiled: new Map(), assets: new Set(), packages: new Set() };
  const seen = new Set<string>();
  const follow = (path: string, from: string): void => {
    if (seen.has(path) || leaveOut.has(path)) return;
    seen.add(path);
    const file = join(root, path);
    if (!existsSync(file)) {
      throw new Error(
        `${from} imports ${path}, which is not there. Let it into the build context: .dockerignore.`,
      );
    }
    if (!path.endsWith('.ts')) {
      traced.assets.add(path);
      if (!/\.(c|m)?js$/.test(path)) return;
    }
    const text = readFileSync(file, 'utf8');
    const code = path.endsWith('.ts') ? compile(path, text) : text;
    if (path.endsWith('.ts')) traced.compiled.set(path.replace(/\.ts$/, '.js'), code);
    for (const specifier of specifiersOf(code)) {
      if (specifier.startsWith('.')) follow(sourceOf(root, path, specifier), path);
      else if (!specifier.startsWith('node:')) traced.packages.add(packageOf(specifier));
    }
  };
  for (const entry of entries) follow(entry, 'the list of entries');
  return traced;
}

function compile(path: string, text: string): string {
  return ts.transpileModule(text, { compilerOptions, fileName: path }).outputText;
}

function specifiersOf(code: string): string[] {
  const imported = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  const named = [...code.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].map(([, file]) => `./${file}`);
  return [...imported, ...named];
}

/** The source that a compiled specifier stands for. */
function sourceOf(root: string, from: string, specifier: string): string {
  const path = relative(root, join(root, dirname(from), specifier));
  const source = path.replace(/\.js$/, '.ts');
  return existsSync(join(root, source)) || !existsSync(join(root, path)) ? source : path;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
