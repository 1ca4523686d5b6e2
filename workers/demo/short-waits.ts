import pg from 'pg';

/**
 * An operator's edit, as it would be made on a real estate: shorter waits for three playbooks, so that the demo
 * shows in seconds what would take minutes. A later seed leaves edited rows alone.
 */
export async function shortenWaits(databaseUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query(
      `UPDATE playbooks SET version = version + 1, updated_at = now(),
         action_params = action_params || '{"backoffSec": 1, "maxBackoffSec": 2, "stableForSec": 1.5, "stopTimeoutSec": 1}'
       WHERE name IN ('container-unhealthy', 'container-exited')`,
    );
    await database.query(
      `UPDATE playbooks SET version = version + 1, updated_at = now(), action_params = action_params || '{"backoffSec": 12}'
       WHERE error_type = 'DNS_FAIL'`,
    );
  } finally {
    await database.end();
  }
}
