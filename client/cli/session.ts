import type { Client } from '@temporalio/client';
import type { Estate } from '../../domain/estate.ts';
import { openClient } from '../connect.ts';
import type { Settings } from '../../settings/caller-settings.ts';
import { readGround } from '../../settings/load-rules.ts';

/** The environment's configuration. @throws ConfigProblem naming each variable that is wrong */
export async function loadConfig() {
  const { readConfig } = await import('../../settings/settings.ts');
  return readConfig();
}

/** Lends a client to some work, and closes it afterwards. @throws DeliveryProblem | whatever the work throws */
export async function withClient<T>(
  settings: Settings & { AUTOHEAL_TASK_QUEUE: string },
  work: (context: { client: Client; taskQueue: string }) => Promise<T>,
): Promise<T> {
  const opened = openClient(settings);
  try {
    return await work({ client: opened.client, taskQueue: settings.AUTOHEAL_TASK_QUEUE });
  } finally {
    await opened.close();
  }
}

/** The estate file in force. @throws FileProblem */
export const loadEstate = (settings: Settings): Estate => readGround(settings).estate;

type Config = Awaited<ReturnType<typeof loadConfig>>;

async function openRecords(config: Config) {
  const access = await import('../../workers/catalogue-access.ts');
  return access.openRecords(config);
}

export type Records = Awaited<ReturnType<typeof openRecords>>;

/** Lends the records in the database to some work. @throws IncidentsUnreadable when the database can't be read */
export async function withRecords<T>(config: Config, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openRecords(config);
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}
