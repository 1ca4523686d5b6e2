import pLimit from 'p-limit';
import type { Embedder } from '../../domain/embedding.ts';
import type { PlaybookGrade } from '../../domain/matching/grade.ts';
import { recipientSchema, type Recipient } from '../../domain/message/notice.ts';
import { playbookSchema, type Playbook } from '../../domain/playbook/playbook.ts';
import type { Database } from '../gateways/postgres/database.ts';
import { openSnapshots } from '../../files/snapshots.ts';
import { within } from '../within.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import { readGrades } from './read-grades.ts';
import { playbookFromRow, recipientFromRow, selectPlaybooks, selectRecipients } from './rows.ts';
import { describeFound } from './found-insight.ts';
import { searchInsights, type Searched } from './search-insights.ts';
import { createShelf, type CatalogueSource } from './shelf.ts';

/** What the healer asks of its database while it heals. Every answer comes within about a second, and none throws. */
export interface Catalogue {
  playbooks(): Promise<{ playbooks: Playbook[]; source: CatalogueSource; problems: string[] }>;
  /** Whoever is to be told anything (`is_active`); who of what is decided by severity. */
  recipients(): Promise<{ recipients: Recipient[]; source: CatalogueSource; problems: string[] }>;
  /** How playbooks did for this error type; `target` null: anywhere. Empty while the database is away. */
  grades(errorType: string, target: string | null): Promise<PlaybookGrade[]>;
  /** Similar past cases, a line each for people, within `healWaitsMs`; `problem` says why they could not be looked for. */
  similarCases(text: string, limit: number): Promise<{ cases: string[]; problem: string | null }>;
  /** The same, in full. */
  search(text: string, limit: number): Promise<Searched>;
}

export interface CatalogueOptions {
  database: Database;
  /** The folder of the snapshots, in the state folder. */
  snapshotDir: string;
  seeds: { playbooks: readonly Playbook[]; recipients: readonly Recipient[] };
  embedder: Embedder;
  /** Of playbooks and recipients. Absent: one second's patience, then five seconds without asking. */
  breaker?: Breaker;
}

/** How long a heal waits for similar past cases: it can do without them. */
const healWaitsMs = 300;
/** So many searches at a time at most: they must not take every connection from those who ask for playbooks. */
const searchesAtATime = 2;

/** Decisions never wait for the database that may be what has to be healed. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { database, snapshotDir, seeds, embedder, breaker = createBreaker() } = options;
  const snapshots = openSnapshots(snapshotDir);
  const shared = { database, snapshots, breaker };
  const playbooks = createShelf({
    ...shared,
    name: 'playbooks',
    sql: selectPlaybooks,
    schema: playbookSchema,
    fromRow: playbookFromRow,
    seeds: seeds.playbooks,
  });
  const recipients = createShelf({
    ...shared,
    name: 'recipients',
    sql: selectRecipients,
    schema: recipientSchema,
    fromRow: recipientFromRow,
    seeds: seeds.recipients,
  });
  const library = { database, embedder, breaker: createBreaker() };
  const grades = createBreaker();
  const inTurn = pLimit(searchesAtATime);
  const search = async (text: string, limit: number): Promise<Searched> => {
    const until = Date.now() + healWaitsMs;
    const searched = await within(
      healWaitsMs,
      inTurn(() => {
        const budgetMs = until - Date.now();
        return budgetMs > 0 ? searchInsights(library, text, { limit, budgetMs }) : null;
      }),
    );
    return (
      searched ?? {
        found: [],
        searched: false,
        problem: `No past cases were found within ${healWaitsMs} ms.`,
      }
    );
  };

  return {
    async playbooks() {
      const { items, ...rest } = await playbooks();
      return { playbooks: items, ...rest };
    },
    async recipients() {
      const { items, ...rest } = await recipients();
      return { recipients: items, ...rest };
    },
    grades: (errorType, target) => readGrades({ database, breaker: grades }, { errorType, target }),
    async similarCases(text, limit) {
      const { found, problem } = await search(text, limit);
      return { cases: found.map(describeFound), problem };
    },
    search,
  };
}
