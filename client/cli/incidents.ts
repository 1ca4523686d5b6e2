import { userInfo } from 'node:os';
import Table from 'cli-table3';
import type { Command } from 'commander';
import type { IncidentDetail } from '../../domain/incident/incident-view.ts';
import { incidentStatuses } from '../../domain/vocabulary/vocabulary.ts';
import { incidentStatusSchema } from '../../domain/vocabulary/schema.ts';
import { acknowledgeIncident, decideIncident, listOpenIncidents } from '../operator/incidents.ts';
import { handled, incidentTold } from '../operator/on-call.ts';
import { redact } from '../../domain/redact/redact.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { UsageProblem, type Output } from './output.ts';
import { parseCount } from './parse.ts';
import { loadConfig, withClient, withRecords } from './session.ts';

/** `autoheal incidents …`: what happened, and what a person decides. */
export function addIncidents(program: Command, cli: Cli): void {
  const incidents = program.command('incidents').description('incidents: list, show, decide, take over');
  addList(incidents, cli);
  addShow(incidents, cli);
  addDecision(incidents, cli, {
    name: 'approve',
    approve: true,
    description: 'approve what an incident asks for',
  });
  addDecision(incidents, cli, {
    name: 'deny',
    approve: false,
    description: 'deny what an incident asks for',
  });
  addAck(incidents, cli);
  addResolve(incidents, cli);
}

function addList(incidents: Command, cli: Cli): void {
  const command = addCommand(incidents, 'list', 'incidents, the newest first')
    .option('--status <status>', `only those that are ${incidentStatuses.join(', ')}`)
    .option('--open', 'only open ones, as Temporal has them: also while the database is away')
    .option('--limit <number>', 'at most so many', '50');
  onCall<{ status?: string; open?: boolean; limit: string }>(command, cli, async ({ options, out }) => {
    const limit = parseCount('--limit', options.limit, 1000);
    const status = options.status === undefined ? undefined : parseStatus(options.status);
    const config = await loadConfig();
    const listed =
      options.open === true
        ? await withClient(config, ({ client }) => listOpenIncidents(client, limit))
        : await withRecords(config, ({ incidents: reader }) =>
            reader.list({ limit, ...(status === undefined ? {} : { status }) }),
          );
    const table = new Table({
      head: ['first seen', 'status', '', 'error type', 'target or task', 'playbook', 'id'],
    });
    for (const { firstSeenAt, status: state, severity, errorType, target, task, playbook, id } of listed) {
      table.push([
        firstSeenAt.slice(0, 19),
        state ?? '',
        severity ?? '',
        errorType ?? '',
        target ?? task ?? '',
        playbook ?? '',
        id,
      ]);
    }
    out.result(listed, listed.length === 0 ? 'No incidents.' : table.toString());
    return 0;
  });
}

function addShow(incidents: Command, cli: Cli): void {
  const command = addCommand(incidents, 'show <id>', 'one incident with its heal logs and what was learnt');
  onCall(command, cli, async ({ args: [id = ''], out }) => {
    const incident = await withRecords(await loadConfig(), ({ incidents: reader }) => reader.show(id));
    if (incident === null) return notThere(out, id);
    out.result(incident, describe(incident));
    return 0;
  });
}

function addDecision(
  incidents: Command,
  cli: Cli,
  decision: { name: string; approve: boolean; description: string },
): void {
  const command = addCommand(incidents, `${decision.name} <id> [code]`, decision.description)
    .option('--nonce <code>', 'the one-use code of the request; it is in the message that asks')
    .option(
      '--by <who>',
      'an active admin of telegram_users, by Telegram id or name; default: your user name',
    );
  onCall<{ nonce?: string; by?: string }>(command, cli, async ({ options, args: [id = '', code], out }) => {
    const nonce = options.nonce ?? code;
    if (nonce === undefined)
      throw new UsageProblem(
        `nonce: missing. Give the code of the request: autoheal incidents ${decision.name} ${id} CODE`,
      );
    const { approve } = decision;
    const by = options.by ?? userInfo().username;
    const answer = await withClient(await loadConfig(), ({ client }) =>
      decideIncident(client, { id, approve, by, nonce }),
    );
    out.result(
      { ok: answer.accepted, ...answer },
      answer.accepted ? `Taken: ${answer.reason}.` : `Not taken: ${answer.reason}.`,
    );
    return answer.accepted ? 0 : 1;
  });
}

function addAck(incidents: Command, cli: Cli): void {
  const command = addCommand(
    incidents,
    'ack <id>',
    'you have taken it over: the others are told, repeats stop',
  ).option('--by <who>', 'who takes it over; default: you');
  onCall<{ by?: string }>(command, cli, async ({ options, args: [id = ''], out }) => {
    const by = options.by ?? userInfo().username;
    const taken = await withClient(await loadConfig(), ({ client }) =>
      acknowledgeIncident(client, { id, by }),
    );
    if (!taken) return notThere(out, id);
    out.result({ ok: true, id, by }, `${by} has taken over ${id}; the others are told, and repeats stop.`);
    return 0;
  });
}

function addResolve(incidents: Command, cli: Cli): void {
  const command = addCommand(
    incidents,
    'resolve <id>',
    'it is resolved by hand: its card says so, reminders stop',
  )
    .option('--note <text>', 'what was done')
    .option('--by <who>', 'who resolved it; default: you');
  onCall<{ note?: string; by?: string }>(command, cli, async ({ options, args: [id = ''], out }) => {
    const { note } = options;
    if (note === undefined)
      throw new UsageProblem('--note: missing. Say what was done, so that the next one knows.');
    const by = options.by ?? userInfo().username;
    const known = await withClient(await loadConfig(), async ({ client }) => {
      if ((await incidentTold(client, id)) === null) return false;
      await handled(client, { incidentId: id, by, note: redact(note).slice(0, 500) });
      return true;
    });
    if (!known) return out.fail(new Error(`Nobody was told of such an incident, or long ago: ${id}`));
    out.result({ ok: true, id, by, note }, `${by} resolved ${id} by hand; its cards say so.`);
    return 0;
  });
}

function parseStatus(status: string) {
  const parsed = incidentStatusSchema.safeParse(status);
  if (parsed.success) return parsed.data;
  throw new UsageProblem(`--status: one of ${incidentStatuses.join(', ')}, not "${status}"`);
}

function notThere(out: Output, id: string): number {
  return out.fail(new Error(`There is no such incident, or it is over: ${id}`));
}

function describe(incident: IncidentDetail): string {
  const { id, status, severity, errorType, message, target, task, host, playbook, occurrences, attempts } =
    incident;
  const where =
    [target, host && `on ${host}`, task && `task ${task}`].filter(Boolean).join(', ') || 'unknown place';
  const lines = [
    `${id}  ${status}`,
    `${severity} ${errorType}: ${message.split('\n')[0] ?? ''}`,
    `${where}; seen ${occurrences} time(s), first ${incident.firstSeenAt}, last ${incident.lastSeenAt}`,
    `playbook ${playbook ?? 'none'}, ${attempts} attempt(s); Temporal workflow ${incident.workflowId ?? 'unknown'}`,
  ];
  for (const log of incident.healLogs) {
    const { attempt, actionType, command, result, durationMs, error } = log;
    lines.push(
      `  ${log.startedAt}  ${attempt}. ${actionType ?? ''} ${command ?? ''}: ${result ?? ''} in ${durationMs} ms${error === null ? '' : ` (${error})`}`,
    );
  }
  const { insight } = incident;
  if (insight?.lesson != null) lines.push(`Lesson: ${insight.lesson}`);
  return lines.join('\n');
}
