import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorTypesOf } from '../../domain/report/classify.ts';
import { estateSchema, type Estate } from '../../domain/estate.ts';
import { lintPlaybooks } from '../../domain/playbook/lint.ts';
import { readEstate } from '../../settings/read-estate.ts';
import { lineOfPlaybook } from '../../settings/playbook-yaml.ts';
import { readPlaybooks, shippedPlaybooks, type PlaybookFiles } from '../../settings/read-playbooks.ts';
import { estateFileOf } from '../../settings/load-rules.ts';
import { UsageProblem } from './output.ts';
import type { loadConfig } from './session.ts';

type Config = Awaited<ReturnType<typeof loadConfig>>;

/** The folders that a command is about: those given, else the operator's own, else the shipped one. */
export function foldersOf(args: readonly string[], config: Config): string[] {
  if (args.length === 0) return [config.AUTOHEAL_PLAYBOOKS ?? shippedPlaybooks];
  for (const folder of args) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new UsageProblem(`${folder}: is no folder of playbook files`);
  }
  return [...args];
}

/** The rules in force: the shipped ones, and those of the folders. @throws FileProblem | RuleError */
export function rulesWith(folders: readonly string[]): PlaybookFiles['rules'] {
  return readPlaybooks([...new Set([shippedPlaybooks, ...folders])]).rules;
}

/** The estate in force, or null where there is none. @throws FileProblem */
export function estateOrNull(config: Config): Estate | null {
  const file = estateFileOf(config);
  return file === null ? null : readEstate(file);
}

/** Where there is no estate file: an estate in which every target that a sample names exists. */
export function estateForSamples(targets: readonly (string | undefined)[]): Estate {
  const host = { address: '192.0.2.1', user: 'nobody', identityFile: 'none', knownHostsFile: 'none' };
  const isName = (name: string | undefined): name is string =>
    name !== undefined && /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name);
  const names = [...new Set(targets.filter(isName))];
  const entries = names.map((name): [string, object] => [name, { host: 'sample-host' }]);
  return estateSchema.parse({ hosts: { 'sample-host': host }, targets: Object.fromEntries(entries) });
}

export interface LocatedProblem {
  file: string;
  line: number;
  playbook: string;
  field: string;
  reason: string;
}

/** Reads playbook files and looks for what could never run. @throws FileProblem | RuleError */
export function lintFolders(
  folders: readonly string[],
  config: Config,
): { read: PlaybookFiles; problems: LocatedProblem[] } {
  const read = readPlaybooks(folders);
  const errorTypes = errorTypesOf(rulesWith(folders));
  const problems = lintPlaybooks(read.playbooks, { errorTypes, estate: estateOrNull(config) }).map(
    (problem) => {
      const file =
        read.files.find(({ content }) => content.playbooks?.some(({ name }) => name === problem.playbook))
          ?.file ?? dirname(folders[0] ?? '');
      return { file, line: lineOfPlaybook(file, problem.playbook, problem.field), ...problem };
    },
  );
  return { read, problems };
}

export const lineOf = ({ file, line, playbook, field, reason }: LocatedProblem): string =>
  `${file}:${line}: ${playbook}, ${field}: ${reason}`;
