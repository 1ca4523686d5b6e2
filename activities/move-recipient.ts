import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../domain/vocabulary/failures.ts';
import type { Database } from './gateways/postgres/database.ts';

const moveRow = `
  UPDATE telegram_users SET telegram_id = $2::bigint WHERE telegram_id = $1::bigint
    AND NOT EXISTS (SELECT FROM telegram_users WHERE telegram_id = $2::bigint)`;
const dropRow = `DELETE FROM telegram_users WHERE telegram_id = $1::bigint`;

/**
 * The activity `moveRecipient`: the row of a group that has become a supergroup gets its new id. Safe to repeat.
 * @throws ApplicationFailure `DatabaseAway` (retryable) while the database can't answer
 */
export function createMoveRecipient({ database }: { database: Database }) {
  return async ({ from, to }: { from: string; to: string }): Promise<void> => {
    const done = await database.transaction(async (query) => {
      await query(moveRow, [from, to]);
      // Only where the supergroup had a row already.
      await query(dropRow, [from]);
    });
    if (!done.ok) throw ApplicationFailure.retryable(done.message, failureTypes.databaseAway);
  };
}
