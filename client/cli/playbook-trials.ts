import { simulateDecision } from '../../domain/matching/simulate-decision.ts';
import Table from 'cli-table3';
import type { Command } from 'commander';
import type { IncidentView } from '../../domain/incident/incident-view.ts';
import { suggestRules } from '../../domain/playbook/suggest-rules.ts';
import type { Playbook, PlaybookFile } from '../../domain/playbook/playbook.ts';
import { reportSchema, type Report } from '../../domain/report/report.ts';
import { readPlaybooks, shippedPlaybooks } from '../../settings/read-playbooks.ts';
import { addCommand, onCall, type Cli } from './command.ts';
import { parseCount } from './parse.ts';
import { estateForSamples, estateOrNull, foldersOf, rulesWith } from './playbook-files.ts';
import { loadConfig, withRecords } from './session.ts';

type Sample = NonNullable<NonNullable<PlaybookFile['playbooks']>[number]['samples']>[number];

/** `playbooks test`: the samples in the files, decided without any side effect. */
export function addTest(playbooks: Command, cli: Cli): void {
  onCall(
    addCommand(playbooks, 'test [folder...]', 'run the samples in the files, without side effects'),
    cli,
    async ({ args, out }) => {
      const config = await loadConfig();
      const folders = foldersOf(args, config);
      const read = readPlaybooks(folders);
      const samples = read.files.flatMap(({ file, content }) =>
        (content.playbooks ?? []).flatMap(({ name, samples: own = [] }) =>
          own.map((sample, at) => ({ file, where: `${name}, sample ${at + 1}`, sample })),
        ),
      );
      const estate =
        estateOrNull(config) ?? estateForSamples(samples.map(({ sample }) => sample.report.target));
      const ground = {
        estate,
        rules: rulesWith(folders),
        playbooks: merged(readPlaybooks([shippedPlaybooks]).playbooks, read.playbooks),
      };
      const results = [];
      for (const { file, where, sample } of samples) {
        const got = simulateDecision(sample.report, ground);
        const differences = differencesOf(sample.expect, got);
        differences.forEach((difference) => out.say(`${file}: ${where}: ${difference} (${got.reason})`));
        results.push({ file, where, ok: differences.length === 0, got });
      }
      const failed = results.filter(({ ok }) => !ok).length;
      out.result(
        { ok: failed === 0, samples: results },
        samples.length === 0
          ? 'There are no samples in these files.'
          : `${samples.length} sample(s), ${failed} not as expected.`,
      );
      return failed === 0 ? 0 : 1;
    },
  );
}

function differencesOf(expected: Sample['expect'], got: object): string[] {
  const actual = new Map<string, unknown>(Object.entries(got));
  return Object.entries(expected)
    .filter(([field, value]) => value !== undefined && actual.get(field) !== value)
    .map(([field, value]) => `${field} is ${String(actual.get(field))}, expected ${String(value)}`);
}

/** `playbooks backtest`: what the files would have decided about the incidents on record. */
export function addBacktest(playbooks: Command, cli: Cli): void {
  const command = addCommand(
    playbooks,
    'backtest [folder...]',
    'decide past incidents by the files, and show what would have gone otherwise',
  ).option('--limit <number>', 'the latest so many incidents', '500');
  onCall<{ limit: string }>(command, cli, async ({ options, args, out }) => {
    const limit = parseCount('--limit', options.limit, 10_000);
    const config = await loadConfig();
    const folders = foldersOf(args, config);
    const { incidents, inForce } = await withRecords(config, async (records) => ({
      incidents: await records.incidents.list({ limit }),
      inForce: (await records.playbooks()).playbooks,
    }));
    const estate =
      estateOrNull(config) ?? estateForSamples(incidents.map(({ target }) => target ?? undefined));
    const candidate = {
      estate,
      rules: rulesWith(folders),
      playbooks: merged(inForce, readPlaybooks(folders).playbooks),
    };
    const changed = [];
    for (const incident of incidents) {
      const report = reportOfIncident(incident);
      if (report === null) continue;
      const now = simulateDecision(report, candidate);
      if (now.playbook === incident.playbook && now.errorType === incident.errorType) continue;
      changed.push({ id: incident.id, message: incident.message.slice(0, 200), was: wasOf(incident), now });
    }
    const table = new Table({ head: ['incident', 'was', 'ended', 'would be', 'action'] });
    for (const { id, was, now } of changed.slice(0, 100)) {
      table.push([
        id,
        `${was.errorType} / ${was.playbook ?? 'none'}`,
        was.status,
        `${now.errorType} / ${now.playbook ?? 'none'}`,
        now.actionType ?? now.status,
      ]);
    }
    out.result(
      { ok: true, incidents: incidents.length, changed },
      `${changed.length > 0 ? `${table.toString()}\n` : ''}${incidents.length} incidents, ${changed.length} would have gone otherwise.`,
    );
    return 0;
  });
}

/** `playbooks suggest`: rules for the failures that have no type yet. Nothing is applied. */
export function addSuggest(playbooks: Command, cli: Cli): void {
  const command = addCommand(
    playbooks,
    'suggest',
    'propose a rule for each kind of failure that has no type yet, tried on the incidents on record',
  ).option('--limit <number>', 'the latest so many incidents', '1000');
  onCall<{ limit: string }>(command, cli, async ({ options, out }) => {
    const limit = parseCount('--limit', options.limit, 10_000);
    const history = await withRecords(await loadConfig(), ({ incidents }) => incidents.list({ limit }));
    const suggestions = suggestRules(history);
    for (const { pattern, incidents, occurrences, example, alsoMatches } of suggestions) {
      const also = alsoMatches.map(({ errorType, incidents: count }) => `${count} of ${errorType}`);
      out.say(`${incidents} incident(s), reported ${occurrences} time(s): ${example}`);
      out.say(`  - errorType: GIVE_IT_A_NAME\n    any: '${pattern.replaceAll("'", "''")}'`);
      if (also.length > 0) out.say(`  it would match ${also.join(', ')} as well`);
    }
    out.result(
      { ok: true, incidents: history.length, suggestions },
      `${history.length} incidents, ${suggestions.length} rule(s) proposed; nothing was changed.`,
    );
    return 0;
  });
}

/** Playbooks in force, with those of the files in their place. */
function merged(inForce: readonly Playbook[], files: readonly Playbook[]): Playbook[] {
  const names = new Set(files.map(({ name }) => name));
  return [...inForce.filter(({ name }) => !names.has(name)), ...files];
}

/** Tracebacks are not on record, so a rule that needs one can't match here. Null for rows of another program. */
function reportOfIncident({ source, task, host, target, message, severity }: IncidentView): Report | null {
  const given = Object.entries({ task, host, target, severity }).filter(
    ([, value]) => value !== null && value !== '',
  );
  const parsed = reportSchema.safeParse({ source, error: { message }, ...Object.fromEntries(given) });
  return parsed.success ? parsed.data : null;
}

const wasOf = ({ errorType, playbook, status }: IncidentView) => ({ errorType, playbook, status });
