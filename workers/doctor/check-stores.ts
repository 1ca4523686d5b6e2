import { openDatabase } from '../../activities/gateways/postgres/database.ts';
import { temporalOptions } from '../../client/connect.ts';
import type { Estate } from '../../domain/estate.ts';
import { protectionOf } from '../../domain/policy/protection.ts';
import { resolveTarget } from '../../domain/policy/target.ts';
import type { Config } from '../../settings/settings.ts';
import { databaseUrlOf } from '../database-url.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/**
 * The healer must not stand on what it heals: Temporal's own store in a protected or healed database would take the
 * healer down together with what it should heal. As far as names and the database itself tell.
 */
export async function checkStores(config: Config, estate: Estate): Promise<Finding> {
  const part = 'independence';
  const temporalHost = hostOf(config);
  if (temporalHost !== null && isOfEstate(temporalHost, estate)) {
    const detail = `Temporal runs on ${temporalHost}, which is a part of the estate`;
    return fail(
      part,
      detail,
      'Run Temporal, with a database of its own, on a machine that AutoHeal does not heal.',
    );
  }
  const url = databaseUrl(config);
  if (url === null) return ok(part, 'nothing of the healer is known to stand on the estate');
  const databaseHost = new URL(url).hostname;
  const healed = isOfEstate(databaseHost, estate);
  if (await holdsTemporal(url)) {
    const detail = `Temporal's own tables are on ${databaseHost}, beside AutoHeal's records`;
    const advice =
      'Give Temporal a database server of its own: heals need it, and this one may be what fails.';
    return healed ? fail(part, detail, advice) : warn(part, detail, advice);
  }
  if (!healed) return ok(part, 'neither Temporal nor the records stand on the estate');
  const detail = `AutoHeal's records are on ${databaseHost}, which is a part of the estate`;
  return warn(
    part,
    detail,
    'Heals go on when it fails, and records are owed; a database of its own is better.',
  );
}

function hostOf(config: Config): string | null {
  if (config.embeddedTemporal) return null;
  return temporalOptions(config).options.address?.replace(/:\d+$/, '') ?? null;
}

function isOfEstate(host: string, estate: Estate): boolean {
  return resolveTarget(host, null, estate).ok || protectionOf({ name: host }, estate).protected;
}

function databaseUrl(config: Config): string | null {
  try {
    return databaseUrlOf(config);
  } catch {
    return null;
  }
}

/** Temporal's databases by their usual names, or its tables in this very database. */
const temporalSql = `SELECT EXISTS (SELECT FROM pg_database WHERE datname ~ '^temporal')
  OR EXISTS (SELECT FROM information_schema.tables WHERE table_name IN ('executions_visibility', 'history_node')) AS found`;

async function holdsTemporal(url: string): Promise<boolean> {
  const database = openDatabase({ url, maxConnections: 1, connectTimeoutMs: 3000 });
  try {
    const answer = await database.query<{ found: boolean }>(temporalSql, [], { timeoutMs: 3000 });
    return answer.ok && answer.rows[0]?.found === true;
  } finally {
    await database.close();
  }
}
