import type { z } from 'zod';
import { shown } from '../../domain/policy/refusal.ts';
import type { Database, Row } from '../gateways/postgres/database.ts';
import type { SnapshotStore } from '../../files/snapshots.ts';
import type { Breaker } from './breaker.ts';

export type CatalogueSource = 'database' | 'snapshot' | 'seeds';

export interface Shelved<T> {
  items: T[];
  source: CatalogueSource;
  /** Rows that were left out, and why the database was not the source, a sentence each. */
  problems: string[];
}

export interface ShelfOptions<T> {
  /** Names the snapshot, and the rows in problems. */
  name: string;
  sql: string;
  schema: z.ZodType<T>;
  /** Brings a row's columns into the schema's shape. */
  fromRow: (row: Row) => unknown;
  /** Ship with the program: the last resort. */
  seeds: readonly T[];
  database: Database;
  snapshots: SnapshotStore;
  breaker: Breaker;
}

/**
 * One list of the catalogue: from the database, else the last good snapshot on disk, else the seeds. It never
 * throws. Reads that come while one is under way share it, so that a storm of heals asks once.
 */
export function createShelf<T>(options: ShelfOptions<T>): () => Promise<Shelved<T>> {
  let underWay: Promise<Shelved<T>> | null = null;
  return () => {
    underWay ??= read(options).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

async function read<T>(options: ShelfOptions<T>): Promise<Shelved<T>> {
  const { name, sql, database, snapshots, breaker, seeds } = options;
  const answer = await breaker.ask(() => database.query(sql, [], { timeoutMs: 1000 }));
  if (answer.ok) {
    const { items, problems } = parseEach(options, answer.rows.map(options.fromRow), 'in the database');
    await snapshots.keep(name, items).catch((error: unknown) => {
      problems.push(`The snapshot of ${name} could not be written: ${String(error)}`);
    });
    return { items, source: 'database', problems };
  }
  const snapshot = await snapshots.read(name);
  if (snapshot !== null) {
    const { items, problems } = parseEach(options, snapshot.items, 'in the snapshot');
    const why = `${answer.message} The ${name} are those of ${snapshot.savedAt}.`;
    return { items, source: 'snapshot', problems: [why, ...problems] };
  }
  const why = `${answer.message} The ${name} are those that ship with AutoHeal.`;
  return { items: [...seeds], source: 'seeds', problems: [why] };
}

/** What somebody wrote into a row is repeated in a problem up to here, in characters. */
const longestIssue = 300;

/** One broken row costs itself, not the others. */
function parseEach<T>({ name, schema }: ShelfOptions<T>, rows: unknown[], where: string) {
  const items: T[] = [];
  const problems: string[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) {
      items.push(parsed.data);
      continue;
    }
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    problems.push(
      `One of the ${name} ${where} is left out (${label(row)}): ${issues.slice(0, longestIssue)}`,
    );
  }
  return { items, problems };
}

function label(row: unknown): string {
  const { name, telegramId, id } = row as Record<string, unknown>;
  const known = [name, telegramId, id].find(
    (value) => typeof value === 'string' || typeof value === 'number',
  );
  return known === undefined ? 'without a name' : shown(String(known));
}
