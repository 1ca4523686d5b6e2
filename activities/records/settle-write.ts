import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../domain/vocabulary/failures.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import type { Database, DatabaseFailure, QueryResult } from '../gateways/postgres/database.ts';

export interface RecordStore {
  database: Database;
  /** The state folder; what the database refuses for good is set aside in its `refused-records/`. */
  spoolDir: string;
}

export interface OwedRecord {
  kind: 'incident' | 'heal-log' | 'insight';
  /** Unique within the kind: the same record set aside twice is one file. */
  key: string;
  record: unknown;
}

/**
 * What becomes of an owed record (ADR-013 A14): written; or still owed, by a failure that Temporal retries; or, when
 * the database would never take it, kept as a file for a person.
 *
 * @throws ApplicationFailure `DatabaseAway` (retryable) when it can't be taken, or set aside, now
 * @throws ApplicationFailure `RecordRefused` (non-retryable; details: file, reason) once it has been set aside
 */
export async function settleWrite(
  store: RecordStore,
  owed: OwedRecord,
  result: QueryResult,
): Promise<{ written: true }> {
  if (result.ok) return { written: true };
  if (result.kind === 'away') {
    throw ApplicationFailure.retryable(result.message, failureTypes.databaseAway, { code: result.code });
  }
  const file = await setAside(store.spoolDir, owed, result);
  const message = `${result.message} The ${owed.kind} record is kept in ${file}: put it right there and write it by hand.`;
  throw ApplicationFailure.nonRetryable(message, failureTypes.recordRefused, {
    file,
    reason: result.message,
  });
}

async function setAside(spoolDir: string, owed: OwedRecord, failure: DatabaseFailure): Promise<string> {
  const name = `${owed.kind}-${owed.key}`.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 200);
  const file = join(spoolDir, 'refused-records', `${name}.json`);
  const content = {
    kind: owed.kind,
    refusedAt: new Date().toISOString(),
    code: failure.code,
    reason: failure.message,
    record: owed.record,
  };
  try {
    await writeFileAtomically(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    // Neither the database nor the disk takes it: it stays with Temporal until one of them does.
    const reason = error instanceof Error ? error.message : String(error);
    throw ApplicationFailure.retryable(
      `${failure.message} It could not be set aside either: ${reason}`,
      failureTypes.databaseAway,
    );
  }
  return file;
}
