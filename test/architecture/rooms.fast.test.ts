import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readText } from './repository-file.ts';

const root = join(import.meta.dirname, '..', '..');

/** How an import is written: the table allows some rooms by their types only, or when they are called only. */
type Way = 'import' | 'type' | 'call';
const ways: Way[] = ['import', 'type', 'call'];

/** The second table of docs/architecture.md, Rooms: what each room may import, and how. */
function readTable(): Map<string, Map<string, Way[]>> {
  const chapter = readText('docs/architecture.md').split('may import, itself apart')[1] ?? '';
  const rows = [...(chapter.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)\/` +\| (.+?) *\|$/gm)];
  return new Map(rows.map(([, room = '', cell = '']) => [room, new Map(cell.split(', ').map(readItem))]));
}

function readItem(item: string): [string, Way[]] {
  const name = (/`([^`]+?)\/?`/.exec(item)?.[1] ?? item).trim();
  if (item.startsWith('types of')) return [name, ['type']];
  return [name, item.endsWith('when called') ? ['call'] : ways];
}

const table = readTable();
const rooms = [...table.keys(), 'workers', 'test'];
const libraries = [...new Set([...table.values()].flatMap((row) => [...row.keys()]))].filter(
  (name) => !rooms.includes(name) && !name.endsWith('.ts'),
);
const onlyInWorkers = ['@temporalio/worker', 'hono', 'pino', 'prom-client'];

interface Planted {
  file: string;
  from: string;
  to: string;
  way: Way;
  isAllowed: boolean;
}

const statement: Record<Way, (specifier: string) => string> = {
  import: (specifier) => `import * as found from '${specifier}';\nexport default found;\n`,
  type: (specifier) => `import type * as found from '${specifier}';\nexport type Found = typeof found;\n`,
  call: (specifier) => `export const found = () => import('${specifier}');\n`,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autoheal-rooms-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  write('tsconfig.json', readText('tsconfig.json'));
  for (const room of [...rooms, 'activities/gateways/other'])
    write(`${room}/target.ts`, 'export const target = 1;\n');
  write('workflows/messages.ts', 'export const target = 1;\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

it('every import that the table of rooms does not allow is refused, and every other one taken', async () => {
  expect(rooms.length).toBeGreaterThan(15);
  const planted: Planted[] = [];
  const plant = (from: string, to: string, specifier: string, way: Way, isAllowed: boolean): void => {
    const file = `${from}/planted-${planted.length}.ts`;
    write(file, statement[way](specifier));
    planted.push({ file, from, to, way, isAllowed });
  };
  for (const [from, may] of table) {
    const up = from
      .split('/')
      .map(() => '..')
      .join('/');
    for (const way of ways) {
      for (const to of [...rooms, 'activities/gateways/other'].filter((room) => room !== from))
        plant(from, to, `${up}/${to}/target.ts`, way, may.get(to)?.includes(way) ?? false);
      for (const to of [...libraries, ...onlyInWorkers])
        plant(from, to, to, way, may.get(to)?.includes(way) ?? false);
    }
  }
  const { stdout } = await execa(
    join(root, 'node_modules/.bin/depcruise'),
    ['--config', join(root, '.dependency-cruiser.cjs'), '-T', 'json', '.'],
    { cwd: folder, reject: false, maxBuffer: 100_000_000 },
  );
  const { violations } = (
    JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } }
  ).summary;
  const refused = new Set(
    violations.filter(({ rule }) => rule.name !== 'no-circular').map(({ from }) => from),
  );
  const wrong = planted
    .filter(({ file, isAllowed }) => refused.has(file) === isAllowed)
    .map(({ from, to, way, isAllowed }) => `${from} → ${to} (${way}) is ${isAllowed ? 'refused' : 'taken'}`);
  expect(planted.length).toBeGreaterThan(1000);
  expect(wrong).toEqual([]);
});
