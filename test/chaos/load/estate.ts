import type { ContainerSpec } from '../../../lab/container-spec.ts';
import { quickPlaybooks, wideLimits } from '../site/quick-playbooks.ts';

/** Containers that a restart cures. */
export const healthyApps: readonly string[] = 'abcdefghijk'.split('').map((letter) => `momo-app-${letter}`);

/** One that ends again after each start. */
export const hopelessApp = 'momo-hopeless';

export const protectedContainers: readonly string[] = ['momo-db', 'momo-postgres', 'momo-redis'];

export const chaosContainers: readonly ContainerSpec[] = [
  ...healthyApps.map((name) => ({ name, image: 'momo/app:2026.4' })),
  { name: hopelessApp, image: 'momo/app:2026.4', fate: { kind: 'dies-after-start', afterMs: 200 } },
  { name: 'momo-db', image: 'postgres:16' },
  { name: 'momo-postgres', image: 'postgres:16' },
  { name: 'momo-redis', image: 'redis:7' },
];

export const chaosLimits = wideLimits;

/** Who is told: everyone but the one who has blocked the bot, and never gets anything. */
export const chats = { admin: '-1003940688311', reader: '700100', blocked: '700200' };

export const prepareChaos: readonly string[] = [
  ...quickPlaybooks,
  // Cooling down is a part of the load, too: the second certificate of a target within five minutes is suppressed.
  `UPDATE playbooks SET cooldown_min = 5 WHERE name = 'cert-expired'`,
  // Waits of more than ten seconds are told when they begin.
  `UPDATE playbooks SET max_retries = 2, action_params = action_params || '{"backoffSec": 7, "maxBackoffSec": 7}'
     WHERE name = 'rate-limited'`,
  `INSERT INTO telegram_users (telegram_id, name, is_admin) VALUES
     (${chats.reader}, 'reader', false), (${chats.blocked}, 'gone', false)`,
];
