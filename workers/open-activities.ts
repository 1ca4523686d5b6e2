import { dirname, join } from 'node:path';
import { createActivities, type Activities } from '../activities/index.ts';
import { createCatalogue } from '../activities/catalogue/create-catalogue.ts';
import { openDatabase, type Database } from '../activities/gateways/postgres/database.ts';
import { openProcessNotes } from '../activities/gateways/process/orphans.ts';
import { openOutbox } from '../activities/gateways/messaging/delivery-log.ts';
import { openSsh, type SshLayer } from '../activities/gateways/ssh/layer.ts';
import { openTelegram } from '../activities/gateways/messaging/telegram.ts';
import { openTerminal } from '../activities/gateways/messaging/terminal.ts';
import type { Estate } from '../domain/estate.ts';
import { followEstate, lastGoodEstate, type FollowedEstate } from '../settings/follow-estate.ts';
import { readPlaybooks, shippedPlaybooks } from '../settings/read-playbooks.ts';
import type { Config } from '../settings/settings.ts';
import { LiveActivities } from './live-activities.ts';
import { openEmbedder } from './open-embedder.ts';
import { ownSecrets } from './own-secrets.ts';
import { seedRecipients } from './seed-recipients.ts';

export interface OpenedActivities {
  activities: Activities;
  /** The estate file, which is read anew when it changes. */
  followed: FollowedEstate;
  database: Database;
  /** Ends connections to hosts and the database. */
  close(): Promise<void>;
}

/**
 * Opens all that activities need, from the configuration.
 * @throws FileProblem | RuleError where the estate or a playbook file is wrong
 */
export async function openActivities(
  config: Config & { databaseUrl: string; temporalUiUrl: string | null },
  overrides: { searchAttributes?: boolean; log?: (line: string, broken: boolean) => void } = {},
): Promise<OpenedActivities> {
  const { estateFile } = config;
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
  const terminal = openTerminal();
  const token = config.TELEGRAM_BOT_TOKEN;
  const apiRoot = config.TELEGRAM_API_ROOT ?? null;
  const outside = {
    estateDir,
    notes: openProcessNotes(join(config.home, 'running-tasks')),
    rules,
    secrets: ownSecrets(config),
    settings: { searchAttributes: overrides.searchAttributes ?? true, tellWaitsOverSec: 10 },
    taskQueue: config.AUTOHEAL_TASK_QUEUE,
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
  };
  let live: LiveActivities | null = null;
  let way: { hosts: string; ssh: SshLayer } | null = null;
  const adopt = (estate: Estate): void => {
    const hosts = JSON.stringify(estate.hosts);
    // Warm connections are kept where no host has changed.
    if (way?.hosts !== hosts) way = { hosts, ssh: openSsh({ estate, estateDir, home: config.home }) };
    const set = { activities: createActivities({ ...outside, estate, ssh: way.ssh }), ssh: way.ssh };
    if (live === null) live = new LiveActivities(set, () => followed.look());
    else live.use(set);
  };
  const followed: FollowedEstate = followEstate({
    file: estateFile,
    lastGoodFile: lastGoodEstate(config.home),
    adopt,
    log: overrides.log ?? (() => undefined),
  });
  const { activities, close } = opened(live);
  return {
    activities,
    followed,
    database,
    async close() {
      followed.stop();
      await close();
      await database.close();
    },
  };
}

/** Following has adopted the estate as it is now before it comes back. */
function opened(live: LiveActivities | null): { activities: Activities; close: () => Promise<void> } {
  if (live === null) throw new Error('The estate was not taken into use.');
  return { activities: live.activities, close: () => live.close() };
}
