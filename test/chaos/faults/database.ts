import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from '../site/site.ts';
import type { Fault, Troubled } from './fault.ts';

const killed: Fault = {
  weight: 3,
  counts: 'dbKills',
  async strike({ postgres }, random) {
    await postgres.kill();
    await sleep(random.between(300, 4000));
    await postgres.start();
  },
};

/** A failover: connections break, wherever they are. */
const cut: Fault = {
  weight: 3,
  counts: 'dbCuts',
  async strike({ proxy }, random) {
    proxy.refuse(true);
    await sleep(random.between(0, 3000));
    proxy.refuse(false);
  },
};

/** Connections stand, and nothing comes back. */
const frozen: Fault = {
  weight: 1,
  counts: 'dbCuts',
  async strike({ proxy }, random) {
    proxy.freeze(true);
    await sleep(random.between(500, 3000));
    proxy.freeze(false);
  },
};

const tables = ['heal_logs', 'incidents', 'ai_insights'] as const;

/** What was asked is committed, and the answer is lost. */
const answersLost: Fault = {
  weight: 4,
  counts: 'dbAnswersLost',
  async strike({ proxy }, random) {
    const table = random.pick(tables.map((name) => [name, 1] as const));
    proxy.dropAnswersTo(`INSERT INTO ${table}`, random.between(1, 4));
  },
};

/** A replica, or a disk that PostgreSQL no longer trusts. */
const readOnly: Fault = {
  weight: 2,
  counts: 'dbReadOnly',
  async strike(site, random) {
    await setReadOnly(site, true);
    await sleep(random.between(500, 3000));
    await setReadOnly(site, false);
  },
};

export async function setReadOnly({ rows, proxy }: Pick<Site, 'rows' | 'proxy'>, on: boolean): Promise<void> {
  const set = `EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${on ? 'on' : 'off'}', current_database())`;
  await rows(`BEGIN READ WRITE; DO $$ BEGIN ${set}; END $$; COMMIT`);
  // Sessions keep what they began with.
  proxy.cut();
}

/** What PostgreSQL says when the disk is full (SQLSTATE 53100). */
const full: Fault = {
  weight: 2,
  counts: 'dbFull',
  async strike(site, random) {
    await setDiskFull(site, true);
    await sleep(random.between(500, 3000));
    await setDiskFull(site, false);
  },
};

export async function setDiskFull({ rows }: Pick<Site, 'rows'>, on: boolean): Promise<void> {
  await rows(`CREATE OR REPLACE FUNCTION chaos_disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
  for (const table of tables) {
    await rows(`DROP TRIGGER IF EXISTS chaos_disk_full ON ${table}`);
    if (!on) continue;
    await rows(`CREATE TRIGGER chaos_disk_full BEFORE INSERT OR UPDATE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION chaos_disk_full()`);
  }
}

export const databaseFaults: Troubled = {
  faults: [killed, cut, frozen, answersLost, readOnly, full],
  peaceMs: [1500, 6000],
};
