import type { ContainerSpec } from '../../../lab/container-spec.ts';
import type { SiteOptions } from '../site/site.ts';
import { quickPlaybooks, wideLimits } from '../site/quick-playbooks.ts';

/** Containers that a restart cures. */
export const healthyApps: readonly string[] = 'abcdefghijk'.split('').map((letter) => `momo-app-${letter}`);

/** One that ends again after each start. */
export const hopelessApp = 'momo-hopeless';

export const protectedContainers: readonly string[] = ['momo-db', 'momo-postgres', 'momo-redis'];

const chaosContainers: readonly ContainerSpec[] = [
  ...healthyApps.map((name) => ({ name, image: 'momo/app:2026.4' })),
  { name: hopelessApp, image: 'momo/app:2026.4', fate: { kind: 'dies-after-start', afterMs: 200 } },
  { name: 'momo-db', image: 'postgres:16' },
  { name: 'momo-postgres', image: 'postgres:16' },
  { name: 'momo-redis', image: 'redis:7' },
];

/** Who is told: everyone but the one who has blocked the bot, and never gets anything. */
export const chats = { admin: '-1003940688311', reader: '700100', blocked: '700200' };

const prepareChaos: readonly string[] = [
  ...quickPlaybooks,
  // Cooling down is a part of the load, too: the second certificate of a target within five minutes is suppressed.
  `UPDATE playbooks SET cooldown_min = 5 WHERE name = 'cert-expired'`,
  // Waits of more than ten seconds are told when they begin.
  `UPDATE playbooks SET max_retries = 2, action_params = action_params || '{"backoffSec": 7, "maxBackoffSec": 7}'
     WHERE name = 'rate-limited'`,
  `INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES
     (${chats.reader}, 'reader', false), (${chats.blocked}, 'gone', false)`,
];

/** The estate that chaos is made on: a dozen containers that may be restarted, three that may not. */
export const estateOptions: SiteOptions = {
  lab: { containers: chaosContainers, estate: { limits: wideLimits } },
  prepare: prepareChaos,
};
