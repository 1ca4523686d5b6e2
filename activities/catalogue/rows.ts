import type { Row } from '../gateways/postgres/database.ts';

/** How rows become what domain schemas read. */

/** Parameters of more than 64 KiB are no parameters: they are not even read, and the schema leaves their row out. */
export const selectPlaybooks = `SELECT id, left(name, 200) AS name, error_type, left(pattern, 2000) AS pattern, action_type,
  CASE WHEN octet_length(action_params::text) > 65536 THEN '"more than 64 KiB"'::jsonb ELSE action_params END AS action_params,
  cooldown_min::float8 AS cooldown_min, max_retries, severity, requires_approval, enabled, priority, version
  FROM playbooks ORDER BY priority, name LIMIT 2000`;

/** An original's other ids (uuid, text) are left out: rules go by name. */
export function playbookFromRow(row: Row): unknown {
  const id = Number(row['id']);
  return {
    id: row['id'] !== null && Number.isSafeInteger(id) ? id : null,
    name: row['name'],
    errorType: row['error_type'],
    ...(row['pattern'] === null || row['pattern'] === '' ? {} : { pattern: row['pattern'] }),
    actionType: row['action_type'],
    actionParams: row['action_params'] ?? undefined,
    cooldownMin: row['cooldown_min'] ?? undefined,
    maxRetries: row['max_retries'] ?? undefined,
    severity: row['severity'] ?? undefined,
    requiresApproval: row['requires_approval'] ?? undefined,
    enabled: row['enabled'] ?? undefined,
    priority: row['priority'] ?? undefined,
    version: row['version'] ?? undefined,
  };
}

export const selectRecipients = `SELECT telegram_id::text AS telegram_id, name, coalesce(is_admin, false) AS is_admin, min_severity, locale,
  level, time_zone FROM telegram_users WHERE coalesce(is_active, true) AND telegram_id IS NOT NULL ORDER BY telegram_id`;

/** An unknown severity or locale costs no one their messages: they get everything, in the default language. */
export function recipientFromRow(row: Row): unknown {
  return {
    telegramId: row['telegram_id'],
    name: row['name'],
    isAdmin: row['is_admin'],
    minSeverity: ['P1', 'P2', 'P3', 'P4'].includes(String(row['min_severity'])) ? row['min_severity'] : 'P4',
    locale: ['en', 'zh-TW'].includes(String(row['locale'])) ? row['locale'] : null,
    level: row['level'] === 2 ? 2 : 1,
    timeZone: typeof row['time_zone'] === 'string' ? row['time_zone'] : null,
  };
}
