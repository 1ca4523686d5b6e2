import type { Recipient } from './notice.ts';

/** ADR-013 A2: migration 014 plants the same one. It is told where the database has never been reached yet. */
export const defaultRecipients: readonly Recipient[] = [
  { telegramId: '-1003940688311', name: 'AutoHeal alerts', isAdmin: true, minSeverity: 'P4', locale: null },
];
