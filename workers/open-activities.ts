import { dirname, join } from 'node:path';
import { createActivities, type Activities } from '../activities/index.ts';
import { createCatalogue } from '../activities/catalogue/create-catalogue.ts';
import { openDatabase } from '../activities/gateways/postgres/database.ts';
import { openProcessNotes } from '../activities/gateways/process/orphans.ts';
import { openOutbox } from '../activities/gateways/messaging/delivery-log.ts';
import { openSsh } from '../activities/gateways/ssh/layer.ts';
import { openTelegram } from '../activities/gateways/messaging/telegram.ts';
import { openTerminal } from '../activities/gateways/messaging/terminal.ts';
import { estateSchema, type Estate } from '../domain/estate.ts';
import { readEstate } from '../settings/read-estate.ts';
import { readPlaybooks, shippedPlaybooks } from '../settings/read-playbooks.ts';
import type { Config } from '../settings/settings.ts';
import { openEmbedder } from './open-embedder.ts';
import { ownSecrets } from './own-secrets.ts';
import { seedRecipients } from './seed-recipients.ts';

export interface OpenedActivities {
  activities: Activities;
  estate: Estate;
  /** Ends connections to hosts and the database. */
  close(): Promise<void>;
}

/**
 * Opens all that activities need, from the configuration.
 * @throws FileProblem | RuleError where the estate or a playbook file is wrong
 */
export async function openActivities(
  config: Config & { databaseUrl: string; temporalUiUrl: string | null },
  overrides: { searchAttributes?: boolean } = {},
): Promise<OpenedActivities> {
  const { estateFile } = config;
  // Without an estate file nothing can be healed, and everything can be told.
  const estate = estateFile === null ? estateSchema.parse({}) : readEstate(estateFile);
  const folders = [
    shippedPlaybooks,
    ...(config.AUTOHEAL_PLAYBOOKS === undefined ? [] : [config.AUTOHEAL_PLAYBOOKS]),
  ];
  const { rules, playbooks } = readPlaybooks(folders);
  const database = openDatabase({ url: config.databaseUrl });
  const embedder = openEmbedder(config);
  const catalogue = createCatalogue({
    database,
    snapshotDir: join(config.home, 'snapshots'),
    seeds: { playbooks, recipients: seedRecipients },
    embedder,
  });
  // One look at both while the database may still be there: an outage is then met with snapshots, not with seeds.
  await Promise.all([catalogue.playbooks(), catalogue.recipients()]);
  const estateDir = dirname(estateFile ?? config.home);
  const ssh = openSsh({ estate, estateDir, home: config.home });
  const terminal = openTerminal();
  const token = config.TELEGRAM_BOT_TOKEN;
  const apiRoot = config.TELEGRAM_API_ROOT ?? null;
  const activities = createActivities({
    estate,
    estateDir,
    notes: openProcessNotes(join(config.home, 'running-tasks')),
    rules,
    secrets: ownSecrets(config),
    settings: { searchAttributes: overrides.searchAttributes ?? true, tellWaitsOverSec: 10 },
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
    ssh,
    database,
    catalogue,
    embedder,
    spoolDir: config.home,
    messenger: token === undefined ? terminal : openTelegram({ token, apiRoot, timeoutMs: 10_000 }),
    terminal,
    outbox: openOutbox(join(config.home, 'outbox.jsonl')),
    locale: config.AUTOHEAL_LOCALE,
    temporalUi:
      config.temporalUiUrl === null
        ? null
        : { url: config.temporalUiUrl, namespace: config.TEMPORAL_NAMESPACE },
  });
  return {
    activities,
    estate,
    async close() {
      await ssh.close();
      await database.close();
    },
  };
}
