import type { Notice, Recipient } from './notice.ts';
import { severities } from '../vocabulary/vocabulary.ts';
import { terminalChatId } from './messenger.ts';
import type { Locale } from './words.ts';

/** One message to one recipient. `telegramId` is `terminal` where nobody else is left to tell. */
export interface Delivery {
  telegramId: string;
  locale: Locale;
  timeZone: string | null;
}

/** P1 is the most severe: a recipient with `minSeverity` P3 gets P1, P2 and P3. */
const wants = (recipient: Recipient, severity: Notice['severity']): boolean =>
  severities.indexOf(severity) <= severities.indexOf(recipient.minSeverity);

/** A person has to act: these reach every admin whatever their `minSeverity`. */
const forAdmins: ReadonlySet<Notice['kind']> = new Set(['escalated', 'approval', 'record_refused']);

/**
 * Who is told. Everyone whose `minSeverity` covers the notice; escalations, approvals and records set aside go to
 * the admins in any case; when that leaves nobody, the admins; when there is none either, the terminal, with the
 * problem said. An approval goes to admins only: nobody else may decide.
 */
export const planDeliveries = (
  notice: Pick<Notice, 'kind' | 'severity'>,
  recipients: readonly Recipient[],
  defaultLocale: Locale,
  level: 1 | 2 = 1,
): { deliveries: Delivery[]; problem: string | null } => {
  const firstLevel = recipients.filter((recipient) => recipient.level === 1);
  const admins = (firstLevel.length > 0 ? firstLevel : recipients).filter((recipient) => recipient.isAdmin);
  if (level === 2)
    return {
      deliveries: deliveriesTo(
        recipients.filter((one) => one.level === 2),
        defaultLocale,
      ),
      problem: null,
    };
  const chosen = firstLevel.filter((recipient) => {
    if (recipient.isAdmin && forAdmins.has(notice.kind)) return true;
    return notice.kind !== 'approval' && wants(recipient, notice.severity);
  });
  const told = chosen.length > 0 ? chosen : admins;
  if (told.length === 0) {
    return {
      deliveries: [{ telegramId: terminalChatId, locale: defaultLocale, timeZone: null }],
      problem:
        'Nobody is there to tell: telegram_users has no active row for this notice and no active admin. ' +
        'The message goes to the terminal; add a row with is_admin = true and is_active = true.',
    };
  }
  return { deliveries: deliveriesTo(told, defaultLocale), problem: null };
};

function deliveriesTo(told: readonly Recipient[], defaultLocale: Locale): Delivery[] {
  const byId = new Map(told.map((one) => [one.telegramId, one]));
  return [...byId.values()].map(({ telegramId, locale, timeZone }) => ({
    telegramId,
    locale: locale ?? defaultLocale,
    timeZone,
  }));
}
