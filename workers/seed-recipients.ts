import type { Recipient } from '../domain/message/notice.ts';

/** ADR-013 A2: who is told before the database has ever been read; the same row as 014_telegram_users.sql plants. */
export const seedRecipients: readonly Recipient[] = [
  {
    telegramId: '-1003940688311',
    name: null,
    isAdmin: true,
    minSeverity: 'P4',
    locale: null,
    level: 1,
    timeZone: null,
  },
];
