import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const documents = files.filter((path) => path.endsWith('.md'));
const sources = files.filter(
  (path) => /\.(ts|js|cjs|mjs|sh|sql|ya?ml)$|autoheal-gate$/.test(path) && !path.startsWith('test/docs/'),
);

/** The headings of a document, as they read and as GitHub addresses them. */
const headings = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title]) => (title ?? '').replaceAll('`', ''));
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** The numbers in the first column of a document's tables, or of its lists. */
const numbersIn = (path: string, line: RegExp): Set<string> =>
  new Set([...read(path).matchAll(line)].map(([, number]) => number ?? ''));

interface Citation {
  where: string;
  what: string;
  isThere: boolean;
}

function citations(pattern: RegExp, judge: (match: RegExpMatchArray) => boolean): Citation[] {
  return [...documents, ...sources].flatMap((path) =>
    [...read(path).matchAll(pattern)].map((match) => ({
      where: path,
      what: match[0],
      isThere: judge(match),
    })),
  );
}

const missing = (found: Citation[]): string[] =>
  found.filter(({ isThere }) => !isThere).map(({ where, what }) => `${where}: ${what}`);

describe('what is cited is there', () => {
  it('documents by name', () => {
    const found = citations(/(?<![\w/.-])([a-z][a-z0-9-]*)\.md\b/g, ([, name]) =>
      [`docs/${name}.md`, `${name}.md`, `config.example/${name}.md`].some((path) =>
        existsSync(join(root, path)),
      ),
    );
    expect(found.length).toBeGreaterThan(20);
    expect(missing(found)).toEqual([]);
  });

  it('chapters of documents', () => {
    const found = citations(/\b([a-z-]+)\.md, ([A-Z][a-z]+(?: [a-z]+)*)/g, ([, name, chapter]) =>
      headings(`docs/${name}.md`).some((title) => title.startsWith(chapter ?? '')),
    );
    expect(found.length).toBeGreaterThan(4);
    expect(missing(found)).toEqual([]);
  });

  it('rules of ADR-013', () => {
    const rules = numbersIn('docs/adr-013.md', /^\| (A\d+) /gm);
    expect(rules.size).toBe(16);
    const found = citations(/ADR-013 (A\d+)/g, ([, rule]) => rules.has(rule ?? ''));
    expect(found.length).toBeGreaterThan(20);
    expect(missing(found)).toEqual([]);
  });

  it('rules of the decision table', () => {
    const rules = numbersIn('docs/loop.md', /^\| (\d+) +\|/gm);
    expect(rules.size).toBeGreaterThanOrEqual(12);
    const found = citations(/\b[Rr]ules? (\d+)\b/g, ([, rule]) => rules.has(rule ?? ''));
    expect(missing(found)).toEqual([]);
  });

  it('invariants', () => {
    const chapter = read('docs/architecture.md').split('## Invariants')[1]?.split('\n## ')[0] ?? '';
    const numbers = new Set([...chapter.matchAll(/^(\d+)\. /gm)].map(([, number]) => number));
    expect(numbers.size).toBe(10);
    expect(missing(citations(/\b[Ii]nvariant (\d+)/g, ([, number]) => numbers.has(number)))).toEqual([]);
  });

  it('decisions', () => {
    const numbers = numbersIn('docs/decisions.md', /^#+ (\d+)[.:]? /gm);
    expect(numbers.size).toBeGreaterThan(15);
    expect(missing(citations(/\bdecisions? (\d+)\b/g, ([, number]) => numbers.has(number ?? '')))).toEqual(
      [],
    );
  });

  it('links between documents, with their anchors', () => {
    const found = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
        ([what, to, at]) => {
          const target = to === '' || to === undefined ? path : normalize(join(dirname(path), to));
          const isFile = existsSync(join(root, target));
          const hasAnchor = at === undefined || headings(target).some((title) => anchor(title) === at);
          return { where: path, what, isThere: isFile && hasAnchor };
        },
      ),
    );
    expect(found.length).toBeGreaterThan(20);
    expect(missing(found)).toEqual([]);
  });

  it('files and folders that documents name', () => {
    const rooms =
      'domain|workflows|activities|client|workers|settings|lab|migrations|playbooks|deploy|test|packages|docs';
    const found = documents.flatMap((path) =>
      [...read(path).matchAll(new RegExp(`\`((?:${rooms})/[\\w./-]*)\``, 'g'))].map(([what, to]) => ({
        where: path,
        what,
        isThere: existsSync(join(root, to ?? '')),
      })),
    );
    expect(found.length).toBeGreaterThan(10);
    expect(missing(found)).toEqual([]);
  });
});
