import {
  playbookFromRow,
  recipientFromRow,
  selectPlaybooks,
  selectRecipients,
} from '../activities/catalogue/rows.ts';
import { searchInsights, type Searched } from '../activities/catalogue/search-insights.ts';
import { createBreaker } from '../activities/catalogue/breaker.ts';
import { openDatabase, storableJson, type Row } from '../activities/gateways/postgres/database.ts';
import {
  createIncidentReader,
  IncidentsUnreadable,
  type IncidentReader,
} from '../activities/read-incidents.ts';
import { recipientSchema, type Recipient } from '../domain/message/notice.ts';
import { inviteRecipient, removeRecipient, type NewRecipient } from './bot/join.ts';
import { playbookSchema, type Playbook } from '../domain/playbook/playbook.ts';
import type { Config } from '../settings/settings.ts';
import { databaseUrlOf } from './database-url.ts';
import { openEmbedder } from './open-embedder.ts';

/** The database as people use it: unlike the healer, they are told when it is away (`IncidentsUnreadable`). */
export interface Records {
  incidents: IncidentReader;
  /** Past cases like this text, the most similar first. */
  search(text: string, limit: number): Promise<Searched>;
  /** What the database holds; a row that can't be read is a problem in words. */
  playbooks(): Promise<{ playbooks: Playbook[]; problems: string[] }>;
  /** Writes all or none. A row that differs counts its version up. */
  savePlaybooks(playbooks: readonly Playbook[]): Promise<void>;
  /** Who is told. */
  recipients(): Promise<{ recipients: Recipient[] }>;
  /** Makes a one-time code. */
  invite(invited: NewRecipient): Promise<string>;
  /** @returns false where there is no such active recipient */
  removeRecipient(telegramId: string): Promise<boolean>;
  close(): Promise<void>;
}

const upsert = `
  INSERT INTO playbooks (name, error_type, pattern, action_type, action_params, cooldown_min, max_retries, severity,
    requires_approval, enabled, priority)
  VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (name) DO UPDATE SET error_type = EXCLUDED.error_type, pattern = EXCLUDED.pattern,
    action_type = EXCLUDED.action_type, action_params = EXCLUDED.action_params, cooldown_min = EXCLUDED.cooldown_min,
    max_retries = EXCLUDED.max_retries, severity = EXCLUDED.severity, requires_approval = EXCLUDED.requires_approval,
    enabled = EXCLUDED.enabled, priority = EXCLUDED.priority`;

/** @throws ConfigProblem when no database is configured or running */
export function openRecords(config: Config): Records {
  const database = openDatabase({ url: databaseUrlOf(config), maxConnections: 2, connectTimeoutMs: 5000 });
  const embedder = openEmbedder(config);

  async function rows(sql: string): Promise<Row[]> {
    const answer = await database.query(sql, [], { timeoutMs: 5000 });
    if (!answer.ok) throw new IncidentsUnreadable(answer.kind, answer.message);
    return answer.rows;
  }

  return {
    incidents: createIncidentReader({ database }),
    async search(text, limit) {
      // The healer's search stays silent where the database is away; a person wants to know.
      await rows('SELECT 1 FROM ai_insights LIMIT 1');
      return searchInsights({ database, embedder, breaker: createBreaker({ timeoutMs: 10_000 }) }, text, {
        limit,
        budgetMs: 10_000,
      });
    },
    async playbooks() {
      const found = (await rows(selectPlaybooks)).map((row) => ({
        row,
        parsed: playbookSchema.safeParse(playbookFromRow(row)),
      }));
      return {
        playbooks: found.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : [])),
        problems: found.flatMap(({ row, parsed }) =>
          parsed.success
            ? []
            : [
                `playbook ${String(row['name'])} in the database: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
              ],
        ),
      };
    },
    async savePlaybooks(playbooks) {
      const saved = await database.transaction(async (query) => {
        for (const {
          name,
          errorType,
          pattern,
          actionType,
          actionParams,
          cooldownMin,
          maxRetries,
          ...rest
        } of playbooks) {
          const { severity, requiresApproval, enabled, priority } = rest;
          const params = storableJson(actionParams);
          await query(upsert, [
            name,
            errorType,
            pattern ?? null,
            actionType,
            params,
            cooldownMin,
            maxRetries,
            severity,
            requiresApproval,
            enabled,
            priority,
          ]);
        }
      });
      if (!saved.ok) throw new IncidentsUnreadable(saved.kind, saved.message);
    },
    async recipients() {
      const all = (await rows(selectRecipients)).map((row) =>
        recipientSchema.safeParse(recipientFromRow(row)),
      );
      return { recipients: all.flatMap((parsed) => (parsed.success ? [parsed.data] : [])) };
    },
    invite: (invited) => inviteRecipient(database, invited),
    removeRecipient: (telegramId) => removeRecipient(database, telegramId),
    close: () => database.close(),
  };
}
