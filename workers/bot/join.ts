import type { Database } from '../../activities/gateways/postgres/database.ts';
import type { Recipient } from '../../domain/message/notice.ts';
import { hashCode, makeCode } from './one-time-code.ts';

/** Recipients, as `autoheal recipients` and the bot manage them. */

export interface NewRecipient {
  name: string;
  isAdmin: boolean;
  minSeverity: Recipient['minSeverity'];
  locale: Recipient['locale'];
  level: 1 | 2;
  timeZone: string | null;
  madeBy: string;
  forMin: number;
}

export interface Joined {
  name: string;
  isAdmin: boolean;
  locale: Recipient['locale'];
}

/** Thrown when the database can't answer now, or refuses. */
export class RecipientsUnreadable extends Error {
  override readonly name = 'RecipientsUnreadable';
}

const insertCode = `
  INSERT INTO telegram_codes (code_hash, name, is_admin, min_severity, locale, level, time_zone, made_by, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9 * interval '1 minute')`;

const takeCode = `
  UPDATE telegram_codes SET used_at = now(), used_by = $2::bigint
  WHERE code_hash = $1 AND used_at IS NULL AND expires_at > now()
  RETURNING name, is_admin, min_severity, locale, level, time_zone`;

const upsertPerson = `
  INSERT INTO telegram_users (telegram_id, name, is_admin, is_active, min_severity, locale, level, time_zone)
  VALUES ($1::bigint, $2, $3, true, $4, $5, $6, $7)
  ON CONFLICT (telegram_id) DO UPDATE SET name = EXCLUDED.name, is_admin = EXCLUDED.is_admin, is_active = true,
    min_severity = EXCLUDED.min_severity, locale = EXCLUDED.locale, level = EXCLUDED.level, time_zone = EXCLUDED.time_zone`;

/** Makes a one-time code. @returns the code, which is shown once and kept nowhere. @throws RecipientsUnreadable */
export async function inviteRecipient(database: Database, invited: NewRecipient): Promise<string> {
  const code = makeCode();
  const { name, isAdmin, minSeverity, locale, level, timeZone, madeBy, forMin } = invited;
  const params = [hashCode(code), name, isAdmin, minSeverity, locale, level, timeZone, madeBy, forMin];
  const done = await database.query(insertCode, params);
  if (!done.ok) throw new RecipientsUnreadable(done.message);
  return code;
}

/** Takes a code, once. @returns null where it is none, used, or too old. @throws RecipientsUnreadable */
export async function takeInvitation(
  database: Database,
  code: string,
  { telegramId }: { telegramId: string },
): Promise<Joined | null> {
  const done = await database.transaction(async (query) => {
    const [row] = await query<Record<string, string | number | boolean | null>>(takeCode, [
      hashCode(code),
      telegramId,
    ]);
    if (row === undefined) return null;
    const { name, is_admin, min_severity, locale, level, time_zone } = row;
    await query(upsertPerson, [
      telegramId,
      name ?? '',
      is_admin ?? false,
      min_severity ?? 'P4',
      locale ?? null,
      level ?? 1,
      time_zone ?? null,
    ]);
    return { name: String(name), isAdmin: is_admin === true, locale: (locale ?? null) as Joined['locale'] };
  });
  if (!done.ok) throw new RecipientsUnreadable(done.message);
  return done.value;
}

/** Nobody is told anything any more by this row. @returns false where there is none. @throws RecipientsUnreadable */
export async function removeRecipient(database: Database, telegramId: string): Promise<boolean> {
  const sql = 'UPDATE telegram_users SET is_active = false WHERE telegram_id = $1::bigint AND is_active';
  const done = await database.query(sql, [telegramId]);
  if (!done.ok) throw new RecipientsUnreadable(done.message);
  return done.rowCount > 0;
}
