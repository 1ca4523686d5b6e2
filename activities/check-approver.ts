import { mayDecide, type Recipient } from '../domain/message/notice.ts';

/** Whether this person may decide: an active admin of `telegram_users`, by their own Telegram id or by name. */
export function createCheckApprover({
  recipients,
}: {
  recipients: () => Promise<{ recipients: Recipient[] }>;
}) {
  return async ({
    by,
  }: {
    by: string;
  }): Promise<{ ok: true; name: string } | { ok: false; reason: string }> => {
    const known = (await recipients()).recipients;
    const found = known.filter(
      (person) => person.telegramId === by || (person.name !== null && person.name === by),
    );
    const [person, ...more] = found;
    if (person === undefined) return { ok: false, reason: `${by} is no active user of telegram_users` };
    if (more.length > 0) return { ok: false, reason: `${by} means several users; use the Telegram id` };
    if (!person.isAdmin) return { ok: false, reason: `${by} is not an admin` };
    if (!mayDecide(person)) {
      const reason = `${by} is a group or channel: only a person decides, by their own Telegram id`;
      return { ok: false, reason };
    }
    return { ok: true, name: person.name ?? person.telegramId };
  };
}
