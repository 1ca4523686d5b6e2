import { dirname } from 'node:path';
import pc from 'picocolors';
import { estateFileOf, playbookFolders } from '../settings/load-rules.ts';
import { countRules } from '../domain/report/classify.ts';
import { estateSchema, type Estate } from '../domain/estate.ts';
import { redact } from '../domain/redact/redact.ts';
import { readEstate } from '../settings/read-estate.ts';
import { readPlaybooks } from '../settings/read-playbooks.ts';
import { readConfig } from '../settings/settings.ts';
import { checkCommands } from './doctor/check-commands.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkHosts } from './doctor/check-hosts.ts';
import { checkStateFolder } from './doctor/check-state-folder.ts';
import { checkStores } from './doctor/check-stores.ts';
import { checkTelegram } from './doctor/check-telegram.ts';
import { checkTemporal } from './doctor/check-temporal.ts';
import { fail, ok, warn, type Finding } from './doctor/finding.ts';

/** Looks at every part and says what to do. @returns the exit code: 1 where something fails */
export async function runDoctor({ json }: { json: boolean }): Promise<number> {
  const config = readConfig();
  const { home } = config;
  const estateFile = estateFileOf(config);
  const { estate, finding } = checkEstate(estateFile);
  const parts = [
    [finding],
    checkCommands(estate),
    checkPlaybooks(playbookFolders(config)),
    checkStateFolder(home),
    checkTemporal(config),
    checkDatabase(config),
    checkStores(config, estate).then((one) => [one]),
    checkHosts({ estate, estateDir: dirname(estateFile ?? home), home }),
    checkTelegram(config).then((one) => [one]),
  ];
  const findings = (await Promise.all(parts.map(settled))).flat().map(withoutSecrets);
  const people = json ? process.stderr : process.stdout;
  for (const found of findings) people.write(`${lineOf(found)}\n`);
  const failed = findings.some(({ state }) => state === 'fail');
  if (json) process.stdout.write(`${JSON.stringify({ ok: !failed, findings })}\n`);
  return failed ? 1 : 0;
}

/** A check that breaks is a finding too; the others go on. */
async function settled(part: Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await part;
  } catch (error) {
    return [
      fail(
        'doctor',
        error instanceof Error ? error.message : String(error),
        'A check could not be finished.',
      ),
    ];
  }
}

function checkEstate(file: string | null): { estate: Estate; finding: Finding } {
  const nothing = estateSchema.parse({});
  const advice = 'Copy config.example/estate.yaml, change it, and set AUTOHEAL_ESTATE.';
  if (file === null)
    return {
      estate: nothing,
      finding: warn('estate', 'there is none: everything is told, nothing healed', advice),
    };
  try {
    const estate = readEstate(file);
    const counts = `${Object.keys(estate.hosts).length} hosts, ${Object.keys(estate.targets).length} targets, ${Object.keys(estate.tasks).length} tasks`;
    return { estate, finding: ok('estate', `${file}: ${counts}`) };
  } catch (error) {
    return {
      estate: nothing,
      finding: fail('estate', error instanceof Error ? error.message : String(error), 'Correct these lines.'),
    };
  }
}

function checkPlaybooks(folders: readonly string[]): Finding[] {
  try {
    const { playbooks, rules } = readPlaybooks(folders);
    return [
      ok(
        'playbooks',
        `${playbooks.length} playbooks and ${countRules(rules).rules} rules in ${folders.length} folder(s)`,
      ),
    ];
  } catch (error) {
    return [
      fail('playbooks', error instanceof Error ? error.message : String(error), 'Correct these lines.'),
    ];
  }
}

const withoutSecrets = (found: Finding): Finding => ({ ...found, detail: redact(found.detail) });

const marks = { ok: pc.green('ok  '), warn: pc.yellow('warn'), fail: pc.red('FAIL') };

function lineOf({ part, state, detail, advice }: Finding): string {
  const line = `${marks[state]}  ${part.padEnd(20)} ${detail}`;
  return advice === undefined ? line : `${line}\n${' '.repeat(27)}${advice}`;
}
