import { createWriteHealLog } from '../write-heal-log.ts';
import { createWriteIncident } from '../write-incident.ts';
import { createWriteInsight } from '../write-insight.ts';
import type { RecordStore } from './settle-write.ts';

/** The three activities by which a heal pays what it owes to the database. Each is safe to repeat. */
export function createRecordActivities(store: RecordStore) {
  return {
    writeIncident: createWriteIncident(store),
    writeHealLog: createWriteHealLog(store),
    writeInsight: createWriteInsight(store),
  };
}
